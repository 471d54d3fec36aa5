/* Where a unit of systemd is written: its file and drop-ins, in the order of their reading. */
#include "cli/systemd/unit_files.h"

#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/systemd/syntax.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit.h"
#include "cli/systemd/unit_places.h"
#include "cli/verb.h"

static void paths_add(struct paths *paths, const char *directory, const char *name, const char *suffix)
{
	char **longer = reallocarray(paths->at, paths->count + 1, sizeof *longer);

	if (!longer || asprintf(&longer[paths->count], "%s%s%s", directory, name, suffix) < 0)
		err(STATUS_FAILED, NULL);
	paths->at = longer;
	paths->count++;
}

void paths_free(struct paths *paths)
{
	for (size_t i = 0; i < paths->count; i++)
		free(paths->at[i]);
	free(paths->at);
	*paths = (struct paths){ 0 };
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* foo@.service of foo@bar.service; false for what is no instance. */
static bool template_of(const char *name, char template[UNIT_NAME_SIZE])
{
	const char *at = strchr(name, '@'), *suffix = strrchr(name, '.');

	if (!at || suffix <= at + 1)
		return false;
	snprintf(template, UNIT_NAME_SIZE, "%.*s%s", (int)(at - name + 1), name, suffix);
	return true;
}

/* foo-.service of foo-bar.service, for all that begin so. False where there is none. */
static bool prefix_of(const char *name, char prefix[UNIT_NAME_SIZE])
{
	size_t end = strcspn(name, "@");
	const char *rest = name + end, *dash;

	if (!*rest)
		rest = strrchr(name, '.');
	end = (size_t)(rest - name);
	/* Only what stands behind a dash is cut off, and with a dash at the end that as well. */
	if (end && name[end - 1] == '-')
		end--;
	dash = memrchr(name, '-', end);
	if (!dash || dash == name)
		return false;
	snprintf(prefix, UNIT_NAME_SIZE, "%.*s%s", (int)(dash - name + 1), name, rest);
	return true;
}

/* The directories of one place, from what is for this unit alone to what is for many. */
static void add_folders(struct paths *directories, const char *place, const char *name)
{
	char other[UNIT_NAME_SIZE];
	char directory[PATH_MAX];

	snprintf(directory, sizeof directory, "%s/", place);
	paths_add(directories, directory, name, ".d");
	if (template_of(name, other))
		add_folders(directories, place, other);
	if (prefix_of(name, other))
		add_folders(directories, place, other);
}

struct paths unit_dropin_folders(const struct root *root, const char *name)
{
	const char *const *places = unit_places(root);
	struct paths directories = { 0 };

	for (size_t i = 0; places[i]; i++)
		add_folders(&directories, places[i], name);
	for (size_t i = 0; places[i]; i++)
		paths_add(&directories, places[i], "/service.d", "");
	return directories;
}

static bool has_base_name(const struct paths *paths, const char *name)
{
	for (size_t i = 0; i < paths->count; i++)
		if (!strcmp(base_name(paths->at[i]), name))
			return true;
	return false;
}

static bool is_dropin(const struct dirent *entry)
{
	size_t length = strlen(entry->d_name);

	return entry->d_type != DT_DIR && entry->d_name[0] != '.' && length > 5 &&
	       !strcmp(entry->d_name + length - 5, ".conf");
}

static void list_folder(const struct root *root, const char *directory, struct paths *dropins)
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
	return strcmp(base_name(*(char *const *)a), base_name(*(char *const *)b));
}

static void look_for_dropins(const struct root *root, const char *name, struct paths *files)
{
	struct paths directories = unit_dropin_folders(root, name), dropins = { 0 };

	for (size_t i = 0; i < directories.count; i++)
		list_folder(root, directories.at[i], &dropins);
	if (dropins.count)
		qsort(dropins.at, dropins.count, sizeof *dropins.at, by_base_name);
	for (size_t i = 0; i < dropins.count; i++)
		paths_add(files, dropins.at[i], "", "");
	paths_free(&dropins);
	paths_free(&directories);
}

