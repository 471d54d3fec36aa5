/* What tests expect of sockets, and wait for. */
#ifndef TESTS_EXPECT_H
#define TESTS_EXPECT_H

#include "core/option.h"
#include "lib/inspect.h"

/* The values that most tests look at, in the kernel's units. */
struct values {
	int keepalive, idle, interval, count, user_timeout;
};

/* What a socket has that nobody has touched, by the sysctls of this machine. */
struct values kernel_values(void);

/* True unless this kernel is too old for the option. */
bool kernel_has(enum option_id id);

/*
 * Waits until the tree of `root` has a socket in `state` (TCP_LISTEN...) whose local port (remote
 * port where `remote`) is `port`, 0 being any; fails the test after 20 seconds.
 */
struct seen expect_socket(pid_t root, int state, int port, bool remote);

/* Fails the test, naming `what`, where the socket has other values. */
void expect_values(const struct seen *seen, struct values values, const char *what);

#endif
