/* Sockets and errors as short pieces of text: for the victims and for the drivers that run them. */
#ifndef TESTS_DESCRIBE_H
#define TESTS_DESCRIBE_H

struct description {
	char text[96];
};

/* "1 60/10/6 30000": keepalive, idle/interval/count, user timeout; "-" where the kernel refuses. */
struct description describe(int fd);

/* "5000 3": longest retransmission timeout, tries of a connect(). */
struct description describe_timers(int fd);

/* "7 1000 4096": deferred accept, largest segment, window clamp. */
struct description describe_sizes(int fd);

/* ENOENT and so on; for what the tests do not know, its number. */
const char *error_name(int error);

#endif
