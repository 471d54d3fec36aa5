/* Whether the mounts of a service hide the library's file from it. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit_specifiers.h"

static bool is_key(const struct assignment *assignment, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(assignment->word, key, length) && assignment->word[length] == '=';
}

/* A path as it is inside of the root of the service; as it is written if it leads to nothing. */
static void resolve(const struct obstacles *obstacles, const char *path, char resolved[PATH_MAX])
{
	if (!root_resolve(&obstacles->inside, path, resolved))
		snprintf(resolved, PATH_MAX, "%s", path);
}

/* How long the directory is, with the slash after it, if a path lies in it or is it; else 0. */
static size_t lies_in(const char *path, const char *directory)
{
	size_t length = strlen(directory);

	while (length && directory[length - 1] == '/')
		length--;
	if (strncmp(path, directory, length) || (path[length] != '/' && path[length]))
		return 0;
	return length + 1;
}

/* The same of the library, of the link by which it is named and of the file that it leads to. */
static size_t covers(const struct obstacles *obstacles, const char *directory)
{
	char file[PATH_MAX], place[PATH_MAX];
	const char *link = obstacles->library->path;
	size_t length;

	resolve(obstacles, directory, place);
	resolve(obstacles, link, file);
	length = lies_in(file, place);
	if (!length)
		length = lies_in(link, place);
	return length ? length : lies_in(link, directory);
}

/* Returns true if what is mounted there from elsewhere has the library in it. */
static bool has_library(const struct obstacles *obstacles, const char *source, const char *target)
{
	char file[PATH_MAX], path[PATH_MAX], resolved[PATH_MAX], outside[PATH_MAX];
	const char *library = obstacles->library->path;
	size_t length = lies_in(library, target);

	if (!length) {
		resolve(obstacles, library, file);
		library = file;
		length = lies_in(library, target);
	}
	if (!length || !specifiers_resolve(obstacles->unit, source, outside))
		return length;
	/* The target is a directory, or the file itself. */
	if (!library[length - 1])
		return root_resolve(obstacles->unit->root, outside, resolved);
	return snprintf(path, sizeof path, "%s/%s", outside, library + length) < PATH_MAX &&
	       root_resolve(obstacles->unit->root, path, resolved);
}

/*
 * How long the longest path is that a key names and that the library lies in; 0: none. `*found`: by
 * which line. `target`: the second of the paths with colons between them, as of BindPaths=.
 */
static size_t longest(const struct obstacles *obstacles, const char *key, bool target,
		      const struct assignment **found)
{
	const struct assignments *settings = &obstacles->unit->settings;
	size_t most = 0;

	for (size_t i = 0; i < settings->count; i++) {
		const struct assignment *assignment = &settings->at[i];
		const char *value = assignment_value(assignment);
		char *word, path[PATH_MAX];

		if (!is_key(assignment, key))
			continue;
		most = *value ? most : 0;
		word = expect_memory(malloc(strlen(value) + 1));
		while (word_read(&value, word) == WORD_READ) {
			char *at = word + strspn(word, "-+"), *source = at;
			char *colon = strchr(at, ':');
			size_t length;

			if (colon)
				*colon = 0;
			if (target && colon && colon[1] == '/')
				at = strtok(colon + 1, ":");
			if (!specifiers_resolve(obstacles->unit, at, path))
				continue;
			length = covers(obstacles, path);
			if (source != at && length && !has_library(obstacles, source, path))
				continue;
			if (length >= most && length) {
				most = length;
				*found = assignment;
			}
		}
		free(word);
	}
	return most;
}

/* The same for what is mounted into the service from outside. */
static size_t longest_bind(const struct obstacles *obstacles)
{
	const struct assignment *assignment;
	size_t both[] = { longest(obstacles, "BindPaths", true, &assignment),
			  longest(obstacles, "BindReadOnlyPaths", true, &assignment) };

	return both[0] > both[1] ? both[0] : both[1];
}

bool obstacles_bound(const struct obstacles *obstacles, const char *path)
{
	struct library library = *obstacles->library;
	struct obstacles other = *obstacles;

	snprintf(library.path, sizeof library.path, "%s", path);
	other.library = &library;
	return longest_bind(&other) > 0;
}

