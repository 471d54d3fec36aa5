/* The files of a unit: its own, and its drop-ins. */
#include "cli/systemd/unit_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_dropins.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_places.h"

enum result { ABSENT, FOUND, UNUSABLE };

static enum result refuse_masked(const char *name, struct failure *failure)
{
	fail(failure, "%s is masked: systemctl unmask %s first", name, name);
	return UNUSABLE;
}

static enum result refuse_alias(const char *name, const char *other, struct failure *failure)
{
	fail(failure, "%s is an alias of %s: use that name", name, other);
	return UNUSABLE;
}

/* A link leads to the unit's file elsewhere, to nothing, or to a unit that has another name. */
static enum result look_at_link(const char *name, const char *target, struct failure *failure)
{
	char template[UNIT_NAME_SIZE];
	const char *other = basename(target);

	if (!strcmp(target, "/dev/null"))
		return refuse_masked(name, failure);
	if (strcmp(name, other) && !(unit_template_of(name, template) && !strcmp(template, other)))
		return refuse_alias(name, other, failure);
	return FOUND;
}

/* Looks at the unit's own file in one place, open as `fd`. */
static enum result look_at_file(const struct root *root, int fd, const char *path, const char *name,
				struct failure *failure)
{
	char target[PATH_MAX];
	struct stat file;
	ssize_t length;

	if (fstat(fd, &file)) {
		fail(failure, "%s%s: %s", root->path, path, strerror(errno));
		return UNUSABLE;
	}
	length = S_ISLNK(file.st_mode) ? readlinkat(fd, "", target, sizeof target - 1) : 0;
	target[length > 0 ? length : 0] = 0;
	if (length > 0)
		return look_at_link(name, target, failure);
	return file.st_size ? FOUND : refuse_masked(name, failure);
}

/* Looks for the unit's own file in one place. */
static enum result look_in(const struct root *root, const char *place, const char *name,
			   struct paths *files, struct failure *failure)
{
	char path[PATH_MAX];
	enum result result;
	int fd;

	snprintf(path, sizeof path, "%s/%s", place, name);
	fd = root_open(root, path, O_PATH | O_NOFOLLOW);
	if (fd < 0)
		return ABSENT;
	result = look_at_file(root, fd, path, name, failure);
	close(fd);
	if (result == FOUND)
		paths_add(files, path, "", "");
	return result;
}

static enum result look_for_unit(const struct root *root, const char *name, struct paths *files,
				 struct failure *failure)
{
	const char *const *places = unit_places(root);
	char template[UNIT_NAME_SIZE];
	enum result result = ABSENT;

	for (size_t i = 0; places[i] && result == ABSENT; i++)
		result = look_in(root, places[i], name, files, failure);
	if (result == ABSENT && unit_template_of(name, template))
		return look_for_unit(root, template, files, failure);
	return result;
}

static enum result look(const struct root *root, const char *name, struct paths *files,
			struct failure *failure)
{
	enum result result = look_for_unit(root, name, files, failure);

	if (result == ABSENT)
		fail(failure, "there is no unit %s%s%s", name, root->is_image ? " in " : "",
		     root->is_image ? root->path : "");
	if (result == FOUND)
		unit_dropins_find(root, name, files);
	return result;
}

static void add_words(struct paths *files, const char *words)
{
	char *word = strdup(words);

	while (word && word_read(&words, word) == WORD_READ)
		paths_add(files, word, "", "");
	free(word);
}

/* Asks systemd. ABSENT: it cannot tell, as of templates, or before it reads changed files again. */
static enum result ask(const char *name, struct paths *files, struct failure *failure)
{
	char *output =
		systemctl_show(name, "Id,LoadState,FragmentPath,DropInPaths,NeedDaemonReload");
	char *id = output ? systemctl_property(output, "Id") : NULL;
	char *fragment = output ? systemctl_property(output, "FragmentPath") : NULL;
	char *dropins = output ? systemctl_property(output, "DropInPaths") : NULL;
	enum result result = ABSENT;

	if (id && fragment && dropins && *fragment &&
	    systemctl_property_is(output, "NeedDaemonReload", "no"))
		result = FOUND;
	if (result == FOUND && systemctl_property_is(output, "LoadState", "masked"))
		result = refuse_masked(name, failure);
	else if (result == FOUND && strcmp(id, name))
		result = refuse_alias(name, id, failure);
	if (result == FOUND) {
		paths_add(files, fragment, "", "");
		add_words(files, dropins);
	}
	free(id);
	free(fragment);
	free(dropins);
	free(output);
	return result;
}

bool unit_files(const struct root *root, const char *name, struct paths *files,
		struct failure *failure)
{
	enum result result = ABSENT;

	*files = (struct paths){ 0 };
	if (!root->is_image && systemd_runs())
		result = ask(name, files, failure);
	if (result == ABSENT)
		result = look(root, name, files, failure);
	return result == FOUND;
}
