/* All TCP sockets of a network namespace, as the kernel reports them over netlink. */
#ifndef KEEPALIVE_DIAG_H
#define KEEPALIVE_DIAG_H

#include <netinet/in.h>
#include <sys/types.h>

#include "core/address.h"
#include "core/policy.h"

/* glibc 2.31 lacks it. */
#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* idiag_timer: the timer that runs. */
enum diag_timer {
	TIMER_UNKNOWN = -1,
	TIMER_NONE,
	TIMER_RETRANSMIT,
	TIMER_KEEPALIVE,
	TIMER_TIME_WAIT,
	TIMER_PERSIST
};

struct diag_socket {
	ino_t inode;
	uid_t user;
	int state; /* TCP_ESTABLISHED... */
	enum diag_timer timer;
	long left;           /* milliseconds until it fires */
	long unacknowledged; /* bytes written and not acknowledged, sent or not */
	int protocol;        /* IPPROTO_TCP or IPPROTO_MPTCP */
	int segment;         /* TCP_MAXSEG; 0: not known */
	int unanswered;      /* probes and retransmissions in a row without an answer */
	long silent;         /* milliseconds since the last packet of the peer; -1: not known */
	struct address local, remote;
	uint16_t local_port, remote_port;
	bool seen; /* for the caller to note */
};

struct diag {
	ino_t namespace; /* 0: it is not known, as the process has ended */
	pid_t process;   /* by which it was found last; 0: ourselves */
	bool told;       /* the kernel reported all sockets there */
	size_t count, room;
	struct diag_socket *socket;   /* by inode */
	bool listens[UINT16_MAX + 1]; /* by port */
	bool entered;                 /* the kernel's values there could be read */
	struct kernel_values kernel;
	int retries2; /* net.ipv4.tcp_retries2 there; -1: not known */
};

struct nlmsghdr;

/* Reads a message about a TCP socket. Returns false if it is too short. */
bool diag_read(const struct nlmsghdr *message, struct diag_socket *socket);

/*
 * Returns the TCP sockets, except those in TIME-WAIT, and the kernel's values in the network
 * namespace of a process (0: ourselves). Asks once for each namespace until diag_forget. Never
 * NULL.
 */
struct diag *diag_of(pid_t pid);
void diag_forget(void);

/* Returns the namespaces that were asked about since then, from 0 on; NULL after the last. */
struct diag *diag_nth(size_t number);

/* From now on, TCP_MAXSEG and the mark of Multipath TCP are not asked for, which takes the kernel a
 * lock of each socket: `protocol` is IPPROTO_TCP. */
void diag_leave_out_details(void);

/* Returns the socket with that inode; NULL if there is none. */
struct diag_socket *diag_find(const struct diag *diag, ino_t inode);

/* Returns true if a socket listens on that port there. */
bool diag_listens(const struct diag *diag, uint16_t port);

/* Returns the name of a state in RFC 9293: "ESTABLISHED". */
const char *tcp_state_name(int state);

#endif
