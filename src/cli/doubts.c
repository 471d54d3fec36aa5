/* What can be read in settings, but was probably not meant. */
#include "cli/doubts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/report.h"
#include "core/file.h"

enum { TEXT_SIZE = 200, MILLISECONDS_MEANT = 1000 };

#define PREFIX "KEEPALIVE_"

/* Variables of ours, and keys, besides those in the option table. */
static const char *const other_variables[] = { "CONF", "OVERRIDE", "SANDBOXED", "LOG",
					       "LOG_LEVEL" };
static const char *const other_keys[] = { "override",   "sandboxed", "log",    "log_level",
					  "program",    "role",      "remote", "remote_port",
					  "local_port", "uid" };

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* True if the word is a number without a unit, too small for what was probably meant as seconds. */
static bool is_doubtful(const struct option *option, struct text word, uint32_t *number)
{
	struct value value;

	return option->unit == UNIT_MILLISECONDS && !option_parse(option, word, &value) &&
	       value.state == VALUE_SET && text_number(&word, number) && !word.length &&
	       *number < MILLISECONDS_MEANT;
}

/* Reports a value that is doubtful, of a flag, variable or key. */
static unsigned int look_at_value(struct report place, const char *name,
				  const struct option *option, struct text word)
{
	char text[TEXT_SIZE];
	uint32_t number;

	if (!is_doubtful(option, word, &number))
		return 0;
	snprintf(text, sizeof text, "%s: %u is %ums; did you mean %us? If not, write %ums", name,
		 number, number, number, number);
	place.text = text;
	report(&place);
	return 1;
}

unsigned int doubts_of_flags(const struct wanted *wanted)
{
	const struct report nowhere = { .file = "" };
	unsigned int doubts = 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		char name[TEXT_SIZE];

		snprintf(name, sizeof name, "--%s", flag_name(&option_table[id]).at);
		if (wanted->word[id])
			doubts += look_at_value(nowhere, name, &option_table[id],
						text_trim(text_of(wanted->word[id])));
	}
	return doubts;
}

/* A variable that the library does not know, though its name is nearly one that it does. */
static unsigned int look_at_variable(const char *variable)
{
	const size_t prefix = strlen(PREFIX), length = strcspn(variable, "=");
	const struct report nowhere = { .file = "" };
	struct report found = nowhere;
	struct nearest nearest;
	char text[TEXT_SIZE];

	if (strncmp(variable, PREFIX, prefix))
		return 0;
	nearest = nearest_to((struct text){ variable + prefix, length - prefix });
	for (size_t id = 1; id < OPTIONS; id++)
		nearest_try(&nearest, option_table[id].variable[0] + prefix);
	for (size_t i = 0; i < COUNT(other_variables); i++)
		nearest_try(&nearest, other_variables[i]);
	if (!nearest.name || text_equals(nearest.word, nearest.name))
		return 0;
	snprintf(text, sizeof text, "%.*s is not a variable%s", (int)length, variable,
		 nearest_suggestion(&nearest, PREFIX).at);
	found.text = text;
	report(&found);
	return 1;
}

unsigned int doubts_of_environment(void)
{
	const struct report nowhere = { .file = "" };
	unsigned int doubts = 0;

	for (size_t id = 0; id < OPTIONS; id++)
		for (int i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0]; i++) {
			const char *name = option_table[id].variable[i], *word = getenv(name);

			if (word)
				doubts += look_at_value(nowhere, name, &option_table[id],
							text_trim(text_of(word)));
		}
	for (char **variable = environ; variable && *variable; variable++)
		doubts += look_at_variable(*variable);
	return doubts;
}

static unsigned int look_at_line(const char *path, unsigned int number, struct text line)
{
	struct text content = file_line_content(line);
	size_t equals = text_find(content, '=');
	struct text key = text_trim(text_head(content, equals)), word;
	unsigned int doubts = 0;

	if (equals == content.length)
		return 0;
	word = text_trim(text_tail(content, equals + 1));
	for (size_t id = 0; id < OPTIONS; id++)
		if (text_equals(key, option_table[id].key))
			doubts += look_at_value(
				(struct report){ path, number,
						 (unsigned int)(word.at - line.at) + 1, NULL },
				option_table[id].key, &option_table[id], word);
	return doubts;
}

unsigned int doubts_of_file(const char *path)
{
	unsigned int doubts = 0, number = 0;
	struct stat status;
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	FILE *file;

	/* What is no file, or not to be read, is an error that others report. */
	if (!*path || stat(path, &status) || !S_ISREG(status.st_mode) || status.st_size > FILE_MAX)
		return 0;
	file = fopen(path, "re");
	if (!file)
		return 0;
	while ((length = getline(&line, &size, file)) > 0) {
		struct text text = { line, (size_t)length - (line[length - 1] == '\n') };

		doubts += look_at_line(path, ++number, text);
	}
	free(line);
	fclose(file);
	return doubts;
}

unsigned int doubts_of_all(const struct wanted *wanted, const char *path)
{
	return doubts_of_flags(wanted) + doubts_of_environment() + doubts_of_file(path);
}

struct suggestion doubts_suggest_key(struct text key)
{
	struct nearest nearest = nearest_to(key);

	for (size_t id = 0; id < OPTIONS; id++)
		nearest_try(&nearest, option_table[id].key);
	for (size_t i = 0; i < COUNT(other_keys); i++)
		nearest_try(&nearest, other_keys[i]);
	return nearest_suggestion(&nearest, "");
}
