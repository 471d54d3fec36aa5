/* keepalive enable: a drop-in that gives a service of systemd the library and its settings. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/dropin.h"
#include "cli/library.h"
#include "cli/doubts.h"
#include "cli/memory.h"
#include "cli/syntax.h"
#include "cli/systemctl.h"
#include "cli/unit.h"
#include "cli/unit_files.h"
#include "cli/wanted.h"

enum { FLAG_RUNTIME = FLAG_OWN, FLAG_ROOT, FLAG_LIBRARY };

enum { VARIABLES_MAX = OPTIONS + 6 };

static const struct flag flags[] = {
	{ FLAG_RUNTIME, 0, "runtime", NULL, "until the next boot" },
	{ FLAG_ROOT, 0, "root", "DIR", "in an image of a system; nothing is reloaded" },
	{ FLAG_LIBRARY, 0, "library", "FILE", "the library, where it is not installed" },
	{ 0 },
};

/* What Environment= is to set. */
struct variable {
	const char *name;
	char *value; /* as systemd has it before it resolves specifiers */
};

struct enable {
	struct wanted wanted;
	bool runtime;
	const char *folder, *named_library;
	char name[UNIT_NAME_SIZE];
	struct root root;
	struct service unit;
	struct dropin dropin;
	struct library library;
	int variables;
	struct variable variable[VARIABLES_MAX];
	bool refused;
};

static void read_command_line(const struct verb *verb, int argc, char **argv, struct enable *enable)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(&enable->wanted, verb, flag, argument))
			continue;
		if (flag == FLAG_RUNTIME)
			enable->runtime = true;
		else if (flag == FLAG_ROOT)
			enable->folder = argument;
		else
			enable->named_library = argument;
	}
	flags_operands(verb, argc, 1, 1);
	unit_name_read(verb, argv[optind], enable->name);
	if (enable->folder && enable->named_library && *enable->named_library != '/')
		flags_wrong(verb, "--library: with --root it is a path in the image, from / on");
	if (enable->folder && enable->wanted.config && *enable->wanted.config &&
	    *enable->wanted.config != '/')
		flags_wrong(verb, "--config: with --root it is a path in the image, from / on");
}

static bool is_there(const struct root *root, const char *path)
{
	char resolved[PATH_MAX];

	return root_resolve(root, path, resolved);
}

static void find_library(struct enable *enable)
{
	const char *named = enable->named_library;
	struct library *library = &enable->library;
	char *path = named ? path_absolute(named, STATUS_FAILED) : NULL;

	if (path && !enable->root.is_image && access(path, F_OK))
		err(STATUS_FAILED, "%s", named);
	library_find(library, path, enable->root.path);
	free(path);
	if (!library_can_be_preloaded(library))
		errx(STATUS_FAILED, "%s: LD_PRELOAD takes no path with a space or colon in it",
		     library->preload);
	library->found = is_there(&enable->root, library->path) ||
			 (library->for_all && is_there(&enable->root, library->other));
	if (!library->found)
		warnx("%s%s: the library is not there", enable->root.path, library->path);
}

static void set(struct enable *enable, const char *name, char *value)
{
	if (!word_is_value(value))
		errx(STATUS_FAILED, "%s: systemd takes only UTF-8 without control characters",
		     name);
	enable->variable[enable->variables++] = (struct variable){ name, value };
}

static void set_wanted(void *context, const char *name, const char *word)
{
	struct enable *enable = context;
	char *path = NULL;

	if (!strcmp(name, "KEEPALIVE_CONF") && *word) {
		path = path_absolute(word, STATUS_FAILED);
		if (!is_there(&enable->root, path)) {
			if (!enable->root.is_image)
				err(STATUS_FAILED, "%s", word);
			warnx("%s%s: the configuration file is not there", enable->root.path, path);
		}
	}
	set(enable, name, word_without_specifiers(path ? path : word));
	free(path);
}

/* What executable_obstacle says, with the library's file as it lies here. NULL: nothing. */
static const char *obstacle_of(const struct enable *enable, const char *library,
			       const struct executable *executable)
{
	const char *root = enable->root.path;
	char path[PATH_MAX], file[2 * PATH_MAX];

	/* Where it is not there the program itself has at least the right architecture. */
	if (enable->library.found && root_resolve(&enable->root, library, path))
		snprintf(file, sizeof file, "%s%s", root, path);
	else
		snprintf(file, sizeof file, "%s%s", root, executable->path);
	return executable_obstacle(executable, file);
}

