/* What the mounts of a service hide from it: whether the library's file is to be seen there. */
#include <err.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/syntax.h"

void obstacle(struct obstacles *obstacles, bool certain, const struct said *said,
	      const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vasprintf(&text, format, arguments);
	va_end(arguments);
	if (length < 0)
		err(STATUS_FAILED, NULL);
	if (said)
		warnx("%s:%u: %s", said->file, said->line, text);
	else
		warnx("%s", text);
	free(text);
	obstacles->refused |= certain;
}

const char *said_value(const struct said *said)
{
	return strchr(said->word, '=') + 1;
}

static bool is_key(const struct said *said, const char *key)
{
	size_t length = strlen(key);

	return !strncmp(said->word, key, length) && said->word[length] == '=';
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

/* True if what is mounted there from elsewhere has the library in it. */
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
		      const struct said **found)
{
	const struct said_list *settings = &obstacles->unit->settings;
	size_t most = 0;

	for (size_t i = 0; i < settings->count; i++) {
		const struct said *said = &settings->at[i];
		const char *value = said_value(said);
		char *word, path[PATH_MAX];

		if (!is_key(said, key))
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
				*found = said;
			}
		}
		free(word);
	}
	return most;
}

/* The same of what is mounted into the service from outside. */
static size_t longest_bind(const struct obstacles *obstacles)
{
	const struct said *said;
	size_t both[] = { longest(obstacles, "BindPaths", true, &said),
			  longest(obstacles, "BindReadOnlyPaths", true, &said) };

	return both[0] > both[1] ? both[0] : both[1];
}

static void hides(struct obstacles *obstacles, const struct said *said)
{
	obstacle(obstacles, true, said, "%s hides %s from the service", said->word,
		 obstacles->library->path);
}

static bool is_one_of(const char *word, const char *const *words)
{
	while (*words && strcasecmp(word, *words))
		words++;
	return *words;
}

/* A key that hides certain directories where it has one of these values. */
static void look_at_switch(struct obstacles *obstacles, const char *key, const char *const *values,
			   const char *const *directories, bool can_be_bound)
{
	const struct said *said = said_of(&obstacles->unit->settings, key);

	if (!said || !is_one_of(said_value(said), values))
		return;
	for (; *directories; directories++) {
		size_t length = covers(obstacles, *directories);

		if (length && !(can_be_bound && longest_bind(obstacles) >= length))
			hides(obstacles, said);
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
	const struct said *said = NULL, *other = NULL;
	size_t length;

	if (longest(obstacles, "InaccessiblePaths", false, &said))
		hides(obstacles, said);
	length = longest(obstacles, "TemporaryFileSystem", false, &said);
	if (length && longest_bind(obstacles) < length)
		hides(obstacles, said);
	length = longest(obstacles, "NoExecPaths", false, &said);
	if (length > longest(obstacles, "ExecPaths", false, &other))
		obstacle(obstacles, true, said,
			 "%s: programs and libraries there cannot be executed; add %s to "
			 "ExecPaths=",
			 said->word, obstacles->library->path);
}

/* The root directory of the service. */
static void look_at_root(struct obstacles *obstacles, const struct root *root)
{
	const struct said *said = said_of(&obstacles->unit->settings, "RootDirectory");
	char path[PATH_MAX], resolved[PATH_MAX], *whole;

	obstacles->inside = *root;
	if (!said ||
	    !specifiers_resolve(obstacles->unit, said_value(said) + (*said_value(said) == '-'),
				path) ||
	    !root_resolve(root, path, resolved) || !strcmp(resolved, "/"))
		return;
	if (asprintf(&whole, "%s%s", root->path, resolved) < 0)
		err(STATUS_FAILED, NULL);
	root_enter(&obstacles->inside, whole);
	free(whole);
	if (!root_resolve(&obstacles->inside, obstacles->library->path, resolved) &&
	    !longest_bind(obstacles))
		obstacle(obstacles, true, said,
			 "%s: %s does not exist there: copy it, or mount it by BindReadOnlyPaths=",
			 said->word, obstacles->library->path);
}

void obstacles_of_mounts(struct obstacles *obstacles)
{
	const struct said *image = said_of(&obstacles->unit->settings, "RootImage");

	look_at_root(obstacles, obstacles->unit->root);
	obstacles->image = image && *said_value(image);
	if (obstacles->image && !longest_bind(obstacles))
		obstacle(obstacles, false, image,
			 "%s: cannot find out whether the image contains %s; otherwise, mount "
			 "it by BindReadOnlyPaths=",
			 image->word, obstacles->library->path);
	look_at_switches(obstacles);
	look_at_paths(obstacles);
}
