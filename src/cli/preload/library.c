/* Finds the library, and writes values of LD_PRELOAD that name it. */
#include "cli/preload/library.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/memory.h"

#define NAME "libkeepalive.so"

/* PATH_MAX is what the kernel takes; a longer path is cut, and then does not exist. */
static void join(char path[PATH_MAX], const char *a, const char *b, const char *c)
{
	if (snprintf(path, PATH_MAX, "%s%s%s", a, b, c) >= PATH_MAX)
		path[PATH_MAX - 1] = 0;
}

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

/* Finds the directory of the command itself, without a slash at its end; empty if it is not known.
 */
static void own_directory(char directory[PATH_MAX])
{
	ssize_t length = readlink("/proc/self/exe", directory, PATH_MAX - 1);
	char *slash;

	directory[length > 0 ? length : 0] = 0;
	slash = strrchr(directory, '/');
	if (slash)
		*slash = 0;
}

/* Looks in the build directory, in the command's own, and under the prefix that has bin/. */
static bool find_beside(char path[PATH_MAX])
{
	char directory[PATH_MAX], prefix[PATH_MAX];
	char *slash;

	own_directory(directory);
	join(path, directory, "/.libs/", NAME);
	if (is_there(path))
		return true;
	join(path, directory, "/", NAME);
	if (is_there(path))
		return true;
	strcpy(prefix, directory);
	slash = strrchr(prefix, '/');
	if (!slash || strcmp(slash, "/bin"))
		return false;
	*slash = 0;
	for (size_t i = 0; library_places[i]; i++) {
		char place[PATH_MAX];

		join(place, prefix, "/", library_places[i]);
		join(path, place, "/", NAME);
		if (is_there(path))
			return true;
	}
	return false;
}

/* Returns the length of the place that $LIB stands for, at the end of a directory; 0 if there is
 * none. */
static size_t place_length(const char *directory, size_t length)
{
	for (size_t i = 0; library_places[i]; i++) {
		size_t place = strlen(library_places[i]);

		if (length > place && directory[length - place - 1] == '/' &&
		    !memcmp(directory + length - place, library_places[i], place))
			return place;
	}
	return 0;
}

/*
 * Puts $LIB into library->preload where libraries lie in others of its places, which are for
 * programs of other ABIs: otherwise it would only hide the file from loaders that do not know it.
 */
static void look_for_others(struct library *library, const char *root)
{
	const char *slash = strrchr(library->path, '/');
	size_t directory = slash ? (size_t)(slash - library->path) : 0;
	size_t place = place_length(library->path, directory), count = 0;
	int prefix = (int)(directory - place);
	char *preload;

	for (size_t i = 0; place && library_places[i]; i++) {
		char *other = text_new("%.*s%s/" NAME, prefix, library->path, library_places[i]);
		char file[PATH_MAX];

		join(file, root, other, "");
		if (strcmp(other, library->path) && is_there(file))
			library->others[count++] = other;
		else
			free(other);
	}
	library->for_all = count;
	if (!count)
		return;
	preload = text_new("%.*s$LIB/" NAME, prefix, library->path);
	join(library->preload, preload, "", "");
	free(preload);
}

void library_find(struct library *library, const char *named, const char *root)
{
	char file[PATH_MAX];

	library->for_all = false;
	memset(library->others, 0, sizeof library->others);
	if (named)
		join(library->path, named, "", "");
	else if (*root || !find_beside(library->path))
		join(library->path, LIBDIR, "/", NAME);
	join(library->preload, library->path, "", "");
	join(file, root, library->path, "");
	library->found = is_there(file);
	if (!named)
		look_for_others(library, root);
	if (library->for_all)
		library->found = true;
}

const char *library_obstacle(const struct library *library, const struct executable *executable)
{
	const char *obstacle = executable_obstacle(executable, library->path);

	for (size_t i = 0; obstacle && library->others[i]; i++)
		if (!executable_obstacle(executable, library->others[i]))
			return NULL;
	return obstacle;
}

bool library_is_any(const struct library *library, const char *path)
{
	if (!strcmp(path, library->path))
		return true;
	for (size_t i = 0; library->others[i]; i++)
		if (!strcmp(path, library->others[i]))
			return true;
	return false;
}

bool library_can_be_preloaded(const struct library *library)
{
	return !strpbrk(library->preload, " \t\n:");
}

bool preload_has_library(const char *preloaded)
{
	while (preloaded && *preloaded) {
		size_t length = strcspn(preloaded, " :");
		size_t name = strlen(NAME);

		if (length >= name && !memcmp(preloaded + length - name, NAME, name) &&
		    (length == name || preloaded[length - name - 1] == '/'))
			return true;
		preloaded += length;
		preloaded += strspn(preloaded, " :");
	}
	return false;
}

char *preload_with(const char *preloaded, const char *library)
{
	if (!preloaded || !*preloaded)
		return strdup(library);
	if (preload_has_library(preloaded))
		return strdup(preloaded);
	return preload_append(preloaded, library);
}

char *preload_append(const char *preloaded, const char *library)
{
	char *both;

	return asprintf(&both, "%s:%s", preloaded, library) < 0 ? NULL : both;
}
