/* The TCP sockets of a process: what netlink tells of them, and what only they tell themselves. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <limits.h>

#include "cli/sockets/diag.h"
#include "cli/sockets/process.h"
#include "core/option.h"

/* What a value is that nobody has told; other values below 0 are -errno. */
enum { VALUE_UNKNOWN = INT_MIN };

/* How one descriptor of a process stands. */
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

/* What is wanted of the sockets of a process, and who takes it. */
struct look {
	unsigned int options; /* 1 << id: whose values are read */
	/* Those that it is true for are left out, and not touched at all; NULL: none. */
	bool (*skip)(void *context, ino_t inode);
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

/* A socket of which netlink alone tells; of no known process. */
struct tcp_socket socket_from_netlink(const struct diag *diag, const struct diag_socket *told);

/* As RFC 9293 has them: "ESTABLISHED". */
const char *tcp_state_name(int state);

/* Reads an option of a socket; -errno where that fails. */
int option_read(int fd, const struct option_row *option);

#endif
