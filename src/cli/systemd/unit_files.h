/* The files of a unit: its own, and its drop-ins. */
#ifndef KEEPALIVE_UNIT_FILES_H
#define KEEPALIVE_UNIT_FILES_H

#include "cli/base/failure.h"
#include "cli/base/root.h"
#include "cli/systemd/paths.h"

/*
 * Finds the files of a unit, its own first, in the order of their reading. Asks the systemd that
 * runs, unless this is an image. Returns false if there is no such unit, or if it cannot be given a
 * drop-in.
 */
bool unit_files(const struct root *root, const char *name, struct paths *files,
		struct failure *failure);

#endif
