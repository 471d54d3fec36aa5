/* Programs whose peer is cut off in one way or another: which error each gets, and when. */
#ifndef TESTS_CUT_H
#define TESTS_CUT_H

#include "network/hang.h"

/* IPv4 and IPv6; seconds after which data on the way is given up. */
enum { FAMILIES = 2, PORT = 2000, USER_TIMEOUT = 6 };

extern settings cut_keepalive, cut_user_timeout;

/* How the peer is cut off. */
struct cut {
	const char *const *address; /* of the peer, one for each family */
	enum host peer;
	void (*prepare)(void); /* before the connections are made; NULL: nothing */
	void (*act)(void);
	const char *error; /* of connect(), and of data on the way */
	double connect;    /* seconds after which connect() fails; 0: by its user timeout */
	double slack;      /* seconds that it may come later */
};

/*
 * Binds this process and its children to one CPU. If a neighbour fails, the kernel reports that for
 * one waiting packet after another, and drops the rest once another CPU sends to the same
 * neighbour.
 */
void stay_on_one_cpu(void);

/* False if a Multipath TCP socket cannot be made, or takes no keepalive times (before 6.10). */
bool has_mptcp(void);

/* A listener of Multipath TCP in a host. */
void listen_mptcp(enum host host, int port);

/* Whether the kernel has IPv6. */
bool has_ipv6(void);

/* Gives a wire that was laid IPv6 addresses, too. */
void lay_ipv6(void);

/*
 * On a wire that was laid: an idle connection, one with data on the way, and connect(), by IPv4 and
 * by IPv6, each under the library and without. Fails the test unless they end as they should.
 */
void cut_off(const struct cut *cut);

/* A program that has or makes a connection; under the library, and its control without. */
struct attempt {
	char name[64];
	struct process process[2];
	double begun; /* of the epoch */
};

/* Waits until the one under the library gets `error`, after `seconds`, or up to `slack` later. */
void expect_fate(struct attempt *attempt, const char *error, double seconds, double slack);

#endif
