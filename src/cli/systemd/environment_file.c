/* The syntax of environment files, which EnvironmentFile= names. */
#include "cli/systemd/environment_file.h"

#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"

/* An environment file is read as a shell would, but for what a shell would run. */
struct environment_file {
	enum { BEFORE_NAME, NAME, COMMENT, BEFORE_VALUE, VALUE, SINGLE, DOUBLE } state;
	char *name, *value;
	size_t name_length, value_length;
	size_t kept; /* of the value: what is not blanks at its end */
	unsigned int line, begin;
	assignment_take *take;
	void *context;
};

static void add_to_value(struct environment_file *file, char character, bool keep)
{
	file->value[file->value_length++] = character;
	if (keep)
		file->kept = file->value_length;
}

static void end_assignment(struct environment_file *file)
{
	file->name[file->name_length] = 0;
	file->value[file->kept] = 0;
	if (file->state >= BEFORE_VALUE)
		file->take(file->context, blanks_strip(file->name), file->value, file->begin);
	file->state = BEFORE_NAME;
	file->name_length = file->value_length = file->kept = 0;
}

static void take_name_character(struct environment_file *file, char character)
{
	if (file->state == COMMENT) {
		if (character == '\n')
			file->state = BEFORE_NAME;
	} else if (character == '\n') {
		end_assignment(file);
	} else if (file->state == BEFORE_NAME && strchr("#;", character)) {
		file->state = COMMENT;
	} else if (file->state == NAME && character == '=') {
		file->state = BEFORE_VALUE;
	} else if (file->state == NAME || !strchr(BLANKS, character)) {
		if (file->state == BEFORE_NAME)
			file->begin = file->line;
		file->state = NAME;
		file->name[file->name_length++] = character;
	}
}

static void take_value_character(struct environment_file *file, char character)
{
	bool blank = strchr(BLANKS, character) != NULL;

	if (file->state == SINGLE || file->state == DOUBLE) {
		if (character == (file->state == SINGLE ? '\'' : '"'))
			file->state = BEFORE_VALUE;
		else
			add_to_value(file, character, true);
	} else if (character == '\n') {
		end_assignment(file);
	} else if (file->state == BEFORE_VALUE && (character == '\'' || character == '"')) {
		file->state = character == '"' ? DOUBLE : SINGLE;
	} else if (file->state == VALUE || !blank) {
		file->state = VALUE;
		add_to_value(file, character, !blank);
	}
}

/* What comes after a backslash in a value or a comment; a newline there continues the line. */
static void take_escaped(struct environment_file *file, char character)
{
	if (file->state == COMMENT)
		return;
	if (character != '\n') {
		if (file->state == DOUBLE && !strchr("\"\\`$", character))
			add_to_value(file, '\\', true);
		add_to_value(file, character, true);
	}
	if (file->state == BEFORE_VALUE)
		file->state = VALUE;
}

void environment_file_parse(const char *content, assignment_take *take, void *context)
{
	struct environment_file file = { .line = 1, .take = take, .context = context };
	size_t size = strlen(content) + 1;

	file.name = expect_memory(malloc(size));
	file.value = expect_memory(malloc(size));
	for (; *content; content++) {
		bool takes_escapes = file.state >= COMMENT && file.state != SINGLE;

		if (*content == '\\' && content[1] && takes_escapes)
			take_escaped(&file, *++content);
		else if (file.state < BEFORE_VALUE)
			take_name_character(&file, *content);
		else
			take_value_character(&file, *content);
		if (*content == '\n')
			file.line++;
	}
	end_assignment(&file);
	free(file.name);
	free(file.value);
}
