/* Paths in /proc. */
#ifndef KEEPALIVE_PROC_H
#define KEEPALIVE_PROC_H

#include <sys/types.h>

struct proc_path {
	char at[96];
};

/* Returns the path of a file in the directory of a process. */
struct proc_path proc_path(pid_t pid, const char *what);

#endif
