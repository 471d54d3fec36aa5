/* Programs of a service that the library is of no use in, or cannot be loaded into. */
#include <err.h>
#include <stdio.h>
#include <string.h>

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

/* Reports what keeps the library out of it. Returns true if its loader is musl's. */
static bool look_at(const struct obstacles *obstacles, const char *program, bool sandbox_decided)
{
	const struct library *library = obstacles->library;
	struct executable executable;
	char path[PATH_MAX];
	const char *why;

	if (!executable_find_below(&obstacles->inside, program, path) ||
	    !executable_read(path, &obstacles->inside, &executable))
		return false;
	why = obstacle_of(obstacles, library->path, &executable);
	for (size_t i = 0; why && library->others[i]; i++)
		if (!obstacle_of(obstacles, library->others[i], &executable))
			why = NULL;
	if (why)
		warnx("%s: %s", program, why);
	else if (executable.has_seccomp && !sandbox_decided)
		warnx("%s: %s", program, executable_sandbox);
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
