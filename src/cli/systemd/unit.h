/* Reads the files of a service. */
#ifndef KEEPALIVE_UNIT_H
#define KEEPALIVE_UNIT_H

#include "cli/base/failure.h"
#include "cli/systemd/service.h"

/*
 * Reads all files of a service, except its drop-in named `own`, and the environment files that they
 * name. `unit`, which keeps root and name, is not to be freed. Returns false if there is no such
 * unit, or if it cannot be given a drop-in. Files that cannot be read are reported on stderr.
 */
bool unit_read(struct service *unit, const struct root *root, const char *name, const char *own,
	       struct failure *failure);

#endif