/* Says what would keep the library out of the programs; true if the loader of one is musl's. */
static bool look_at_programs(const struct enable *enable)
{
	const struct said_list *programs = &enable->unit.programs;
	bool any_musl = false;

	for (size_t i = 0; i < programs->count; i++) {
		struct executable executable;
		char path[PATH_MAX];
		const char *obstacle;

		if (!executable_find_below(&enable->root, programs->at[i].word, path) ||
		    !executable_read(path, &enable->root, &executable))
			continue;
		obstacle = obstacle_of(enable, enable->library.path, &executable);
		if (obstacle && enable->library.for_all)
			obstacle = obstacle_of(enable, enable->library.other, &executable);
		if (obstacle)
			warnx("%s: %s", programs->at[i].word, obstacle);
		else if (executable.has_seccomp && !enable->wanted.sandboxed)
			warnx("%s: %s", programs->at[i].word, executable_sandbox);
		any_musl |= executable.is_musl;
	}
	return any_musl;
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcasecmp(word, *words))
		words++;
	return *words;
}

static bool is_below(const char *path, const char *const *folders)
{
	for (; *folders; folders++) {
		size_t length = strlen(*folders);

		if (!strncmp(path, *folders, length) && path[length] == '/')
			return true;
	}
	return false;
}

/* Says so where the service is not to see the folder that the library is in. */
static void look_at_place(const struct enable *enable, const struct said *said, const char *key,
			  const char *const *hiding, const char *const *folders)
{
	if (said->word && is_one_of(said->word, hiding) && is_below(enable->library.path, folders))
		warnx("%s:%u: %s=%s hides %s from the service", said->file, said->line, key,
		      said->word, enable->library.path);
}

static void look_at_places(const struct enable *enable)
{
	static const char *const yes[] = {
		"1", "yes", "y", "true", "t", "on", "disconnected", NULL
	};
	static const char *const home[] = { "1", "yes", "y", "true", "t", "on", "tmpfs", NULL };
	static const char *const homes[] = { "/home", "/root", "/run/user", NULL };
	static const char *const temporary[] = { "/tmp", "/var/tmp", NULL };
	const struct service *unit = &enable->unit;

	look_at_place(enable, &unit->protect_home, "ProtectHome", home, homes);
	look_at_place(enable, &unit->private_tmp, "PrivateTmp", yes, temporary);
	look_at_place(enable, &unit->dynamic_user, "DynamicUser", yes, temporary);
}

static void set_variables(struct enable *enable, bool for_musl)
{
	const struct library *library = &enable->library;
	char *own = word_without_specifiers(for_musl ? library->path : library->preload);
	char *preload = expect_memory(preload_with(enable->unit.preload, own));

	free(own);
	set(enable, "LD_PRELOAD", preload);
	wanted_variables(&enable->wanted, set_wanted, enable);
	if (enable->wanted.settings.value[OPTION_KEEPALIVE].state == VALUE_SET &&
	    !enable->wanted.settings.value[OPTION_KEEPALIVE].number)
		warnx("KEEPALIVE: it is off: the library does nothing");
}

static void refuse(struct enable *enable, const struct said *said, const char *what,
		   const char *instead)
{
	warnx("%s:%u: %s: %s", said->file, said->line, what, instead);
	enable->refused = true;
}

static const char *value_of(const struct said *said)
{
	return strchr(said->word, '=') + 1;
}

/* What UnsetEnvironment= has of a variable; NULL where it stays. */
static const struct said *unset_of(const struct service *unit, const struct variable *variable)
{
	size_t length = strlen(variable->name);

	for (size_t i = 0; i < unit->unset.count; i++) {
		const char *word = unit->unset.at[i].word;

		if (!strncmp(word, variable->name, length) &&
		    (!word[length] ||
		     (word[length] == '=' && !strcmp(word + length + 1, variable->value))))
			return &unit->unset.at[i];
	}
	return NULL;
}

/* What would undo the drop-in as a whole, or keep the library out. */
static void look_for_reversals(struct enable *enable)
{
	const struct service *unit = &enable->unit;
	const struct said *later = said_of(&unit->later, "LD_PRELOAD");
	const struct said *file = said_of(&unit->from_files, "LD_PRELOAD");
	const struct said *unset = unset_of(unit, &enable->variable[0]);

	for (size_t i = 0; i < unit->resets.count; i++)
		refuse(enable, &unit->resets.at[i], "Environment= is emptied behind " DROPIN_NAME,
		       "give that file a name that sorts before it");
	if (later && !preload_has_library(value_of(later)))
		refuse(enable, later, "LD_PRELOAD is set behind " DROPIN_NAME,
		       "name the library there as well, or give that file a name that sorts before "
		       "it");
	if (file && !preload_has_library(value_of(file)))
		refuse(enable, file, "LD_PRELOAD is set, which wins over a drop-in",
		       "name the library there as well, or move it into Environment= of the unit");
	if (unset)
		refuse(enable, unset, "UnsetEnvironment= takes LD_PRELOAD away",
		       "change that first");
}

