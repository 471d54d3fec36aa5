/* Where the library is, and how LD_PRELOAD comes to name it. */
#ifndef KEEPALIVE_LIBRARY_H
#define KEEPALIVE_LIBRARY_H

#include "cli/preload/executable.h"

struct library {
	char path[PATH_MAX];    /* the file */
	char preload[PATH_MAX]; /* what LD_PRELOAD is to have: the same, or with $LIB in it */
	bool found;             /* it is there; else these are where it was to be installed */
	bool for_all;           /* `preload` has $LIB: there is a library for another ABI, too */
	char other[PATH_MAX];   /* which is that one */
};

/*
 * Finds it beside the command, or as libtool builds it there, or where it was installed, below
 * `root` ("" is the machine itself). `named`, by --library, is taken as it is; NULL: none was.
 */
void library_find(struct library *library, const char *named, const char *root);

/* As executable_obstacle, of whichever library the loader of that program would take. */
const char *library_obstacle(const struct library *library, const struct executable *executable);

/* True if LD_PRELOAD can name it: its path has neither blank nor colon. */
bool library_can_be_preloaded(const struct library *library);

/*
 * LD_PRELOAD with the library behind what is in it already (may be NULL or empty), once. To be
 * freed.
 */
char *preload_with(const char *preloaded, const char *library);

/* The same without looking for the library in it; neither is empty. */
char *preload_append(const char *preloaded, const char *library);

/* True if one of the entries of an LD_PRELOAD is the library, under whatever path. */
bool preload_has_library(const char *preloaded);

#endif
