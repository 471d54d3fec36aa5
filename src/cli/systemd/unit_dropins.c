/* The drop-ins of a unit, and the directories that they can be in. */
#include "cli/systemd/unit_dropins.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_places.h"

/* Finds foo-.service of foo-bar.service, whose drop-ins are for all such names. Returns false if
 * there is none. */
static bool prefix_of(const char *name, char prefix[UNIT_NAME_SIZE])
{
	size_t end = strcspn(name, "@");
	const char *rest = name + end, *dash;

	if (!*rest)
		rest = strrchr(name, '.');
	end = (size_t)(rest - name);
	/* Cuts off what comes after the last dash; a dash at the end goes with it. */
	if (end && name[end - 1] == '-')
		end--;
	dash = memrchr(name, '-', end);
	if (!dash || dash == name)
		return false;
	snprintf(prefix, UNIT_NAME_SIZE, "%.*s%s", (int)(dash - name + 1), name, rest);
	return true;
}

/* Appends the directories in one place, those for this unit alone first. */
static void add_directories(struct paths *directories, const char *place, const char *name)
{
	char other[UNIT_NAME_SIZE];
	char directory[PATH_MAX];

	snprintf(directory, sizeof directory, "%s/", place);
	paths_add(directories, directory, name, ".d");
	if (unit_template_of(name, other))
		add_directories(directories, place, other);
	if (prefix_of(name, other))
		add_directories(directories, place, other);
}

struct paths unit_dropin_directories(const struct root *root, const char *name)
{
	const char *const *places = unit_places(root);
	struct paths directories = { 0 };

	for (size_t i = 0; places[i]; i++)
		add_directories(&directories, places[i], name);
	for (size_t i = 0; places[i]; i++)
		paths_add(&directories, places[i],
			  unit_is_socket(name) ? "/socket.d" : "/service.d", "");
	return directories;
}

static bool has_base_name(const struct paths *paths, const char *name)
{
	for (size_t i = 0; i < paths->count; i++)
		if (!strcmp(basename(paths->at[i]), name))
			return true;
	return false;
}

static bool is_dropin(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_type != DT_DIR && entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

static void list_directory(const struct root *root, const char *directory, struct paths *dropins)
{
	int fd = root_open(root, directory, O_RDONLY | O_DIRECTORY);
	DIR *opened = fd >= 0 ? fdopendir(fd) : NULL;
	struct dirent *entry;

	if (fd < 0 && errno != ENOENT && errno != ENOTDIR && errno != ENAMETOOLONG)
		warn("%s%s", root->path, directory);
	while (opened && (entry = readdir(opened)))
		if (is_dropin(entry) && !has_base_name(dropins, entry->d_name))
			paths_add(dropins, directory, "/", entry->d_name);
	if (opened)
		closedir(opened);
}

static int by_base_name(const void *a, const void *b)
{
	return strcmp(basename(*(char *const *)a), basename(*(char *const *)b));
}

void unit_dropins_find(const struct root *root, const char *name, struct paths *files)
{
	struct paths directories = unit_dropin_directories(root, name), dropins = { 0 };

	for (size_t i = 0; i < directories.count; i++)
		list_directory(root, directories.at[i], &dropins);
	if (dropins.count)
		qsort(dropins.at, dropins.count, sizeof *dropins.at, by_base_name);
	for (size_t i = 0; i < dropins.count; i++)
		paths_add(files, dropins.at[i], "", "");
	paths_free(&dropins);
	paths_free(&directories);
}