__attribute__((noreturn)) static void end_as_masked(const char *name)
{
	errx(STATUS_FAILED, "%s is masked: systemctl unmask %s first", name, name);
}

__attribute__((noreturn)) static void end_as_alias(const char *name, const char *other)
{
	errx(STATUS_FAILED, "%s is an alias of %s: use that name", name, other);
}

/* A link is to the unit's file elsewhere, to nothing, or to a unit that has another name. */
static void look_at_link(const char *name, const char *target)
{
	char template[UNIT_NAME_SIZE];
	const char *other = base_name(target);

	if (!strcmp(target, "/dev/null"))
		end_as_masked(name);
	if (strcmp(name, other) && !(template_of(name, template) && !strcmp(template, other)))
		end_as_alias(name, other);
}

/* True if the unit's own file is in that place. */
static bool look_for_unit(const struct root *root, const char *place, const char *name,
			  struct paths *files)
{
	char path[PATH_MAX], target[PATH_MAX];
	struct stat file;
	ssize_t length;
	int fd;

	snprintf(path, sizeof path, "%s/%s", place, name);
	fd = root_open(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return false;
	if (fstat(fd, &file))
		err(STATUS_FAILED, "%s%s", root->path, path);
	length = S_ISLNK(file.st_mode) ? readlinkat(fd, "", target, sizeof target - 1) : 0;
	close(fd);
	target[length > 0 ? length : 0] = 0;
	if (length > 0)
		look_at_link(name, target);
	else if (!file.st_size)
		end_as_masked(name);
	paths_add(files, path, "", "");
	return true;
}

static bool look_for(const struct root *root, const char *name, struct paths *files)
{
	const char *const *places = unit_places(root);
	char template[UNIT_NAME_SIZE];

	for (size_t i = 0; places[i]; i++)
		if (look_for_unit(root, places[i], name, files))
			return true;
	return template_of(name, template) && look_for(root, template, files);
}

static struct paths look(const struct root *root, const char *name)
{
	struct paths files = { 0 };

	if (!look_for(root, name, &files))
		errx(STATUS_FAILED, "there is no unit %s%s%s", name, root->is_image ? " in " : "",
		     root->is_image ? root->path : "");
	look_for_dropins(root, name, &files);
	return files;
}

/* A property in what systemctl printed, to be freed; "" where it is not there. */
static char *property(const char *output, const char *name)
{
	size_t length = strlen(name);
	char *value;

	while (strncmp(output, name, length) || output[length] != '=') {
		output = strchr(output, '\n');
		if (!output++)
			return strdup("");
	}
	output += length + 1;
	value = strndup(output, strcspn(output, "\n"));
	return value;
}

static bool property_is(const char *output, const char *name, const char *value)
{
	char *has = property(output, name);
	bool is = has && !strcmp(has, value);

	free(has);
	return is;
}

static void add_words(struct paths *files, const char *words)
{
	char *word = strdup(words);

	while (word && word_read(&words, word) == WORD_READ)
		paths_add(files, word, "", "");
	free(word);
}

/* What systemd says. False where that is of no use: of templates, or before it reads them again. */
static bool ask(const char *name, struct paths *files)
{
	char *output =
		systemctl_show(name, "Id,LoadState,FragmentPath,DropInPaths,NeedDaemonReload");
	char *id = output ? property(output, "Id") : NULL;
	char *fragment = output ? property(output, "FragmentPath") : NULL;
	char *dropins = output ? property(output, "DropInPaths") : NULL;
	bool known = id && fragment && dropins && *fragment &&
		     property_is(output, "NeedDaemonReload", "no");

	if (known && property_is(output, "LoadState", "masked"))
		end_as_masked(name);
	if (known && strcmp(id, name))
		end_as_alias(name, id);
	if (known) {
		paths_add(files, fragment, "", "");
		add_words(files, dropins);
	}
	free(id);
	free(fragment);
	free(dropins);
	free(output);
	return known;
}

struct paths unit_files(const struct root *root, const char *name)
{
	struct paths files = { 0 };

	if (!root->is_image && systemd_runs() && ask(name, &files))
		return files;
	return look(root, name);
}
