/* What keeps BPF programs from the processes of a unit, or keepalive attach from running for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/preload/launcher.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/syntax.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_places.h"
#include "cli/systemd/unit_specifiers.h"

/* systemd runs the command, also with +, in the root directory of the service, with its binds. */
static void look_at_root(struct obstacles *obstacles, const char *command)
{
	const struct assignments *settings = &obstacles->unit->settings;
	const char *key = obstacles->image ? "RootImage" : "RootDirectory";
	const struct assignment *root = assignments_find(settings, key);
	const char *value = root ? assignment_value(root) : "";
	bool inside = obstacles_bound(obstacles, command);
	char resolved[PATH_MAX];

	if (!*value || !strcmp(value, "/"))
		return;
	if (!obstacles->image && strcmp(obstacles->inside.path, obstacles->unit->root->path))
		inside |= root_resolve(&obstacles->inside, command, resolved);
	if (inside)
		obstacle(obstacles, WAY_KERNEL, root,
			 "%s runs inside of %s=, and needs /proc and /sys/fs/cgroup there", command,
			 key);
	else
		obstacle(obstacles, WAY_KERNEL | CERTAIN, root,
			 "%s cannot be run outside of %s=: use keepalive attach when the service "
			 "runs",
			 command, key);
}

static void look_at_launchers(struct obstacles *obstacles)
{
	const struct assignments *commands = &obstacles->unit->commands;

	for (size_t i = 0; i < commands->count; i++) {
		struct launcher launcher;
		char **words;

		if (!command_words(obstacles->unit, &commands->at[i], &words))
			continue;
		launcher = launcher_find(words, &obstacles->inside);
		if (launcher.name && launcher.group == GROUP_SESSION)
			obstacle(obstacles, WAY_KERNEL, &commands->at[i],
				 "%s: if PAM begins a session, its program gets the control group "
				 "of the session, and no settings",
				 launcher.name);
		command_words_free(words);
	}
}

static bool is_unit(const struct root *root, const char *name)
{
	const char *const *places = unit_places(root);
	char path[PATH_MAX], resolved[PATH_MAX];

	for (; *places; places++)
		if (snprintf(path, sizeof path, "%s/%s", *places, name) < PATH_MAX &&
		    root_resolve(root, path, resolved))
			return true;
	return false;
}

/* A connection has the control group of its listener, and systemd makes that in the socket's. */
static void tell_of_socket(struct obstacles *obstacles, const struct assignment *where,
			   const char *socket)
{
	obstacle(obstacles, WAY_KERNEL, where,
		 "what %s accepts is not in the control group of %s: enable %s, too", socket,
		 obstacles->unit->name, socket);
}

/* Sockets of other names, which Sockets= lists. */
static void look_at_other_sockets(struct obstacles *obstacles)
{
	const struct assignments *settings = &obstacles->unit->settings;
	char socket[PATH_MAX];

	for (size_t i = 0; i < settings->count; i++) {
		const struct assignment *line = &settings->at[i];
		const char *value = assignment_value(line);
		char *word = expect_memory(malloc(strlen(value) + 1));

		while (!strncmp(line->word, "Sockets=", 8) && word_read(&value, word) == WORD_READ)
			if (specifiers_resolve(obstacles->unit, word, socket) &&
			    unit_is_socket(socket))
				tell_of_socket(obstacles, line, socket);
		free(word);
	}
}

/* The socket of the unit's own name. */
static void look_at_socket(struct obstacles *obstacles)
{
	const char *name = obstacles->unit->name, *at = strchr(name, '@');
	const char *ends[] = { at, strrchr(name, '.') };

	for (size_t i = 0; i < 2; i++) {
		char socket[UNIT_NAME_SIZE + sizeof ".socket"];

		if (!ends[i] || unit_is_socket(name))
			continue;
		snprintf(socket, sizeof socket, "%.*s.socket", (int)(ends[i] - name), name);
		if (is_unit(obstacles->unit->root, socket))
			tell_of_socket(obstacles, NULL, socket);
	}
}

void obstacles_of_kernel(struct obstacles *obstacles, const char *command)
{
	const struct assignments *resets = &obstacles->unit->pre_resets;

	for (size_t i = 0; i < resets->count; i++)
		obstacle(obstacles, WAY_KERNEL | CERTAIN, &resets->at[i],
			 "ExecStartPre= is emptied after " DROPIN_NAME
			 ": give that file a name that sorts before it");
	look_at_root(obstacles, command);
	look_at_launchers(obstacles);
	look_at_socket(obstacles);
	look_at_other_sockets(obstacles);
}
