/* The drop-ins of a unit, and the directories that they can be in. */
#ifndef KEEPALIVE_UNIT_DROPINS_H
#define KEEPALIVE_UNIT_DROPINS_H

#include "cli/base/root.h"
#include "cli/systemd/paths.h"

/*
 * Returns the directories for drop-ins of a unit. A file in one of them hides those of its name in
 * later ones.
 */
struct paths unit_dropin_directories(const struct root *root, const char *name);

/* Appends the drop-ins of a unit, in the order of their reading. */
void unit_dropins_find(const struct root *root, const char *name, struct paths *files);

#endif
