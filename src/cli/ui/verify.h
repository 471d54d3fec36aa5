/* Whether a service that was restarted has the library, or BPF programs, and its settings. */
#ifndef KEEPALIVE_VERIFY_H
#define KEEPALIVE_VERIFY_H

#include "cli/ui/enabling.h"

/*
 * Looks at the processes that a unit has, for as long as it takes until all is as it should be, but
 * a few seconds at most, and prints what was found: whether each has the library loaded, or the
 * control group has BPF programs, and whether its TCP sockets have what the variables, and the
 * configuration file, set; then its sockets as show has them. Changes the environment of this
 * process. Returns the exit status.
 */
int verify_unit(const char *unit, const struct enabling *plan);

#endif
