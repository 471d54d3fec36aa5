/* A service of systemd: its name, and what its files say that concerns preloading. */
#include "cli/systemd/unit.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ui/flags.h"
#include "cli/base/memory.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit_files.h"

/* Kinds of units, and whether one of them starts a service. */
static const struct kind {
	const char *suffix;
	bool starts_service;
} kinds[] = {
	{ ".socket", true },     { ".timer", true },  { ".path", true },    { ".device", false },
	{ ".mount", false },     { ".swap", false },  { ".target", false }, { ".slice", false },
	{ ".automount", false }, { ".scope", false },
};

static void refuse_kind(const struct verb *verb, const char *word, const char *suffix)
{
	for (size_t i = 0; suffix && i < sizeof kinds / sizeof *kinds; i++) {
		if (strcmp(suffix, kinds[i].suffix))
			continue;
		if (kinds[i].starts_service)
			flags_wrong(verb,
				    "%s is a %s: name the service that it activates, such as "
				    "%.*s.service",
				    word, suffix + 1, (int)(suffix - word), word);
		flags_wrong(verb, "%s is a %s: name a service", word, suffix + 1);
	}
}

void unit_name_read(const struct verb *verb, const char *word, char name[UNIT_NAME_SIZE])
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789:-_.\\@";
	const char *suffix = strrchr(word, '.');
	const char *missing = suffix && !strcmp(suffix, ".service") ? "" : ".service";

	refuse_kind(verb, word, suffix);
	if (strchr(word, '/'))
		flags_wrong(verb, "%s: name the unit without its directory", word);
	if (!*word || *word == '@' || (suffix == word && !*missing) ||
	    word[strspn(word, characters)])
		flags_wrong(verb, "\"%s\" is not the name of a unit", word);
	if (snprintf(name, UNIT_NAME_SIZE, "%s%s", word, missing) >= UNIT_NAME_SIZE)
		flags_wrong(verb, "%s: the name is too long for a unit", word);
}

bool unit_is_template(const char *name)
{
	const char *at = strchr(name, '@');

	return at && at[1] == '.';
}

void said_add(struct said_list *list, const char *word, const char *file, unsigned int line)
{
	list->at = expect_memory(reallocarray(list->at, list->count + 1, sizeof *list->at));
	list->at[list->count++] = (struct said){ .word = expect_memory(strdup(word)),
						 .file = expect_memory(strdup(file)),
						 .line = line };
}

const struct said *said_of(const struct said_list *list, const char *variable)
{
	size_t length = strlen(variable);

	for (size_t i = list->count; i > 0; i--)
		if (!strncmp(list->at[i - 1].word, variable, length) &&
		    list->at[i - 1].word[length] == '=')
			return &list->at[i - 1];
	return NULL;
}

/* What is gathered on the way through the files. */
struct reading {
	struct service *unit;
	const char *file;
	bool later;             /* this file is read behind our drop-in */
	struct said_list files; /* EnvironmentFile= */
};

static void take_variable(struct reading *reading, const char *word, unsigned int line)
{
	static const char preload[] = "LD_PRELOAD=";

	if (reading->later) {
		said_add(&reading->unit->later, word, reading->file, line);
	} else if (!strncmp(word, preload, strlen(preload))) {
		free(reading->unit->preload);
		reading->unit->preload = expect_memory(strdup(word + strlen(preload)));
	}
}

static void take_variables(struct reading *reading, const char *value, unsigned int line)
{
	char *word = expect_memory(malloc(strlen(value) + 1));

	while (word_read(&value, word) == WORD_READ)
		take_variable(reading, word, line);
	free(word);
}

static void empty_environment(struct reading *reading, unsigned int line)
{
	if (reading->later)
		said_add(&reading->unit->resets, "", reading->file, line);
	free(reading->unit->preload);
	reading->unit->preload = NULL;
}

static void take_unset(struct reading *reading, const char *value, unsigned int line)
{
	char *word = expect_memory(malloc(strlen(value) + 1));

	while (word_read(&value, word) == WORD_READ)
		said_add(&reading->unit->unset, word, reading->file, line);
	free(word);
}

static void add_setting(struct service *unit, const char *name, const char *value, const char *file,
			unsigned int line)
{
	char *word;

	if (asprintf(&word, "%s=%s", name, value) < 0)
		err(STATUS_FAILED, NULL);
	said_add(&unit->settings, word, file, line);
	free(word);
}

/* An empty assignment takes back what was said in the same words before. */
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
			said_add(&reading->files, value, file, line);
	} else if (!strcmp(name, "ExecStart")) {
		unit->commands.count = *value ? unit->commands.count : 0;
		if (*value)
			said_add(&unit->commands, value, file, line);
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
	unit_file_parse(content, "Service", take, reading);
	free(content);
}

void unit_read(struct service *unit, const struct root *root, const char *name, const char *own)
{
	struct paths files = unit_files(root, name);
	struct reading reading = { .unit = unit };

	*unit = (struct service){ .root = root, .name = name };
	for (size_t i = 0; i < files.count; i++) {
		const char *base = strrchr(files.at[i], '/') + 1;

		reading.later = i > 0 && strcmp(base, own) > 0;
		if (!i || strcmp(base, own))
			read_file(&reading, files.at[i]);
	}
	paths_free(&files);
	for (size_t i = 0; i < reading.files.count; i++)
		unit_read_environment_file(unit, &reading.files.at[i]);
}
