/* A list of paths. */
#ifndef KEEPALIVE_PATHS_H
#define KEEPALIVE_PATHS_H

#include <stddef.h>

/* Paths below a root, a slash in front. { 0 } is empty. */
struct paths {
	size_t count;
	char **at;
};

/* Appends a path, made of three parts. */
void paths_add(struct paths *paths, const char *directory, const char *name, const char *suffix);

/* Empties the list. */
void paths_free(struct paths *paths);

#endif
