/* The drop-in of a unit that the command writes and removes: the file, whatever it says. */
#ifndef KEEPALIVE_DROPIN_H
#define KEEPALIVE_DROPIN_H

#include "cli/base/root.h"

#define DROPIN_NAME "50-libkeepalive.conf"

struct dropin {
	const struct root *root;
	const char *unit;
	bool runtime;
	char directory[PATH_MAX]; /* below the root, a slash in front */
	char path[PATH_MAX];      /* of the file, as it is here */
};

/* DROPIN_FOREIGN: without our mark; _SPECIAL: no regular file; _CLOSED: unreadable, see errno. */
enum dropin_state { DROPIN_NONE, DROPIN_OURS, DROPIN_FOREIGN, DROPIN_SPECIAL, DROPIN_CLOSED };

/*
 * Fills in the place of a unit's drop-in; `runtime`: until the next boot. Returns false and errno
 * if its path is too long.
 */
bool dropin_place(struct dropin *dropin, const struct root *root, const char *unit, bool runtime);

/* Returns the path of the file, from the root of the tree on. */
const char *dropin_inner_path(const struct dropin *dropin);

/* Returns what is there. */
enum dropin_state dropin_look(const struct dropin *dropin);

/* The same for any path below a root. */
enum dropin_state dropin_look_at(const struct root *root, const char *path);

/* The content of the file before and after a change; `after` is without our comment. */
struct dropin_change {
	enum dropin_state state;
	char *before;    /* NULL: no file */
	char *after;     /* NULL: the file is to be removed */
	int directories; /* how many were made for it */
};

/*
 * Plans to replace our lines in the file by `ours`, or to remove them (NULL); lines of others stay.
 * Returns false, after a message, if the file cannot be read or is not a regular one.
 */
bool dropin_plan(const struct dropin *dropin, const char *ours, struct dropin_change *change);

/* Prints the lines that go and those that come. */
void dropin_print_changes(const struct dropin_change *change);

/*
 * Does what was planned: writes the file, `marked` with our comment on top, and directories that
 * are missing, or removes it with the directories made for it. If false, after a message, all is as
 * it was.
 */
bool dropin_carry_out(const struct dropin *dropin, const struct dropin_change *change, bool marked);

/* After it: has systemd read its units again, unless this is an image. False after a message. */
bool dropin_announce(const struct dropin *dropin);

#endif
