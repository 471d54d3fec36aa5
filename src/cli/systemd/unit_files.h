/* Where a unit of systemd is written: its file and drop-ins, in the order of their reading. */
#ifndef KEEPALIVE_UNIT_FILES_H
#define KEEPALIVE_UNIT_FILES_H

#include "cli/base/root.h"

/* Paths below a root, a slash in front. */
struct paths {
	size_t count;
	char **at;
};

void paths_free(struct paths *paths);

/* The directories for drop-ins of a unit; a file in one hides those of its name in later ones. */
struct paths unit_dropin_folders(const struct root *root, const char *name);

/*
 * The files of a unit, its own first. Asks the systemd that runs, unless this is an image. Where
 * there is no such unit, or it cannot be given a drop-in, it says why and ends the process.
 */
struct paths unit_files(const struct root *root, const char *name);

#endif
