/* The processes that hold the connections that events follows. */
#ifndef KEEPALIVE_HOLDER_H
#define KEEPALIVE_HOLDER_H

#include "cli/base/pids.h"
#include "cli/groups/owner.h"
#include "cli/sockets/connections.h"

struct holder {
	pid_t pid;
	char program[64];
	struct owner owner;
	size_t connections; /* that have it as their holder */
};

/* All that hold a connection. { 0 } is none. */
struct holders {
	struct holder **at;
	size_t count, room;
	bool denied; /* a process may not be looked at, or the settings of its sockets not be read
		      */
};

/* A connection to find the process of. */
struct sought {
	ino_t inode;
	struct connection *connection;
};

/*
 * Looks for the connections among the descriptors of these processes, and reads the settings of
 * those that it finds. The list is sorted.
 */
void holders_search(struct holders *holders, const struct pids *pids, struct sought *sought,
		    size_t count);

/* Reads the settings once more, as the program may have changed them. */
void holder_read(struct connection *connection);

/*
 * Fills in what a descriptor of its process tells of the connection. Returns false if the process
 * has it no more, or may not be looked at.
 */
bool holder_sample(const struct connection *connection, struct sample *sample);

/* Forgets whose a connection is; the holder, too, with its last one. */
void holders_release(struct holders *holders, struct connection *connection);

#endif
