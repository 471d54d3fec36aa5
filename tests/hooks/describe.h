/* Sockets and errors as short pieces of text: for the victims and for the drivers that run them. */
#ifndef TESTS_DESCRIBE_H
#define TESTS_DESCRIBE_H

#include <stdbool.h>

struct description {
	char text[256];
};

/* "1 60/10/6 30000": keepalive, idle/interval/count, user timeout; "-" where the kernel refuses. */
struct description describe(int fd);

/*
 * ", rto_max 5000, syn_count 3, defer_accept 7" and so on: all other options, by their keys; of a
 * connection those alone that it does not negotiate.
 */
struct description describe_others(int fd, bool connection);

/* ENOENT and so on; for what the tests do not know, its number. */
const char *error_name(int error);

#endif
