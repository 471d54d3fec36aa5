/* The directories in which systemd, or a user's own manager, looks for units. */
#ifndef KEEPALIVE_UNIT_PLACES_H
#define KEEPALIVE_UNIT_PLACES_H

#include "cli/base/root.h"

/* Returns them in the order in which they are searched, NULL after the last. */
const char *const *unit_places(const struct root *root);

/* Returns the one of them into which drop-ins are written; `runtime`: until the next boot. */
const char *unit_place_own(const struct root *root, bool runtime);

#endif
