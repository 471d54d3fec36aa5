/* Takes BPF programs back from a unit that runs. */
#ifndef KEEPALIVE_DETACHING_H
#define KEEPALIVE_DETACHING_H

#include <stdbool.h>

#include "cli/base/root.h"

/*
 * Detaches ours from the control group of a unit, or from those of a template's instances, without
 * instances that have a drop-in of their own; or prints that this would be done. Returns false,
 * after a message, if it cannot be done.
 */
bool detach_from_unit(const struct root *root, const char *unit, bool dry_run);

#endif
