/* What enable would write for a unit, and whether that would work. */
#include "cli/ui/enabling.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/systemd/unit.h"

static void expect(const struct enabling *enabling, bool done)
{
	if (!done)
		errx(STATUS_FAILED, "%s", enabling->failure.text);
}

static bool is_there(const struct root *root, const char *path)
{
	char resolved[PATH_MAX];

	return root_resolve(root, path, resolved);
}

static void find_library(struct enabling *enabling)
{
	const char *named = enabling->named_library;
	struct library *library = &enabling->library;
	char *path = named ? path_absolute(named, STATUS_FAILED) : NULL;

	if (path && !enabling->root.is_image && access(path, F_OK))
		err(STATUS_FAILED, "%s", named);
	library_find(library, path, enabling->root.path);
	free(path);
	if (enabling->wanted_method == METHOD_KERNEL)
		return;
	if (!library_can_be_preloaded(library))
		errx(STATUS_FAILED, "%s: LD_PRELOAD cannot contain a path with a space or colon",
		     library->preload);
	library->found = is_there(&enabling->root, library->path);
	for (size_t i = 0; !library->found && library->others[i]; i++)
		library->found = is_there(&enabling->root, library->others[i]);
	if (!library->found)
		warnx("%s%s: the library does not exist", enabling->root.path, library->path);
}

/* This one, or the one that is installed in an image. */
static void find_command(struct enabling *enabling)
{
	char *command = enabling->command;
	ssize_t length =
		enabling->root.is_image ? 0 : readlink("/proc/self/exe", command, PATH_MAX - 1);

	command[length > 0 ? length : 0] = 0;
	/* The file may have been replaced meanwhile. */
	if (length <= 0 || access(command, X_OK))
		snprintf(command, PATH_MAX, "%s", BINDIR "/keepalive");
}

/* Returns true if others than root can replace what is there; in a sticky directory only their own.
 */
static bool is_of_others(const char *path)
{
	struct stat file;
	bool sticky;

	if (lstat(path, &file))
		return false;
	sticky = S_ISDIR(file.st_mode) && file.st_mode & S_ISVTX;
	return file.st_uid || (file.st_mode & (S_IWGRP | S_IWOTH) && !sticky);
}

/* systemd runs the command as root, whoever the service runs as. */
static void warn_of_others(const struct enabling *enabling)
{
	char path[PATH_MAX], *slash = path;

	if (enabling->root.is_image)
		return;
	snprintf(path, sizeof path, "%s", enabling->command);
	do {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = 0;
		if (is_of_others(path)) {
			warnx("%s: systemd will run it as root, and others than root can change %s",
			      enabling->command, path);
			return;
		}
		if (slash)
			*slash = '/';
	} while (slash);
}

static void set_wanted(void *context, const char *name, const char *word)
{
	struct enabling *enabling = context;
	char *path = NULL;

	if (!strcmp(name, "KEEPALIVE_CONF") && *word) {
		path = path_absolute(word, STATUS_FAILED);
		if (!is_there(&enabling->root, path)) {
			if (!enabling->root.is_image)
				err(STATUS_FAILED, "%s", word);
			warnx("%s%s: the configuration file does not exist", enabling->root.path,
			      path);
		}
	}
	expect(enabling,
	       variables_add(&enabling->variables, name, path ? path : word, &enabling->failure));
	free(path);
}

static void set_variables(struct enabling *enabling, bool for_musl)
{
	const struct library *library = &enabling->library;

	expect(enabling, variables_add_preload(&enabling->variables, enabling->unit.preload,
					       for_musl ? library->path : library->preload,
					       &enabling->failure));
	wanted_variables(&enabling->wanted, set_wanted, enabling);
}

/* What has no effect with the method that was chosen. */
static void warn_of_settings(const struct enabling *enabling)
{
	const struct wanted *wanted = &enabling->wanted;
	const struct value *value = wanted->settings.value;

	if (value[OPTION_KEEPALIVE].state == VALUE_SET && !value[OPTION_KEEPALIVE].number)
		warnx("KEEPALIVE: keepalive is off, %s", method_has_library(enabling->method)
								 ? "the library does nothing"
								 : "nothing is set");
	if (method_has_library(enabling->method))
		return;
	if (value[OPTION_DEFER_ACCEPT].state == VALUE_SET)
		warnx("defer_accept cannot be set by BPF programs, and is left out");
	if (wanted->log || wanted->log_level || wanted->sandboxed)
		warnx("--log, --log-level and --sandboxed are for the library, and have no effect");
}

/* Ends the process where the drop-in would do nothing, or harm. */
static void look_for_obstacles(struct enabling *enabling, const struct dropin *dropin)
{
	struct obstacles *obstacles = &enabling->obstacles;

	obstacles->unit = &enabling->unit;
	obstacles->library = &enabling->library;
	method_begin(obstacles, enabling->wanted_method);
	obstacles_of_mounts(obstacles);
	obstacles_of_permissions(obstacles);
	set_variables(enabling, obstacles_of_programs(obstacles, enabling->wanted.sandboxed));
	obstacles_of_filter(obstacles);
	obstacles_of_commands(obstacles);
	obstacles_of_postgres(obstacles, &enabling->variables);
	obstacles_of_rivals(obstacles, dropin);
	obstacles_of_environment(obstacles, &enabling->variables);
	enabling->method = method_decide(obstacles, enabling->wanted_method, enabling->command);
}

void enabling_prepare(struct enabling *enabling, const struct dropin *dropin)
{
	const struct root *root = &enabling->root;

	expect(enabling, unit_read(&enabling->unit, root, dropin->unit, dropin_inner_path(dropin),
				   &enabling->failure));
	find_library(enabling);
	find_command(enabling);
	look_for_obstacles(enabling, dropin);
	warn_of_settings(enabling);
	if (!method_has_kernel(enabling->method))
		return;
	if (!is_there(root, enabling->command))
		warnx("%s%s: the command does not exist", root->path, enabling->command);
	warn_of_others(enabling);
	enabling->subject = attach_subject_of(&enabling->unit);
}

char *enabling_lines(const struct enabling *enabling)
{
	char *settings =
		variables_lines(&enabling->variables, method_has_library(enabling->method));
	char *command, *lines;

	if (!method_has_kernel(enabling->method))
		return settings;
	command = attach_line(enabling->command, &enabling->subject);
	lines = text_new("%s%s", settings, command);
	free(command);
	free(settings);
	return lines;
}
