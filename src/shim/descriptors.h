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
	DESCRIPTOR_OTHER,            /* no TCP socket; with any bit above, listen() was called on it */
	DESCRIPTOR_OPENED,           /* made by socket() and configured, not used yet */
	DESCRIPTOR_CLIENT,           /* connect() was called on it */
	DESCRIPTOR_LISTENER,         /* what it accepts inherits its settings */
	DESCRIPTOR_ACCEPTED,
};

/* What the program has set itself on a descriptor: a bit each, above the state. */
enum {
	DESCRIPTOR_STATE = 0x07,
	DESCRIPTOR_SET = 0x08, /* of the first option, and so on for the first five */
	DESCRIPTOR_SETS = 5,
};

/* Any number may be given; beyond the table, or negative, nothing is kept and nothing is known. */

static inline unsigned char descriptor_byte(int fd)
{
	if ((unsigned int)fd >= DESCRIPTORS)
		return DESCRIPTOR_UNKNOWN;
	return atomic_load_explicit(&tables.descriptor[fd], memory_order_relaxed);
}

static inline enum descriptor_state descriptor_state(int fd)
{
	return (enum descriptor_state)(descriptor_byte(fd) & DESCRIPTOR_STATE);
}

/* For a descriptor that has just come to be: nobody has set anything on it yet. */
static inline void descriptor_set(int fd, enum descriptor_state state)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_store_explicit(&tables.descriptor[fd], (unsigned char)state,
				      memory_order_relaxed);
}

/* For one that is the same as before. */
static inline void descriptor_become(int fd, enum descriptor_state state)
{
	unsigned int kept = descriptor_byte(fd) & ~(unsigned int)DESCRIPTOR_STATE;

	descriptor_set(fd, (enum descriptor_state)(kept | state));
}

/* Notes that the program has set what the bit stands for. */
static inline void descriptor_mark(int fd, unsigned char bit)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_fetch_or_explicit(&tables.descriptor[fd], bit, memory_order_relaxed);
}

#endif
