/* The control group that attach and detach are to act on: a word of the command line. */
#ifndef KEEPALIVE_TARGET_H
#define KEEPALIVE_TARGET_H

#include "cli/groups/group.h"
#include "cli/verb.h"

/*
 * Opens the group of a unit (NGINX or nginx.service), or the one at a path (a word with a slash),
 * or that of this process (NULL). The root group needs `all`. Ends the process, after a message, if
 * that cannot be done.
 */
void target_open(struct group *group, const struct verb *verb, const char *word, bool all);

#endif
