/* Three hosts on a virtual wire of the test's own, to cut and to heal, and what passes over it. */
#ifndef TESTS_WIRE_H
#define TESTS_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/harness.h"

/* MIDDLE is the router between the others. */
enum host { CLIENT, MIDDLE, SERVER, HOSTS };

#define CLIENT_ADDRESS "10.77.1.2"
#define SERVER_ADDRESS "10.77.2.2"

/*
 * Lays the wire, for the process that calls it and for those that it starts; it is gone as soon as
 * they are. NULL, or why that cannot be done here, where one of the programs (NULL ends them) is
 * missing, too. A process lays one wire at most.
 */
const char *wire_lay(const char *const *programs);

/* The same in a test, which ends where it cannot be done. */
#define LAY_WIRE(...)                                                                              \
	do {                                                                                       \
		const char *missing = wire_lay((const char *const[]){ __VA_ARGS__, NULL });        \
		if (missing)                                                                       \
			SKIP("%s", missing);                                                       \
	} while (0)

/* Moves to a host: the sockets that are made and the programs that are started from now on. */
void wire_enter(enum host host);

/* From now on what is sent vanishes at the router, in both directions, and nobody is told. */
void wire_cut(void);

/* The same by pulling the cable between the router and the client. */
void wire_pull(void);

/* The wire is whole again. */
void wire_heal(void);

/* Runs ip, nft... in a host with the rights to do so; fails the test unless it succeeds. */
void wire_tool(enum host host, const char *const *argv);

/* The same for lines of "ip -batch". */
void wire_ip(enum host host, const char *lines);

/* Sets /proc/sys/net/NAME in a host. */
void wire_sysctl(enum host host, const char *name, const char *value);

/* A listener in a host that takes all connections, and a connection from a host. */
int wire_listen(enum host host, int port);
int wire_connect(enum host host, const char *address, int port);

/* Ends our connection as a power failure does: the other side is not told. */
void wire_forget(int fd);

/* A segment as a host saw it. */
struct segment {
	double time;   /* seconds since the epoch */
	bool sent;     /* by this host, else received */
	int near, far; /* ports, of this host and of the other */
	uint32_t sequence, acknowledged;
	int length, flags, window;
	int bytes; /* with its headers, but for that of the link */
};

enum { FLAG_FIN = 1, FLAG_SYN = 2, FLAG_RST = 4, FLAG_ACK = 16 };

/*
 * Begins to capture in a host, on its cable or its loopback interface; and all that was captured
 * since then, oldest first, *count segments that stay the capture's own.
 */
int capture_begin(enum host host, bool loopback);
const struct segment *capture_read(int capture, int *count);

enum { PROBES_MAX = 128 };

/* What became of one connection since its peer was last heard of. Times are seconds after that. */
struct silence {
	double since; /* when the last segment came in that carried no RST; of the epoch */
	int answered; /* probes before that, each with its answer */
	int probes;   /* of length 0, their sequence one below what comes next */
	double probe[PROBES_MAX];
	int sent; /* what else was sent that has a length: SYN, FIN, data, again or anew */
	double other[PROBES_MAX];
	double reset; /* when this host sent an RST; 0: it did not */
	bool refused; /* the other host sent an RST */
};

/* The silence of the connection between a port of the capture's host and another's; 0 is any. */
struct silence silence_of(int capture, int near, int far);

#endif
