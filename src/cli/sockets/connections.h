/* The TCP connections of a network namespace that are followed, from look to look. */
#ifndef KEEPALIVE_CONNECTIONS_H
#define KEEPALIVE_CONNECTIONS_H

#include "cli/sockets/sample.h"
#include "core/option.h"

struct connection {
	struct sample last; /* as it was at the last look */
	unsigned int look;  /* the number of that look */
	long long first,
		seen; /* milliseconds of the monotonic clock: the first and the last look */
	long long
		persisting; /* the first look since which the persist timer runs; 0: it does not */
	int syn;            /* 1 if its figures count a SYN as acknowledged, else 0; -1: unknown */
	int fd;
	int tries; /* looks at which its process was searched for */
	int value[OPTIONS];
	bool reported; /* its end has been */
	bool gone;     /* to be dropped */
	void *holder;  /* the caller's: whose it is */
};

/* { 0 } is none. */
struct connections {
	struct connection **at; /* by cookie, as far as they are sorted */
	size_t count, room, sorted;
};

/* Returns the connection with that cookie; NULL if there is none. */
struct connection *connections_find(const struct connections *connections, uint64_t cookie);

/*
 * Takes what a look found: returns the connection, which is a new one if it was not known. New ones
 * are found only after connections_tidy().
 */
struct connection *connections_take(struct connections *connections, const struct sample *sample,
				    unsigned int look, long long now);

/* To be called after a look: sorts, and frees those that are gone. */
void connections_tidy(struct connections *connections);

/* Frees all. */
void connections_free(struct connections *connections);

#endif
