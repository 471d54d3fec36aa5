/* The TCP sockets of a process: what netlink reports, and what only a descriptor can tell. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <limits.h>

#include "cli/sockets/diag.h"
#include "cli/sockets/process.h"
#include "core/option.h"
#include "core/rules.h"

/* A value that is not known; other values below 0 are -errno. */
enum { VALUE_UNKNOWN = INT_MIN };

/* A socket of a process. */
struct tcp_socket {
	const struct process *process; /* NULL: not known */
	int fd;
	int protocol; /* IPPROTO_TCP, IPPROTO_MPTCP; 0: it is no TCP socket */
	int value[OPTIONS];
	int refused;             /* the error for which it could not be read or set; 0: none */
	bool addressed;          /* state, local and remote are known */
	const struct diag *diag; /* of its network namespace */
	struct diag_socket kernel;
};

/* What sockets_visit reads of each socket, and its callbacks. */
struct look {
	unsigned int options; /* 1 << id: whose values are read */
	unsigned int if_on;   /* those of them that are read only if keepalive is on */
	/* Returns those of one whose state and ends are known, instead; NULL: the same of all. */
	unsigned int (*choose)(void *context, const struct tcp_socket *socket);
	bool netlink; /* no descriptor is taken: what netlink does not report stays unknown */
	/* Returns true for sockets to be left out; NULL: all are read. */
	bool (*skip)(void *context, ino_t inode);
	/* Returns false for sockets to be left out, once their state and ends are known; NULL: all
	 * are taken. */
	bool (*wanted)(void *context, const struct tcp_socket *socket);
	/* Called with a descriptor of ours for the same socket, which is closed when it returns. */
	void (*use)(void *context, struct tcp_socket *socket, int own);
	/* Called for each socket when our descriptor is closed again. */
	void (*take)(void *context, const struct tcp_socket *socket);
	void *context;
};

/*
 * Looks at each socket. A descriptor of ours delays what the program does when it closes its own,
 * so one is taken only for what netlink does not tell, and closed at once. Sockets that come or go
 * meanwhile may be left out. Returns the error for which some could not be looked at; 0: none.
 */
int sockets_visit(const struct process *process, const struct look *look);

/* Returns a socket from what netlink reports; its process is not known. */
struct tcp_socket socket_from_netlink(const struct diag *diag, const struct diag_socket *reported);

/* Returns the value of an option; -errno on failure. */
int option_read(int fd, const struct option_row *option);

/* The ends of a socket, as rules look at them: a connection whose local port is listened on is a
 * server's. */
struct endpoint socket_endpoint(const struct tcp_socket *socket);

#endif
