/* What fstat() tells, as far as the library looks at it. */
#ifndef KEEPALIVE_STATUS_H
#define KEEPALIVE_STATUS_H

#include "core/system.h"

/* Asks the kernel about an open descriptor. Returns 0; or a negative errno value, and *status is
 * unset. */
int file_status(int fd, struct file_status *status);

#endif
