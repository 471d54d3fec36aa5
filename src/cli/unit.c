/* A service of systemd: its name, and what its files say that concerns preloading. */
#include "cli/unit.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/flags.h"
#include "cli/memory.h"
#include "cli/syntax.h"
#include "cli/unit_files.h"

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
		flags_wrong(verb, "%s: a unit is named without its folder", word);
	if (!*word || *word == '@' || (suffix == word && !*missing) ||
	    word[strspn(word, characters)])
		flags_wrong(verb, "\"%s\" is not the name of a unit", word);
	if (snprintf(name, UNIT_NAME_SIZE, "%s%s", word, missing) >= UNIT_NAME_SIZE)
		flags_wrong(verb, "%s: the name is too long for a unit", word);
}

static void list_add(struct said_list *list, const char *word, const char *file, unsigned int line)
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
	struct said_list commands;
};

static void take_variable(struct reading *reading, const char *word, unsigned int line)
{
	static const char preload[] = "LD_PRELOAD=";

	if (reading->later) {
		list_add(&reading->unit->later, word, reading->file, line);
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
		list_add(&reading->unit->resets, "", reading->file, line);
	free(reading->unit->preload);
	reading->unit->preload = NULL;
}

static void take_unset(struct reading *reading, const char *value, unsigned int line)
{
	char *word = expect_memory(malloc(strlen(value) + 1));

	while (word_read(&value, word) == WORD_READ)
		list_add(&reading->unit->unset, word, reading->file, line);
	free(word);
}

static void set(struct said *said, const char *value, const char *file, unsigned int line)
{
	*said = (struct said){ expect_memory(strdup(value)), expect_memory(strdup(file)), line };
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
			list_add(&reading->files, value, file, line);
	} else if (!strcmp(name, "ExecStart")) {
		reading->commands.count = *value ? reading->commands.count : 0;
		if (*value)
			list_add(&reading->commands, value, file, line);
	} else if (!strcmp(name, "ProtectHome")) {
		set(&unit->protect_home, value, file, line);
	} else if (!strcmp(name, "PrivateTmp")) {
		set(&unit->private_tmp, value, file, line);
	} else if (!strcmp(name, "DynamicUser")) {
		set(&unit->dynamic_user, value, file, line);
	}
}

/* What a specifier stands for in units of the system; false for what only systemd knows. */
static bool specifier(const char *name, char letter, char value[PATH_MAX])
{
	static const char letters[] = "%ECLStTVh";
	static const char *const words[] = { "%",    "/etc", "/var/cache", "/var/log", "/var/lib",
					     "/run", "/tmp", "/var/tmp",   "/root" };
	const char *suffix = strrchr(name, '.'), *at = strchr(name, '@');
	const char *found = letter ? strchr(letters, letter) : NULL;
	const char *end = at ? at : suffix, *dash = memrchr(name, '-', (size_t)(end - name));

	if (found)
		return snprintf(value, PATH_MAX, "%s", words[found - letters]) > 0;
	switch (letter) {
	case 'n':
		return snprintf(value, PATH_MAX, "%s", name) > 0;
	case 'N':
		return snprintf(value, PATH_MAX, "%.*s", (int)(suffix - name), name) > 0;
	case 'p':
		return snprintf(value, PATH_MAX, "%.*s", (int)(end - name), name) > 0;
	case 'j':
		dash = dash ? dash + 1 : name;
		return snprintf(value, PATH_MAX, "%.*s", (int)(end - dash), dash) >= 0;
	case 'i':
		/* Of a template nobody knows yet. */
		return !at ? !(*value = 0)
			   : snprintf(value, PATH_MAX, "%.*s", (int)(suffix - at - 1), at + 1) > 0;
	default:
		return false;
	}
}

/* A word with its specifiers resolved; false where one is not known, or it gets too long. */
static bool resolve_specifiers(const char *name, const char *word, char resolved[PATH_MAX])
{
	size_t length = 0;

	for (; *word; word++) {
		char value[PATH_MAX] = { *word };

		if (*word == '%' && !specifier(name, *++word, value))
			return false;
		if (length + strlen(value) >= PATH_MAX)
			return false;
		strcpy(resolved + length, value);
		length += strlen(value);
	}
	resolved[length] = 0;
	return length > 0;
}

struct variables {
	struct service *unit;
	const char *file;
};

static void take_from_file(void *context, const char *name, const char *value, unsigned int line)
{
	const struct variables *variables = context;
	char *word;

	if (asprintf(&word, "%s=%s", name, value) < 0)
		err(STATUS_FAILED, NULL);
	list_add(&variables->unit->from_files, word, variables->file, line);
	free(word);
}

static void not_known(const struct said *said)
{
	warnx("%s:%u: what EnvironmentFile=%s sets is not known", said->file, said->line,
	      said->word);
}

static void read_variables(struct service *unit, const struct said *said, const char *path)
{
	char *content = root_read(unit->root, path);
	char file[2 * PATH_MAX];

	if (!content) {
		/* systemd goes without it, or does not start the service: it sets nothing. */
		if (errno != ENOENT)
			not_known(said);
		return;
	}
	snprintf(file, sizeof file, "%s%s", unit->root->path, path);
	environment_file_parse(content, take_from_file, &(struct variables){ unit, file });
	free(content);
}

static int is_match(const char *pattern, const char *name)
{
	return (*pattern == '.' || *name != '.') && !fnmatch(pattern, name, FNM_PERIOD);
}

/* All files of a folder whose names match, in their order. */
static void read_matches(struct service *unit, const struct said *said, char *path)
{
	char *pattern = strrchr(path, '/');
	char file[2 * PATH_MAX];
	struct dirent **entries;
	int fd, count = -1;

	*pattern++ = 0;
	fd = root_open(unit->root, path, O_RDONLY | O_DIRECTORY);
	if (fd >= 0)
		count = scandirat(fd, ".", &entries, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		if (is_match(pattern, entries[i]->d_name)) {
			snprintf(file, sizeof file, "%s/%s", path, entries[i]->d_name);
			read_variables(unit, said, file);
		}
		free(entries[i]);
	}
	if (count >= 0)
		free(entries);
	if (fd >= 0)
		close(fd);
}

static void read_environment_file(struct service *unit, const struct said *said)
{
	const char *word = said->word + (*said->word == '-');
	char path[PATH_MAX];
	size_t folder;

	if (!resolve_specifiers(unit->name, word, path) || *path != '/') {
		not_known(said);
		return;
	}
	folder = (size_t)(strrchr(path, '/') - path);
	if (strcspn(path, "*?[") < folder)
		not_known(said);
	else if (strpbrk(path, "*?["))
		read_matches(unit, said, path);
	else
		read_variables(unit, said, path);
}

/* The program that a line of ExecStart= begins with, if that can be told. */
static void take_program(struct service *unit, const struct said *said)
{
	const char *value = said->word;
	char *word = expect_memory(malloc(strlen(value) + 1));
	char path[PATH_MAX];

	if (word_read(&value, word) == WORD_READ &&
	    resolve_specifiers(unit->name, word + strspn(word, "@-:+!|"), path))
		list_add(&unit->programs, path, said->file, said->line);
	free(word);
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
		read_environment_file(unit, &reading.files.at[i]);
	for (size_t i = 0; i < reading.commands.count; i++)
		take_program(unit, &reading.commands.at[i]);
}
