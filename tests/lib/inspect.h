/* Reads the TCP sockets of other processes: the kernel's own values, on the real descriptors. */
#ifndef TESTS_INSPECT_H
#define TESTS_INSPECT_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/option.h"

struct seen {
	pid_t pid;
	int fd;
	int domain;
	int protocol;
	int state; /* TCP_LISTEN, TCP_ESTABLISHED... */
	int local_port;
	int remote_port;
	int value[OPTIONS]; /* in the kernel's units; -errno where it refuses to tell */
	int timer;          /* of /proc/net/tcp: 2 is the keepalive timer; -1: not found */
	double timer_left;  /* seconds */
};

/*
 * The TCP sockets of a process, or of it and all of its descendants; how many. A socket that
 * several of them hold is seen once for each. Processes that may not be looked into have none.
 */
int inspect_process(pid_t pid, struct seen *seen, int most);
int inspect_tree(pid_t root, struct seen *seen, int most);

/* The process id of `root` and those of all its descendants now; how many. */
int inspect_pids(pid_t root, pid_t *pids, int most);

#endif
