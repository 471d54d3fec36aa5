/* The drop-in of a unit that the command writes and removes: the file, whatever it says. */
#ifndef KEEPALIVE_DROPIN_H
#define KEEPALIVE_DROPIN_H

#include "cli/root.h"

#define DROPIN_NAME "50-libkeepalive.conf"

struct dropin {
	const struct root *root;
	const char *unit;
	bool runtime;
	char folder[PATH_MAX]; /* below the root, a slash in front */
	char path[PATH_MAX];   /* of the file, as it is here */
};

enum dropin_state { DROPIN_NONE, DROPIN_OURS, DROPIN_FOREIGN, DROPIN_CLOSED };

/* Where that of a unit lies; `runtime`: until the next boot. */
void dropin_place(struct dropin *dropin, const struct root *root, const char *unit, bool runtime);

/* What is there. DROPIN_FOREIGN: not what we wrote; DROPIN_CLOSED: it is not told, see errno. */
enum dropin_state dropin_look(const struct dropin *dropin);

/* The same for any path below a root. */
enum dropin_state dropin_look_at(const struct root *root, const char *path);

/*
 * Writes it, with a comment on top that tells what it is, and folders that are missing; over one of
 * ours, if there is one, and nothing else. If false, after a message, all is as it was.
 */
bool dropin_write(const struct dropin *dropin, const char *content);

/* Removes it, and the folders made for it if nothing else is in them. False after a message. */
bool dropin_remove(const struct dropin *dropin);

/*
 * After either: has systemd read its units again, unless this is an image, and prints what it takes
 * for the change to take effect. False after a message.
 */
bool dropin_announce(const struct dropin *dropin);

#endif
