/* Reads the files of a service. */
#ifndef KEEPALIVE_UNIT_H
#define KEEPALIVE_UNIT_H

#include "cli/base/failure.h"
#include "cli/systemd/service.h"

/*
 * Reads all files of a service, and the environment files that they name. Of its drop-in at the
 * path `own` it takes what is not keepalive's; other files of that name have no effect. `unit`,
 * which keeps root and name, is not to be freed. Returns false if there is no such unit, or if it
 * cannot be given a drop-in. Files that cannot be read are reported on stderr.
 */
bool unit_read(struct service *unit, const struct root *root, const char *name, const char *own,
	       struct failure *failure);

#endif
