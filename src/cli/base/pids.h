/* A list of process ids, in memory that grows. */
#ifndef KEEPALIVE_PIDS_H
#define KEEPALIVE_PIDS_H

#include <stddef.h>
#include <sys/types.h>

/* { 0 } is empty. `at` is the caller's to free. */
struct pids {
	pid_t *at;
	size_t count, room;
	size_t hidden; /* more that have no id in this namespace */
};

/* Appends one. */
void pids_add(struct pids *pids, pid_t pid);

#endif
