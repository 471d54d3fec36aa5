/* The control group that attach and detach are to act on: a word of the command line. */
#include "cli/ui/target.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_processes.h"
#include "cli/ui/flags.h"

/* systemd also has groups for these. */
static bool has_group(const char *word)
{
	static const char *const suffixes[] = { ".slice", ".scope", ".socket", ".mount", ".swap" };
	const char *suffix = strrchr(word, '.');

	for (size_t i = 0; suffix && i < sizeof suffixes / sizeof *suffixes; i++)
		if (!strcmp(suffix, suffixes[i]))
			return true;
	return false;
}

/* Reads the name of a unit that may run. Ends the process if the word is none. */
static void read_name(const struct verb *verb, const char *word, char name[UNIT_NAME_SIZE])
{
	struct failure failure;

	if (!has_group(word)) {
		if (!unit_name_read(word, true, name, &failure))
			flags_wrong(verb, "%s", failure.text);
	} else if (!unit_name_is_plain(word) || *word == '.' ||
		   snprintf(name, UNIT_NAME_SIZE, "%s", word) >= UNIT_NAME_SIZE) {
		flags_wrong(verb, "\"%s\" is not the name of a unit", word);
	}
	if (unit_is_template(name))
		flags_wrong(verb, "%s is a template: name an instance", name);
}

static bool open_unit(struct group *group, const struct verb *verb, const char *word,
		      struct failure *failure)
{
	char name[UNIT_NAME_SIZE], *path;
	enum unit_error error;
	bool fine;

	read_name(verb, word, name);
	error = unit_control_group(name, &path);
	if (error)
		return fail(failure, "%s: %s%s%s", word, unit_error_words(error),
			    error == UNIT_UNREADABLE ? ": " : "",
			    error == UNIT_UNREADABLE ? strerror(errno) : "");
	fine = group_at(group, path, failure);
	free(path);
	return fine;
}

/*
 * Where a unit has Delegate=, systemd may run the commands around its program in a group of their
 * own, beneath that of the unit.
 */
static bool open_own(struct group *group, struct failure *failure)
{
	static const char control[] = "/.control";
	struct group above;
	size_t length;

	if (!group_of_process(group, 0, failure))
		return false;
	length = strlen(group->path);
	if (length < sizeof control || strcmp(group->path + length + 1 - sizeof control, control))
		return true;
	if (!group_above(group, &above))
		return fail(failure, "control group %s: %s", group->path, strerror(errno));
	group_close(group);
	*group = above;
	return true;
}

void target_open(struct group *group, const struct verb *verb, const char *word, bool all)
{
	struct failure failure;
	bool fine;

	if (!word)
		fine = open_own(group, &failure);
	else if (strchr(word, '/'))
		fine = group_at(group, word, &failure);
	else
		fine = open_unit(group, verb, word, &failure);
	if (!fine)
		errx(STATUS_FAILED, "%s", failure.text);
	if (group->is_root && !all)
		errx(STATUS_FAILED,
		     "this is the root of the control groups, with every process that is in one; "
		     "--all takes it all the same");
}
