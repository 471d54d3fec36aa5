/* Reads the files of a service. */
#include "cli/systemd/unit.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/dropin_text.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit_environment.h"
#include "cli/systemd/unit_files.h"
#include "cli/systemd/unit_name.h"

/* The state of reading, from file to file. */
struct reading {
	struct service *unit;
	const char *file;
	bool later;               /* this file is read after our drop-in */
	bool own, marked;         /* it is our drop-in; enable wrote it */
	struct assignments files; /* EnvironmentFile= */
};

static void take_variable(struct reading *reading, const char *word, unsigned int line)
{
	static const char preload[] = "LD_PRELOAD=";

	if (reading->later) {
		assignments_add(&reading->unit->later, word, reading->file, line);
	} else if (!strncmp(word, preload, strlen(preload))) {
		free(reading->unit->preload);
		reading->unit->preload = expect_memory(strdup(word + strlen(preload)));
	}
}

static void take_variables(struct reading *reading, const char *value, unsigned int line)
{
	char *word = expect_memory(malloc(strlen(value) + 1)), *other;

	while (word_read(&value, word) == WORD_READ) {
		other = reading->own ? dropin_text_other_word(word, reading->marked) : NULL;
		if (other || !reading->own)
			take_variable(reading, other ? other : word, line);
		free(other);
	}
	free(word);
}

static void empty_environment(struct reading *reading, unsigned int line)
{
	if (reading->later)
		assignments_add(&reading->unit->resets, "", reading->file, line);
	free(reading->unit->preload);
	reading->unit->preload = NULL;
}

static void take_unset(struct reading *reading, const char *value, unsigned int line)
{
	char *word = expect_memory(malloc(strlen(value) + 1));

	while (word_read(&value, word) == WORD_READ)
		assignments_add(&reading->unit->unset, word, reading->file, line);
	free(word);
}

static void add_setting(struct service *unit, const char *name, const char *value, const char *file,
			unsigned int line)
{
	char *word = text_new("%s=%s", name, value);

	assignments_add(&unit->settings, word, file, line);
	free(word);
}

/* An empty assignment cancels the earlier ones of that key. */
static void take(void *context, const char *name, const char *value, unsigned int line)
{
	struct reading *reading = context;
	struct service *unit = reading->unit;
	const char *file = reading->file;

	if (!strcmp(name, "Environment")) {
		if (*value)
			take_variables(reading, value, line);
		else
			empty_environment(reading, line);
	} else if (!strcmp(name, "UnsetEnvironment")) {
		unit->unset.count = *value ? unit->unset.count : 0;
		take_unset(reading, value, line);
	} else if (!strcmp(name, "EnvironmentFile")) {
		reading->files.count = *value ? reading->files.count : 0;
		if (*value)
			assignments_add(&reading->files, value, file, line);
	} else if (!strcmp(name, "ExecStart")) {
		unit->commands.count = *value ? unit->commands.count : 0;
		if (*value)
			assignments_add(&unit->commands, value, file, line);
	} else if (!strcmp(name, "ExecStartPre") && !*value && reading->later) {
		assignments_add(&unit->pre_resets, "", file, line);
	} else {
		add_setting(unit, name, value, file, line);
	}
}

static void read_file(struct reading *reading, const char *path)
{
	const struct root *root = reading->unit->root;
	char *content = root_read(root, path);
	char file[2 * PATH_MAX];

	if (!content) {
		/* A link to nothing hides a file of that name elsewhere. */
		if (errno != ENOENT)
			warn("%s%s", root->path, path);
		return;
	}
	snprintf(file, sizeof file, "%s%s", root->path, path);
	reading->file = file;
	reading->marked = dropin_text_is_marked(content);
	unit_file_parse(content, unit_section(reading->unit->name), take, reading);
	free(content);
}

bool unit_read(struct service *unit, const struct root *root, const char *name, const char *own,
	       struct failure *failure)
{
	struct reading reading = { .unit = unit };
	struct paths files;
	const char *own_base = strrchr(own, '/') + 1;

	*unit = (struct service){ .root = root, .name = name };
	if (!unit_files(root, name, &files, failure))
		return false;
	for (size_t i = 0; i < files.count; i++) {
		const char *base = strrchr(files.at[i], '/') + 1;

		reading.later = i > 0 && strcmp(base, own_base) > 0;
		reading.own = !strcmp(files.at[i], own);
		if (!i || reading.own || strcmp(base, own_base))
			read_file(&reading, files.at[i]);
	}
	paths_free(&files);
	for (size_t i = 0; i < reading.files.count; i++)
		unit_read_environment_file(unit, &reading.files.at[i]);
	return true;
}
