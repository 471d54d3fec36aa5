/* A list of paths. */
#include "cli/systemd/paths.h"

#include <stdlib.h>

#include "cli/base/memory.h"

void paths_add(struct paths *paths, const char *directory, const char *name, const char *suffix)
{
	paths->at = expect_memory(reallocarray(paths->at, paths->count + 1, sizeof *paths->at));
	paths->at[paths->count++] = text_new("%s%s%s", directory, name, suffix);
}

void paths_free(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->at[i]);
	free(paths->at);
	*paths = (struct paths){ 0 };
}
