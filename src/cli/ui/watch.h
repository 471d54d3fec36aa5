/* Looks at sockets again and again: on a terminal a table that changes, else a line per change. */
#ifndef KEEPALIVE_WATCH_H
#define KEEPALIVE_WATCH_H

#include "cli/ui/listing.h"

/*
 * Looks every `seconds`, until the user ends it or, if the operands are process ids, until these
 * processes have ended. Returns the exit status.
 */
int watch_listing(struct listing *listing, int seconds);

#endif
