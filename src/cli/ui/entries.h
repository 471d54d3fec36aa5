/* The sockets that show lists, each with all that its cells are made of. */
#ifndef KEEPALIVE_ENTRIES_H
#define KEEPALIVE_ENTRIES_H

#include "cli/sockets/sockets.h"

/* A process with sockets. It may have ended since: what is known of it is kept. */
struct holder {
	struct process process; /* closed */
	enum answer library;    /* ANSWER_UNKNOWN also if nobody asked */
	const char *reach;      /* as reach_name; NULL also if nobody asked */
};

struct entry {
	struct tcp_socket socket;    /* without its process and `diag` */
	const struct holder *holder; /* NULL: the process is not known */
	long long idle, data;        /* when a dead peer is noticed, as detection.h has it */
};

/* { 0 } is empty. */
struct entries {
	struct entry *at;
	size_t count, room;
	struct holder **holder;
	size_t holders, holder_room;
};

/* Adds a process, to be the holder of sockets. Holds until entries_free. */
struct holder *entries_add_holder(struct entries *entries, const struct process *process);

/* Adds a socket, and returns it; to be called while its `diag` exists. */
struct entry *entries_add(struct entries *entries, const struct tcp_socket *socket,
			  const struct holder *holder);

/* Empties it. */
void entries_free(struct entries *entries);

#endif
