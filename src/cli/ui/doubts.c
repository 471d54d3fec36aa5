/* What can be read in settings, but was probably not meant. */
#include "cli/ui/doubts.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ui/report.h"
#include "core/conditions.h"
#include "core/environment.h"
#include "core/keys.h"

enum { TEXT_SIZE = 300 };

#define PREFIX "KEEPALIVE_"

unsigned int doubts_of_flags(const struct wanted *wanted)
{
	unsigned int doubts = 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];
		const char *word = wanted->word[id];
		struct error error = { .word = text_trim(text_of(word ? word : "")) };
		struct line line = { 0 };
		char text[TEXT_SIZE];

		if (!word || !(error.code = option_doubt(option, error.word)))
			continue;
		error_write_reason(&error, &line);
		snprintf(text, sizeof text, "--%s: %.*s", flag_name(option).at, (int)line.length,
			 line.at);
		report(&(struct report){ .file = "", .text = text });
		doubts++;
	}
	return doubts;
}

/* A variable that the library does not know, though its name is nearly one that it does. */
static unsigned int look_at_variable(const char *variable)
{
	const size_t prefix = strlen(PREFIX), length = strcspn(variable, "=");
	struct nearest nearest;
	char text[TEXT_SIZE];

	if (strncmp(variable, PREFIX, prefix))
		return 0;
	nearest = nearest_to((struct text){ variable + prefix, length - prefix });
	for (size_t i = 0; environment_name(i); i++)
		if (!strncmp(environment_name(i), PREFIX, prefix))
			nearest_try(&nearest, environment_name(i) + prefix);
	if (!nearest.name || text_equals(nearest.word, nearest.name))
		return 0;
	snprintf(text, sizeof text, "%.*s is not a variable%s", (int)length, variable,
		 nearest_suggestion(&nearest, PREFIX).at);
	report(&(struct report){ .file = "", .text = text });
	return 1;
}

unsigned int doubts_of_environment(void)
{
	unsigned int doubts = 0;

	for (char **variable = environ; variable && *variable; variable++)
		doubts += look_at_variable(*variable);
	return doubts;
}

struct suggestion doubts_suggest_key(struct text key)
{
	struct nearest nearest = nearest_to(key);

	for (size_t i = 0; key_name(i); i++)
		nearest_try(&nearest, key_name(i));
	for (size_t i = 0; condition_name(i); i++)
		nearest_try(&nearest, condition_name(i));
	return nearest_suggestion(&nearest, "");
}
