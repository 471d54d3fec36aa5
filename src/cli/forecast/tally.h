/* How many connections of a service notice a dead peer, and how late the last of them does. */
#ifndef KEEPALIVE_TALLY_H
#define KEEPALIVE_TALLY_H

#include "cli/sockets/sockets.h"

/* { 0 } is none. */
struct tally {
	size_t connections; /* whose peer may vanish; those below are not among them */
	size_t loopback;    /* to this host itself */
	size_t listeners;   /* that other hosts may reach */
	size_t unread;      /* sockets of which not even that is known */

	size_t never;   /* of the connections: a dead peer is not noticed while they are idle */
	size_t unknown; /* others of which it is not known when a dead peer is noticed */
	long long idle, data; /* the longest time until that of the others, in milliseconds */
	bool idle_unknown, data_unknown; /* one of these times is not known of all connections */
	size_t listeners_off;            /* whose keepalive is off */
	size_t on, off;    /* of the connections: keepalive is; of the others it is not known */
	size_t unanswered; /* of the connections: probes or data were sent again without an answer
			    */
	size_t heard; /* of the connections: the time since the last packet of the peer is known */
	long silent;  /* the longest of these times, in milliseconds */
};

/*
 * What a socket is to be counted as. A connection that is not established yet is none: connect()
 * ends by itself.
 */
enum tally_kind { TALLY_NOTHING, TALLY_UNREAD, TALLY_LISTENER, TALLY_LOOPBACK, TALLY_CONNECTION };
enum tally_kind tally_kind(const struct tcp_socket *socket);

/* Returns the options that are needed to count it: 1 << id each. */
unsigned int tally_options(const struct tcp_socket *socket);

/* Counts a socket. */
void tally_add(struct tally *tally, const struct tcp_socket *socket);

/* Adds what another one counted. */
void tally_join(struct tally *tally, const struct tally *other);

/* Each returns the longest time, NEVER, DETECTION_UNKNOWN; DETECTION_NONE without a connection. */
long long tally_idle(const struct tally *tally);
long long tally_data(const struct tally *tally);

#endif
