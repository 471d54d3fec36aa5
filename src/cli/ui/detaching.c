/* Takes BPF programs back from a unit that runs. */
#include "cli/ui/detaching.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/groups/programs.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"

/* A group that is gone took its programs along. */
static bool detach_from(const char *path)
{
	struct group group = { .fd = -1 };
	struct failure failure;
	bool found = false, done = group_at(&group, path, &failure);

	if (!done && errno == ENOENT)
		return true;
	if (done)
		done = programs_detach(&group, &found, &failure);
	group_close(&group);
	if (!done)
		warnx("%s: its BPF programs, if it has any, stay until the unit stops, or until "
		      "root calls keepalive detach",
		      failure.text);
	else if (found)
		printf("detached from %s\n", path);
	return done;
}

bool detach_from_unit(const char *unit, bool dry_run)
{
	static const char key[] = "ControlGroup=";
	const char *at = strchr(unit, '@');
	char pattern[UNIT_NAME_SIZE + 1], *lines, *rest, *line;
	bool done = true;

	if (unit_is_template(unit))
		snprintf(pattern, sizeof pattern, "%.*s*%s", (int)(at + 1 - unit), unit, at + 1);
	else
		snprintf(pattern, sizeof pattern, "%s", unit);
	rest = lines = systemctl_show(pattern, "ControlGroup");
	if (!lines) {
		warnx("%s: systemd does not answer: BPF programs, if it has any, stay until the "
		      "unit stops, or until root calls keepalive detach",
		      unit);
		return false;
	}
	while ((line = strsep(&rest, "\n"))) {
		if (strncmp(line, key, strlen(key)) || !line[strlen(key)])
			continue;
		if (dry_run)
			printf("would detach from %s\n", line + strlen(key));
		else
			done &= detach_from(line + strlen(key));
	}
	free(lines);
	return done;
}
