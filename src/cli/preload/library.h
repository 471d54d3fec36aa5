/* Finds the library, and writes values of LD_PRELOAD that name it. */
#ifndef KEEPALIVE_LIBRARY_H
#define KEEPALIVE_LIBRARY_H

#include "cli/preload/executable.h"
#include "cli/preload/places.h"

struct library {
	char path[PATH_MAX];    /* the file */
	char preload[PATH_MAX]; /* the word for LD_PRELOAD: the same, or with $LIB in it */
	bool found;             /* it exists; else the paths are those of an installation */
	bool for_all;           /* `preload` has $LIB: there are libraries for other ABIs, too */
	char *others[LIBRARY_PLACES + 1]; /* their paths, never freed; NULL ends them */
};

/*
 * Finds it beside the command, or as libtool builds it there, or where it was installed, below
 * `root` ("" is the machine itself). `named`, by --library, is taken as it is; NULL: not set.
 */
void library_find(struct library *library, const char *named, const char *root);

/* Like executable_obstacle, with the library that the loader of that program would take. */
const char *library_obstacle(const struct library *library, const struct executable *executable);

/* Returns true if it is the path of the library or of one of the others. */
bool library_is_any(const struct library *library, const char *path);

/* Returns true if LD_PRELOAD can name it: its path has neither blank nor colon. */
bool library_can_be_preloaded(const struct library *library);

/*
 * Returns LD_PRELOAD with the library after what is in it already (may be NULL or empty), unless it
 * is in it. To be freed; NULL without memory.
 */
char *preload_with(const char *preloaded, const char *library);

/* The same, whether the library is in it or not; neither may be empty. */
char *preload_append(const char *preloaded, const char *library);

/* Returns true if one of the entries of an LD_PRELOAD is a library of that name, in any directory.
 */
bool preload_has_library(const char *preloaded);

#endif
