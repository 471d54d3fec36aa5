/* A tree of files, the machine or the image of one, which no link leads out of. */
#ifndef KEEPALIVE_ROOT_H
#define KEEPALIVE_ROOT_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>

struct root {
	const char *path; /* without a slash at its end; "" is the machine itself */
	bool is_image;    /* --root was given: nothing of it runs */
	bool is_user;     /* the units are those of the user's own manager */
	int fd;
};

/* Opens it: an image, or with NULL the machine. Ends the process where there is no such directory. */
void root_enter(struct root *root, const char *path);

/*
 * Opens a path as it is below the root, as openat does; -1 and errno. The same with the last
 * component being taken as it is, where it is a link, by O_NOFOLLOW.
 */
int root_open(const struct root *root, const char *path, int flags);

/* All of a regular file, to be freed; NULL and errno. What is no regular file is empty. */
char *root_read(const struct root *root, const char *path);

/* Where a path leads, below the root. False where it leads to nothing. */
bool root_resolve(const struct root *root, const char *path, char resolved[PATH_MAX]);

#endif