/* Refuses where systemd would take the file at `path` in place of ours. */
static void look_for_rival(struct enable *enable, const char *folder, const char *path)
{
	const char *root = enable->root.path, *unit = strrchr(folder, '/') + 1;

	switch (dropin_look_at(&enable->root, path)) {
	case DROPIN_OURS:
		warnx("%s%s would hide it: keepalive disable %.*s first", root, path,
		      (int)strlen(unit) - 2, unit);
		break;
	case DROPIN_FOREIGN:
		warnx("%s%s would hide it: remove that first", root, path);
		break;
	default:
		return;
	}
	enable->refused = true;
}

/* Of files of one name systemd reads that in the first folder. */
static void look_for_namesakes(struct enable *enable)
{
	struct paths folders = unit_dropin_folders(enable->name);
	bool before = true;

	for (size_t i = 0; i < folders.count; i++) {
		const char *folder = folders.at[i];
		char path[PATH_MAX + sizeof DROPIN_NAME];

		snprintf(path, sizeof path, "%s/" DROPIN_NAME, folder);
		if (!strcmp(folder, enable->dropin.folder)) {
			before = false;
		} else if (before) {
			look_for_rival(enable, folder, path);
		} else if (dropin_look_at(&enable->root, path) == DROPIN_FOREIGN) {
			warnx("%s%s has no effect besides it", enable->root.path, path);
			break;
		}
	}
	paths_free(&folders);
}

static void look_for_other_values(const struct enable *enable)
{
	for (int i = 1; i < enable->variables; i++) {
		const struct variable *variable = &enable->variable[i];
		const struct said *said = said_of(&enable->unit.from_files, variable->name);
		const struct said *unset = unset_of(&enable->unit, variable);

		if (!said)
			said = said_of(&enable->unit.later, variable->name);
		if (said && strcmp(value_of(said), variable->value))
			warnx("%s:%u: %s is set, and wins over what is written here", said->file,
			      said->line, said->word);
		if (unset)
			warnx("%s:%u: UnsetEnvironment= takes %s away", unset->file, unset->line,
			      variable->name);
	}
}

static char *content_of(const struct enable *enable)
{
	char *content = expect_memory(strdup("[Service]\n")), *longer;

	for (int i = 0; i < enable->variables; i++) {
		char *word, *quoted;

		if (asprintf(&word, "%s=%s", enable->variable[i].name, enable->variable[i].value) <
		    0)
			err(STATUS_FAILED, NULL);
		quoted = word_quote(word);
		if (asprintf(&longer, "%sEnvironment=%s\n", content, quoted) < 0)
			err(STATUS_FAILED, NULL);
		free(word);
		free(quoted);
		free(content);
		content = longer;
	}
	return content;
}

static int enable_unit(const struct verb *verb, int argc, char **argv)
{
	static struct enable enable;
	char *content;
	bool written;

	read_command_line(verb, argc, argv, &enable);
	doubts_of_flags(&enable.wanted);
	root_enter(&enable.root, enable.folder);
	dropin_place(&enable.dropin, &enable.root, enable.name, enable.runtime);
	unit_read(&enable.unit, &enable.root, enable.name, DROPIN_NAME);
	find_library(&enable);
	set_variables(&enable, look_at_programs(&enable));
	look_at_places(&enable);
	look_for_namesakes(&enable);
	look_for_reversals(&enable);
	if (enable.refused)
		errx(STATUS_FAILED, "nothing was written");
	look_for_other_values(&enable);
	content = content_of(&enable);
	written = dropin_write(&enable.dropin, content);
	free(content);
	if (!written)
		return STATUS_FAILED;
	printf("wrote %s\n", enable.dropin.path);
	return dropin_announce(&enable.dropin) ? STATUS_FINE : STATUS_FAILED;
}

const struct verb verb_enable = {
	.name = "enable",
	.usage = "UNIT [OPTION...]",
	.summary = "write a drop-in for a service of systemd",
	.details =
		"Writes a drop-in, " DROPIN_NAME
		", that sets LD_PRELOAD and these settings for UNIT,\n"
		"a service, template or instance. What the unit has in LD_PRELOAD stays there. If\n"
		"something that the unit has elsewhere would undo it, nothing is written.\n\n"
		"Exit status: 0; 1 if nothing was written, or systemd could not be told; 2 if the\n"
		"command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.logging = true,
	.usage_status = STATUS_USAGE,
	.run = enable_unit,
};
