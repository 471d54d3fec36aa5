/* The variables in the files that EnvironmentFile= of a unit names. */
#ifndef KEEPALIVE_UNIT_ENVIRONMENT_H
#define KEEPALIVE_UNIT_ENVIRONMENT_H

#include "cli/systemd/service.h"

/*
 * Adds the variables of a file to unit->from_files. `file` has the value of EnvironmentFile= as its
 * word. A file that cannot be read is reported on stderr; a missing one sets nothing.
 */
void unit_read_environment_file(struct service *unit, const struct assignment *file);

#endif
