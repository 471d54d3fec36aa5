/*
 * When a hook only forwards the call, or notes one state besides. Never before forward_configure(),
 * so the real functions have been found then.
 */
#ifndef KEEPALIVE_FORWARD_H
#define KEEPALIVE_FORWARD_H

#include <sys/socket.h>

#include "shim/descriptors.h"

extern struct forwards {
	atomic_uint connect; /* a bit for each state of the socket */
	atomic_uint accept;  /* the same of the listener: connections inherit everything */
	atomic_bool option;  /* the program's options need not be noted */
} forwards;

/* Call this once. `stages`: the RULES_AT_... stages at which rules may apply. */
void forward_configure(unsigned int stages, bool notes_options);

/* From now on the program's options must be noted. */
void forward_end_for_options(void);

static inline bool forwards_in(atomic_uint *states, unsigned int entry)
{
	unsigned int of_states = atomic_load_explicit(states, memory_order_acquire);

	entry &= DESCRIPTOR_STATE | DESCRIPTOR_CLOSED;
	return __builtin_expect(of_states >> entry & 1, 1);
}

static inline bool forwards_connect(int fd)
{
	return forwards_in(&forwards.connect, descriptor_entry(fd));
}

/* `listener` is its entry. The connection is then to be noted as accepted, no more. */
static inline bool forwards_accept(unsigned int listener)
{
	return forwards_in(&forwards.accept, listener);
}

/* Keepalive always matters: if it is off, its value does not tell why. */
static inline bool forwards_option(int level, int name)
{
	bool options = atomic_load_explicit(&forwards.option, memory_order_acquire);

	return __builtin_expect(options, 1) && !(level == SOL_SOCKET && name == SO_KEEPALIVE);
}

#endif
