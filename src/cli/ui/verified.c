/* What a service that was restarted is to have, as systemd has it. */
#include "cli/ui/verified.h"

#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_specifiers.h"

/* The library goes by the environment of the service, which is not ours. */
void verified_take_environment(const struct variables *variables)
{
	static const char *const others[] = { "KEEPALIVE_OVERRIDE", "KEEPALIVE_SANDBOXED",
					      "KEEPALIVE_CONF", "KEEPALIVE_LOG",
					      "KEEPALIVE_LOG_LEVEL" };

	for (size_t id = 0; id < OPTIONS; id++)
		for (int i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0]; i++)
			unsetenv(option_table[id].variable[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		unsetenv(others[i]);
	for (size_t i = 1; i < variables->count; i++)
		if (setenv(variables->at[i].name, variables->at[i].value, true))
			err(STATUS_FAILED, NULL);
}

bool verified_is_activated(const char *unit)
{
	char *properties = systemctl_show(unit, "TriggeredBy");
	bool activated = properties && strstr(properties, ".socket");

	free(properties);
	return activated;
}

void verified_subject(const struct enabling *plan, struct subject *subject)
{
	static char program[PATH_MAX], user[PATH_MAX];
	const struct attach_subject *line = &plan->subject;

	if (line->program && specifiers_resolve(&plan->unit, line->program, program))
		subject->name[0] = program;
	if (line->user && specifiers_resolve(&plan->unit, line->user, user))
		subject->user_known = !configuration_user(text_of(user), &subject->user);
}

/* Lines such as "Listen=127.0.0.1:80 (Stream)". */
void verified_ports(const char *unit, struct ports *ports)
{
	static const char key[] = "Listen=";
	char *lines = unit_is_socket(unit) ? systemctl_show(unit, "Listen") : NULL;
	char *rest = lines, *line;

	while (lines && (line = strsep(&rest, "\n"))) {
		const char *colon = strrchr(line, ':');
		long port = colon ? strtol(colon + 1, NULL, 10) : 0;

		if (!strncmp(line, key, strlen(key)) && strstr(line, "(Stream)") && port > 0 &&
		    port <= UINT16_MAX)
			ports->has[port] = true;
	}
	free(lines);
}
