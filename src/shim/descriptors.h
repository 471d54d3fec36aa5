/* What is known of each descriptor, one byte apiece; written by the hooks alone. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

#include <stdatomic.h>

/*
 * An optimisation only: descriptors come, go and are copied by ways that no hook sees, so a byte
 * may be stale. What follows from a stale one is a call too many, or a socket missed.
 */
enum descriptor_state {
	DESCRIPTOR_UNKNOWN,  /* ask the kernel */
	DESCRIPTOR_FOREIGN,  /* no TCP socket */
	DESCRIPTOR_OPENED,   /* made by socket() and configured, not used yet */
	DESCRIPTOR_CLIENT,   /* connect() was called on it */
	DESCRIPTOR_LISTENER, /* what it accepts inherits its settings */
	DESCRIPTOR_ADOPTED,  /* came from elsewhere: connections may wait that do not have them */
	DESCRIPTOR_ACCEPTED,
};

/* The kernel's own ceiling unless fs.nr_open was raised. A page costs nothing until it is used. */
enum { DESCRIPTORS = 1024 * 1024 };

extern atomic_uchar descriptor_states[DESCRIPTORS];

/* Any number may be given; beyond the table, or negative, nothing is kept and nothing is known. */

static inline enum descriptor_state descriptor_state(int fd)
{
	if ((unsigned int)fd >= DESCRIPTORS)
		return DESCRIPTOR_UNKNOWN;
	return (enum descriptor_state)atomic_load_explicit(&descriptor_states[fd],
							   memory_order_relaxed);
}

static inline void descriptor_set(int fd, enum descriptor_state state)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_store_explicit(&descriptor_states[fd], (unsigned char)state,
				      memory_order_relaxed);
}

#endif
