/*
 * When the kernel notices that a peer is gone: arithmetic over a socket's settings, as Linux does.
 * Times are milliseconds after the stage that each function names. The kernel's timers are late by
 * up to an eighth of their length, never early; what is predicted is the earliest.
 */
#ifndef KEEPALIVE_PREDICT_H
#define KEEPALIVE_PREDICT_H

#include <stdbool.h>

/* What a prediction depends on. Values that a socket does not have itself are those of sysctls. */
struct timing {
	bool keepalive;
	int idle, interval; /* seconds */
	int count;          /* probes */
	int user_timeout;   /* milliseconds; 0: none */
	int rto_max;        /* milliseconds */
	int syn_count;      /* tries after the first */
	int syn_linear;     /* net.ipv4.tcp_syn_linear_timeouts; 0 where the kernel has none */
	int retries2;       /* net.ipv4.tcp_retries2 */
	int hz;             /* jiffies in a second; 0: as most kernels have it, 250 */
};

/* The packets sent, and the end. Of more than MOMENTS_MAX the first ones and the last are listed.
 */
enum { NEVER = -1, MOMENTS_MAX = 160 };

struct prediction {
	int sent;                  /* probes, retransmissions, or SYNs after the first */
	long long at[MOMENTS_MAX]; /* when */
	long long last;            /* when the last of them */
	long long end;             /* when the connection is given up; NEVER */
};

/* Returns when the packet with that number, from 0 on, is sent; NEVER if it is not listed. */
long long prediction_moment(const struct prediction *prediction, int number);

/*
 * An idle connection whose peer vanishes; after the last packet that came from it. (Where that was
 * the answer to a probe and interval is longer than idle, all of it comes by the difference later.)
 */
void predict_idle(const struct timing *timing, struct prediction *prediction);

/*
 * The number of probes that are lost until a user timeout ends an idle connection, where timers are
 * as late as they can be: the fewest.
 */
int predict_fewest_lost(const struct timing *timing);

/*
 * Returns when an idle connection is given up at the latest, with every timer as late as it can be;
 * NEVER without keepalive.
 */
long long predict_idle_latest(const struct timing *timing);

/*
 * Data on the way, on a fast path (an RTO of the least length), and nothing is acknowledged any
 * more; after that data was sent. The first packet sent is the tail loss probe of more than one
 * segment. If there is only one, the probe and everything after it come by the least RTO later.
 */
void predict_data(const struct timing *timing, struct prediction *prediction);

/*
 * Data that waits to be sent, under the persist timer: the peer's window is closed, or this host
 * cannot send (no route, a filter that drops), and no probe is answered; after the timer was
 * started. The kernel gives up after tcp_retries2 probes, user timeout or not; probes that were
 * answered before do not count, but have made the pauses longer.
 */
void predict_persist(const struct timing *timing, struct prediction *prediction);

/* connect() to an address where nobody answers; after the call. */
void predict_connect(const struct timing *timing, struct prediction *prediction);

#endif
