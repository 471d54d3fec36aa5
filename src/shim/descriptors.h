/* What is known of each descriptor, one byte apiece; written by the hooks alone. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

#include "shim/tables.h"

/*
 * An optimisation only: descriptors come, go and are copied by ways that no hook sees, so a byte
 * may be stale. What follows from a stale one is a call too many, or a socket missed.
 */
enum descriptor_state {
	DESCRIPTOR_UNKNOWN,          /* ask the kernel */
	DESCRIPTOR_FOREIGN_CLIENT,   /* came from elsewhere, and so may the next one of its number */
	DESCRIPTOR_FOREIGN_LISTENER, /* the same: connections may wait that lack our settings */
	DESCRIPTOR_OTHER,            /* no TCP socket */
	DESCRIPTOR_OPENED,           /* made by socket() and configured, not used yet */
	DESCRIPTOR_CLIENT,           /* connect() was called on it */
	DESCRIPTOR_LISTENER,         /* what it accepts inherits its settings */
	DESCRIPTOR_ACCEPTED,
};

/* Any number may be given; beyond the table, or negative, nothing is kept and nothing is known. */

static inline enum descriptor_state descriptor_state(int fd)
{
	if ((unsigned int)fd >= DESCRIPTORS)
		return DESCRIPTOR_UNKNOWN;
	return (enum descriptor_state)atomic_load_explicit(&tables.descriptor[fd],
							   memory_order_relaxed);
}

static inline void descriptor_set(int fd, enum descriptor_state state)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_store_explicit(&tables.descriptor[fd], (unsigned char)state,
				      memory_order_relaxed);
}

#endif
