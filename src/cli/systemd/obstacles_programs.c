/* Programs of a service that the library is of no use in, or cannot be loaded into. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/systemd/obstacles.h"

/* Returns the result of executable_obstacle with the library's file as it lies here. */
static const char *obstacle_of(const struct obstacles *obstacles, const char *library,
			       const struct executable *executable)
{
	const struct root *roots[] = { &obstacles->inside, obstacles->unit->root };
	char path[PATH_MAX], file[2 * PATH_MAX];

	/* If the file is not there, take the program itself, which has the right architecture. */
	snprintf(file, sizeof file, "%s%s", roots[0]->path, executable->path);
	for (size_t i = 0; i < 2 && obstacles->library->found; i++) {
		if (!root_resolve(roots[i], library, path))
			continue;
		snprintf(file, sizeof file, "%s%s", roots[i]->path, path);
		break;
	}
	return executable_obstacle(executable, file);
}

static bool runs_as_root(const struct service *unit)
{
	const struct assignment *user = assignments_find(&unit->settings, "User");
	const char *name = user ? assignment_value(user) : "";

	return !*name || !strcmp(name, "root") || !strcmp(name, "0");
}

/*
 * Returns why the loader would ignore LD_PRELOAD for this file. A file that belongs to root gives a
 * service of root nothing that it does not have.
 */
static const char *secure(const struct obstacles *obstacles, const char *path)
{
	int fd = root_open(&obstacles->inside, path, O_PATH);
	bool is_root = runs_as_root(obstacles->unit);
	const char *why = NULL;
	struct stat file;
	char self[64];

	snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
	if (fd < 0 || fstat(fd, &file) ||
	    assignments_switch(&obstacles->unit->settings, "NoNewPrivileges"))
		why = NULL;
	else if (file.st_mode & S_ISUID && !(is_root && !file.st_uid))
		why = "it is set-user-ID: the loader ignores LD_PRELOAD";
	else if (file.st_mode & S_ISGID && file.st_mode & S_IXGRP && !(is_root && !file.st_gid))
		why = "it is set-group-ID: the loader ignores LD_PRELOAD";
	else if (!is_root && getxattr(self, "security.capability", NULL, 0) > 0)
		why = "it has file capabilities: the loader ignores LD_PRELOAD";
	if (fd >= 0)
		close(fd);
	return why;
}

/* Reports what keeps the library out of it. Returns true if its loader is musl's. */
static bool look_at(struct obstacles *obstacles, const char *program, bool sandbox_decided)
{
	const struct library *library = obstacles->library;
	struct executable executable;
	char path[PATH_MAX];
	const char *why;

	if (!executable_find_below(&obstacles->inside, program, path) ||
	    !executable_read(path, &obstacles->inside, &executable)) {
		obstacles->reached++;
		return false;
	}
	why = obstacle_of(obstacles, library->path, &executable);
	for (size_t i = 0; why && library->others[i]; i++)
		if (!obstacle_of(obstacles, library->others[i], &executable))
			why = NULL;
	if (!why)
		why = secure(obstacles, executable.path);
	if (why)
		obstacle(obstacles, WAY_LIBRARY, NULL, "%s: %s", program, why);
	else if (executable.has_seccomp && !sandbox_decided)
		obstacle(obstacles, WAY_LIBRARY, NULL, "%s: %s", program, executable_sandbox);
	obstacles->unreached += !!why;
	obstacles->reached += !why;
	return executable.is_musl;
}

bool obstacles_of_programs(struct obstacles *obstacles, bool sandbox_decided)
{
	const struct assignments *commands = &obstacles->unit->commands;
	bool any_musl = false;

	for (size_t i = 0; i < commands->count && !obstacles->image; i++) {
		char **words;

		if (!command_words(obstacles->unit, &commands->at[i], &words))
			continue;
		any_musl |= look_at(obstacles, words[0], sandbox_decided);
		command_words_free(words);
	}
	return any_musl;
}
