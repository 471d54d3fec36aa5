/* What the kernel tells of the TCP sockets in one network namespace, as long as it is open. */
#ifndef KEEPALIVE_CHANNEL_H
#define KEEPALIVE_CHANNEL_H

#include "cli/sockets/counters.h"
#include "cli/sockets/sample.h"

enum { CHANNEL_SYN_RETRIES = COUNTERS_FILES, CHANNEL_SYN_LINEAR, CHANNEL_FILES };

struct mnl_socket;

struct channel {
	ino_t namespace;
	struct mnl_socket *answers, *endings;
	int file[CHANNEL_FILES]; /* the counters, and two sysctls */
};

typedef void channel_take(void *context, const struct sample *sample);

/* Opens one in the network namespace of a process (0: ourselves). Returns false and errno. */
bool channel_open(struct channel *channel, pid_t pid);
void channel_close(struct channel *channel);

/* Becomes readable when a socket has ended there. */
int channel_descriptor(const struct channel *channel);

/*
 * Calls `take` (NULL: nothing) for each TCP socket that is there, except those in TIME-WAIT.
 * Returns false and errno if the kernel does not answer.
 */
bool channel_look(struct channel *channel, channel_take *take, void *context);

/*
 * Calls `take` for each TCP socket that has ended since the last call. Returns false if the kernel
 * had to drop some, as they were not read in time.
 */
bool channel_endings(struct channel *channel, channel_take *take, void *context);

/* Returns net.ipv4.tcp_syn_retries and tcp_syn_linear_timeouts there; -1: not known. */
int channel_syn_retries(const struct channel *channel);
int channel_syn_linear(const struct channel *channel);

#endif
