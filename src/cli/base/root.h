/* A tree of files: the machine, or the image of one, whose links are followed inside it. */
#ifndef KEEPALIVE_ROOT_H
#define KEEPALIVE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct root {
	const char *path; /* without a slash at its end; "" is the machine itself */
	bool is_image;    /* by --root: nothing in it runs */
	bool is_user;     /* the units are those of the user's own manager */
	int fd;
};

/* Opens the tree at `path`, or the machine if that is NULL. Returns false and errno on failure. */
bool root_enter(struct root *root, const char *path);

/*
 * Opens a path below the root with the flags of openat. Links are followed inside the root, the
 * last one not with O_NOFOLLOW. Returns the descriptor; -1 and errno on failure.
 */
int root_open(const struct root *root, const char *path, int flags);

/*
 * Returns the content of a file, to be freed; NULL and errno on failure. A file that is not regular
 * counts as empty.
 */
char *root_read(const struct root *root, const char *path);

/* Finds where a path leads, below the root. Returns false if there is nothing. */
bool root_resolve(const struct root *root, const char *path, char resolved[PATH_MAX]);

#endif
