/* The line of a drop-in by which systemd runs keepalive attach before a unit starts. */
#include "cli/systemd/attach_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_specifiers.h"

/* Failure does not matter; as root, outside of most sandboxes. */
#define PREFIX "-+"
#define PREFIXES "@-:+!|"

static char *user_of(const struct service *unit)
{
	const struct assignment *user = assignments_find(&unit->settings, "User");

	/* systemd takes a number that is free when the service starts. */
	if (assignments_switch(&unit->settings, "DynamicUser"))
		return NULL;
	return expect_memory(
		strdup(user && *assignment_value(user) ? assignment_value(user) : "0"));
}

/* The base name of the program of the first command. */
static char *program_of(const struct service *unit)
{
	const char *value = unit->commands.count ? unit->commands.at[0].word : "";
	char *word = expect_memory(malloc(strlen(value) + 1)), *program = NULL;

	if (word_read(&value, word) == WORD_READ)
		program = expect_memory(strdup(basename(word + strspn(word, PREFIXES))));
	free(word);
	if (program && !*program) {
		free(program);
		program = NULL;
	}
	return program;
}

/* The service that a socket starts: foo.service, foo@.service, or another one. */
static void name_service(const struct service *socket, char name[PATH_MAX])
{
	const struct assignment *service = assignments_find(&socket->settings, "Service");
	int length = (int)(strrchr(socket->name, '.') - socket->name);

	if (!service || !specifiers_resolve(socket, assignment_value(service), name))
		snprintf(name, PATH_MAX, "%.*s%s.service", length, socket->name,
			 assignments_switch(&socket->settings, "Accept") ? "@" : "");
}

struct attach_subject attach_subject_of(const struct service *unit)
{
	struct failure failure;
	struct service service = *unit;
	char name[PATH_MAX];

	if (unit_is_socket(unit->name)) {
		name_service(unit, name);
		if (!unit_read(&service, unit->root, name, "/" DROPIN_NAME, &failure))
			return (struct attach_subject){ NULL, NULL };
	}
	return (struct attach_subject){ .program = program_of(&service),
					.user = user_of(&service) };
}

/* systemd puts a variable of the unit in place of $NAME in an argument. */
static char *without_variables(const char *word)
{
	char *whole = expect_memory(malloc(2 * strlen(word) + 1)), *to = whole;

	do {
		if (*word == '$')
			*to++ = '$';
		*to++ = *word;
	} while (*word++);
	return whole;
}

static void write_flag(FILE *to, const char *flag, const char *argument)
{
	char *plain = argument ? without_variables(argument) : NULL;
	char *quoted = plain ? word_quote(plain) : NULL;

	if (quoted)
		fprintf(to, " %s %s", flag, quoted);
	free(quoted);
	free(plain);
}

char *attach_line(const char *command, const struct attach_subject *subject)
{
	char *path = word_without_specifiers(command), *first = text_new(PREFIX "%s", path);
	char *quoted = word_quote(first), *line;
	size_t size;
	FILE *to = expect_memory(open_memstream(&line, &size));

	fprintf(to, "ExecStartPre=%s attach --self", quoted);
	write_flag(to, "--program", subject->program);
	write_flag(to, "--uid", subject->user);
	fputc('\n', to);
	fclose(to);
	free(quoted);
	free(first);
	free(path);
	return line;
}

bool attach_line_is_ours(const char *value)
{
	static const char *const expected[] = { "keepalive", "attach", "--self" };
	char *word = expect_memory(malloc(strlen(value) + 1));
	size_t i = 0;

	while (i < 3 && word_read(&value, word) == WORD_READ &&
	       !strcmp(i ? word : basename(word + strspn(word, PREFIXES)), expected[i]))
		i++;
	free(word);
	return i == 3;
}

static void look_at(void *context, const char *name, const char *value, unsigned int line)
{
	bool *found = context;

	(void)line;
	*found |= !strcmp(name, "ExecStartPre") && attach_line_is_ours(value);
}

bool attach_line_is_in(const char *content, const char *unit)
{
	bool found = false;

	unit_file_parse(content, unit_section(unit), look_at, &found);
	return found;
}
