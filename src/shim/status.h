/* What fstat() tells, as far as the library looks at it. */
#ifndef KEEPALIVE_STATUS_H
#define KEEPALIVE_STATUS_H

#include <stdbool.h>

struct file_status {
	unsigned long long device, inode, size;
	unsigned int mode; /* st_mode */
	unsigned int owner, group;
};

/* Asks the kernel about an open descriptor. Returns false if it does not tell; *status is then
 * unset. */
bool file_status(int fd, struct file_status *status);

#endif
