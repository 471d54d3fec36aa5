/* The system calls that core needs. The caller provides them: core is linked to no C library. */
#ifndef KEEPALIVE_SYSTEM_H
#define KEEPALIVE_SYSTEM_H

#include <stddef.h>

/* The part of fstat() that is used. */
struct file_status {
	unsigned long long device, inode, size;
	unsigned int mode; /* st_mode */
	unsigned int owner, group;
};

/* Functions that return a number return a negative errno value on failure. */
struct system {
	int (*open)(const char *path); /* for reading; must not wait for a FIFO's writer */
	int (*describe)(int fd, struct file_status *status);
	long (*read)(int fd, char *to, size_t size); /* 0: end of the file; continues after EINTR */
	void (*close)(int fd);
};

#endif
