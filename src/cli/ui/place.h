/* A network namespace that events follows: what it has, and what has ended in it. */
#ifndef KEEPALIVE_PLACE_H
#define KEEPALIVE_PLACE_H

#include <netinet/in.h>

#include "cli/forecast/cause.h"
#include "cli/sockets/channel.h"
#include "cli/sockets/connections.h"

/* As many looks back it is known what had happened until then. */
enum { MARKS = 64 };

struct mark {
	struct counters counters;
	long pardoned; /* how many ends were taken for closed_unread by then, */
	long failed;   /* and for failed_attempts */
};

struct place {
	struct channel channel;
	struct connections connections;
	unsigned int look; /* the number of the last one */
	long long looked;  /* when that was, in milliseconds of the monotonic clock */
	long interval;     /* between the last two, in milliseconds */
	struct mark mark[MARKS];
	long pardoned, failed;
	struct counters now; /* what has happened up to this batch of endings */
	bool inhabited;      /* a process is there */
	bool listens[UINT16_MAX + 1];
};

/* Opens the network namespace of a process (0: ours); NULL and errno if that is denied. */
struct place *place_open(pid_t pid);
void place_free(struct place *place);

/* Looks at all connections. Returns false and errno if the kernel does not answer. */
bool place_look(struct place *place, long long now);

/* To be called before place_conclude, once for all that has ended at the same time. */
void place_count(struct place *place);

/*
 * Concludes why a connection has ended; `connection` is NULL if no look has seen it. `open`: its
 * program has not closed it.
 */
struct conclusion place_conclude(struct place *place, const struct connection *connection,
				 const struct sample *after, bool open, long long now);

/* Returns true if keepalive, the retransmission or the persist timer waits for an answer. */
bool connection_in_trouble(const struct connection *connection);

#endif