static void hides(struct obstacles *obstacles, const struct assignment *assignment)
{
	obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment, "%s hides %s from the service",
		 assignment->word, obstacles->library->path);
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcasecmp(word, *words))
		words++;
	return *words;
}

/* Looks at a key that hides certain directories if it has one of these values. */
static void look_at_switch(struct obstacles *obstacles, const char *key, const char *const *values,
			   const char *const *directories, bool can_be_bound)
{
	const struct assignment *assignment = assignments_find(&obstacles->unit->settings, key);

	if (!assignment || !is_one_of(assignment_value(assignment), values))
		return;
	for (; *directories; directories++) {
		size_t length = covers(obstacles, *directories);

		if (length && !(can_be_bound && longest_bind(obstacles) >= length))
			hides(obstacles, assignment);
	}
}

static void look_at_switches(struct obstacles *obstacles)
{
	static const char *const yes[] = {
		"1", "yes", "y", "true", "t", "on", "disconnected", NULL
	};
	static const char *const emptied[] = { "tmpfs", NULL };
	static const char *const homes[] = { "/home", "/root", "/run/user", NULL };
	static const char *const temporary[] = { "/tmp", "/var/tmp", NULL };

	look_at_switch(obstacles, "ProtectHome", yes, homes, false);
	look_at_switch(obstacles, "ProtectHome", emptied, homes, true);
	look_at_switch(obstacles, "PrivateTmp", yes, temporary, true);
	look_at_switch(obstacles, "DynamicUser", yes, temporary, true);
}

static void look_at_paths(struct obstacles *obstacles)
{
	const struct assignment *assignment = NULL, *other = NULL;
	size_t length;

	if (longest(obstacles, "InaccessiblePaths", false, &assignment))
		hides(obstacles, assignment);
	length = longest(obstacles, "TemporaryFileSystem", false, &assignment);
	if (length && longest_bind(obstacles) < length)
		hides(obstacles, assignment);
	length = longest(obstacles, "NoExecPaths", false, &assignment);
	if (length > longest(obstacles, "ExecPaths", false, &other))
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment,
			 "%s: programs and libraries there cannot be executed; add %s to "
			 "ExecPaths=",
			 assignment->word, obstacles->library->path);
}

/* The root directory of the service. */
static void look_at_root(struct obstacles *obstacles, const struct root *root)
{
	const struct assignment *assignment =
		assignments_find(&obstacles->unit->settings, "RootDirectory");
	char path[PATH_MAX], resolved[PATH_MAX], *whole;

	obstacles->inside = *root;
	if (!assignment ||
	    !specifiers_resolve(
		    obstacles->unit,
		    assignment_value(assignment) + (*assignment_value(assignment) == '-'), path) ||
	    !root_resolve(root, path, resolved) || !strcmp(resolved, "/"))
		return;
	whole = text_new("%s%s", root->path, resolved);
	if (!root_enter(&obstacles->inside, whole)) {
		obstacle(obstacles, WAYS | CERTAIN, assignment, "%s: %s", assignment->word,
			 strerror(errno));
		obstacles->inside = *root;
	}
	free(whole);
	if (!root_resolve(&obstacles->inside, obstacles->library->path, resolved) &&
	    !longest_bind(obstacles))
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, assignment,
			 "%s: %s does not exist there: copy it, or mount it by BindReadOnlyPaths=",
			 assignment->word, obstacles->library->path);
}

void obstacles_of_mounts(struct obstacles *obstacles)
{
	const struct assignment *image = assignments_find(&obstacles->unit->settings, "RootImage");

	look_at_root(obstacles, obstacles->unit->root);
	obstacles->image = image && *assignment_value(image);
	if (obstacles->image && !longest_bind(obstacles))
		obstacle(obstacles, WAY_LIBRARY, image,
			 "%s: cannot find out whether the image contains %s; otherwise, mount "
			 "it by BindReadOnlyPaths=",
			 image->word, obstacles->library->path);
	look_at_switches(obstacles);
	look_at_paths(obstacles);
}
