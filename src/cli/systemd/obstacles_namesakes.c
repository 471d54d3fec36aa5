/* Another file of the library's name in LD_PRELOAD: the loader would take that one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/base/memory.h"
#include "cli/systemd/obstacles.h"

#define NAME "libkeepalive.so"

/* The names before library_places of the directories in which loaders look; ldconfig adds others.
 */
static const char *const prefixes[] = { "/usr/local", "", "/usr" };

enum {
	PREFIXES = sizeof prefixes / sizeof *prefixes,
	PLACES = PREFIXES * LIBRARY_PLACES,
};

/* Finds the file of the name in one of these directories. Returns false if there is none. */
static bool find_in_place(const struct obstacles *obstacles, size_t place, char path[PATH_MAX])
{
	const char *directory = library_places[place % LIBRARY_PLACES];
	char resolved[PATH_MAX];

	if (!directory)
		return false;
	snprintf(path, PATH_MAX, "%s/%s/" NAME, prefixes[place / LIBRARY_PLACES], directory);
	return root_resolve(&obstacles->inside, path, resolved);
}

static bool is_library(const struct obstacles *obstacles, const char *path)
{
	const struct library *library = obstacles->library;
	char one[PATH_MAX], other[PATH_MAX];

	if (library_is_any(library, path))
		return true;
	return root_resolve(&obstacles->inside, path, one) &&
	       root_resolve(&obstacles->inside, library->path, other) && !strcmp(one, other);
}

/* Looking by name, a loader passes over files for other architectures than its own. */
static bool is_for_another(const struct obstacles *obstacles, const char *path)
{
	const struct library *library = obstacles->library;
	const char *ours = library->path;
	struct executable one, other;

	if (!executable_read(path, &obstacles->inside, &one))
		return false;
	for (size_t i = 0; ours; ours = library->others[i++])
		if (!executable_read(ours, &obstacles->inside, &other) ||
		    (one.elf_class == other.elf_class && one.machine == other.machine))
			return false;
	return true;
}

/* The first file of the name that is not the library, which a loader may find; "" if there is none.
 */
static void find_stranger(const struct obstacles *obstacles, char path[PATH_MAX])
{
	for (size_t i = 0; i < PLACES; i++)
		if (find_in_place(obstacles, i, path) && !is_library(obstacles, path) &&
		    !is_for_another(obstacles, path))
			return;
	*path = 0;
}

static bool is_found_by_name(const struct obstacles *obstacles)
{
	char path[PATH_MAX];

	for (size_t i = 0; i < PLACES; i++)
		if (find_in_place(obstacles, i, path) && is_library(obstacles, path))
			return true;
	return false;
}

static void look_at_entry(struct obstacles *obstacles, const struct assignment *assignment,
			  const char *entry)
{
	const char *library = obstacles->library->path;
	char resolved[PATH_MAX], stranger[PATH_MAX];

	/* The values of the loader's variables are not known here. */
	if (!strcmp(entry, obstacles->library->preload) || strchr(entry, '$'))
		return;
	if (strchr(entry, '/')) {
		if (is_library(obstacles, entry))
			return;
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment,
			 root_resolve(&obstacles->inside, entry, resolved)
				 ? "LD_PRELOAD has %s, which is another file than %s: remove it "
				   "first"
				 : "LD_PRELOAD has %s, which does not exist: remove it first, or "
				   "put %s "
				   "there",
			 entry, library);
		return;
	}
	find_stranger(obstacles, stranger);
	if (!is_found_by_name(obstacles))
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment,
			 "LD_PRELOAD has %s: the loader does not find %s by this name; write its "
			 "path",
			 entry, library);
	else if (*stranger)
		obstacle(obstacles, WAY_LIBRARY, assignment,
			 "LD_PRELOAD has %s: by this name the loader may find %s instead of %s",
			 entry, stranger, library);
}

void obstacles_of_namesakes(struct obstacles *obstacles, const struct assignment *assignment,
			    const char *preload)
{
	char *words = expect_memory(strdup(preload ? preload : "")), *rest = words, *entry;

	while ((entry = strsep(&rest, " :")))
		if (preload_has_library(entry))
			look_at_entry(obstacles, assignment, entry);
	free(words);
}
