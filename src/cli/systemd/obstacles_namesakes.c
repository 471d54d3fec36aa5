/* Another file of the library's name in LD_PRELOAD: the loader would take that one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/base/memory.h"
#include "cli/systemd/obstacles.h"

#define NAME "libkeepalive.so"

/* The directories in which loaders look for a name without a slash; ldconfig adds others. */
static const char *const places[] = {
	"/usr/local/lib/x86_64-linux-gnu",
	"/usr/local/lib64",
	"/usr/local/lib",
	"/lib/x86_64-linux-gnu",
	"/usr/lib/x86_64-linux-gnu",
	"/lib/aarch64-linux-gnu",
	"/usr/lib/aarch64-linux-gnu",
	"/lib64",
	"/usr/lib64",
	"/lib",
	"/usr/lib",
};

static bool is_library(const struct obstacles *obstacles, const char *path)
{
	const struct library *library = obstacles->library;
	char one[PATH_MAX], other[PATH_MAX];

	if (!strcmp(path, library->path) || (library->for_all && !strcmp(path, library->other)))
		return true;
	return root_resolve(&obstacles->inside, path, one) &&
	       root_resolve(&obstacles->inside, library->path, other) && !strcmp(one, other);
}

/* The first file of the name that is not the library, which a loader may find; "" if there is none.
 */
static void find_stranger(const struct obstacles *obstacles, char path[PATH_MAX])
{
	char resolved[PATH_MAX];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(path, PATH_MAX, "%s/" NAME, places[i]);
		if (root_resolve(&obstacles->inside, path, resolved) &&
		    !is_library(obstacles, path))
			return;
	}
	*path = 0;
}

static bool is_found_by_name(const struct obstacles *obstacles)
{
	char path[PATH_MAX], resolved[PATH_MAX];

	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		snprintf(path, PATH_MAX, "%s/" NAME, places[i]);
		if (root_resolve(&obstacles->inside, path, resolved) && is_library(obstacles, path))
			return true;
	}
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
		obstacle(obstacles, true, assignment,
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
		obstacle(obstacles, true, assignment,
			 "LD_PRELOAD has %s: the loader does not find %s by this name; write its "
			 "path",
			 entry, library);
	else if (*stranger)
		obstacle(obstacles, false, assignment,
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
