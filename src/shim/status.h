/* fstat(), as far as the library needs it. */
#ifndef KEEPALIVE_STATUS_H
#define KEEPALIVE_STATUS_H

#include "core/system.h"

/*
 * Fills *status for an open descriptor. Returns 0; a negative errno value on failure, and *status
 * is then unset.
 */
int file_status(int fd, struct file_status *status);

#endif
