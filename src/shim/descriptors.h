/* What is known of each descriptor: an entry of 16 bits apiece, written by the hooks alone. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

#include <stdbool.h>

#include "shim/tables.h"

/*
 * An optimisation only: descriptors also come, go and are copied in ways that no hook sees, so an
 * entry may be stale. A stale one costs a system call too many, or a socket that is missed.
 */
enum descriptor_state {
	DESCRIPTOR_UNKNOWN,          /* ask the kernel */
	DESCRIPTOR_FOREIGN_CLIENT,   /* not from socket(); configured at connect() */
	DESCRIPTOR_FOREIGN_LISTENER, /* the same; connections may wait that lack our settings */
	DESCRIPTOR_OTHER,            /* no TCP socket */
	DESCRIPTOR_OPENED,           /* made by socket() and configured, not used yet */
	DESCRIPTOR_CLIENT,           /* connect() was called on it */
	DESCRIPTOR_LISTENER,         /* what it accepts inherits its settings */
	DESCRIPTOR_ACCEPTED,
};

/* The bits of an entry. */
enum {
	DESCRIPTOR_STATE = 0x07,
	DESCRIPTOR_CLOSED = 0x08,   /* close() was called on the number */
	DESCRIPTOR_LISTENED = 0x10, /* of DESCRIPTOR_OTHER: listen() was called on it */
	DESCRIPTOR_MUTED = 0x10,    /* of TCP sockets: the program has switched keepalive off */
	DESCRIPTOR_SET = 0x20,      /* the program has set the first option; then a bit for each */
};

_Static_assert((DESCRIPTOR_SET << (OPTIONS - 1)) <= 0xffff, "an entry has a bit for each option");

/* Any number may be given; outside of the table nothing is kept and nothing is known. */

static inline unsigned int descriptor_entry(int fd)
{
	if ((unsigned int)fd >= DESCRIPTORS)
		return DESCRIPTOR_UNKNOWN;
	return atomic_load_explicit(&tables.descriptor[fd], memory_order_relaxed);
}

static inline void descriptor_store(int fd, unsigned int entry)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_store_explicit(&tables.descriptor[fd], (unsigned short)entry,
				      memory_order_relaxed);
}

/* What an entry says. UNKNOWN after close(): whose the number is now is not known. */
static inline enum descriptor_state descriptor_state_in(unsigned int entry)
{
	return entry & DESCRIPTOR_CLOSED ? DESCRIPTOR_UNKNOWN
					 : (enum descriptor_state)(entry & DESCRIPTOR_STATE);
}

static inline enum descriptor_state descriptor_state(int fd)
{
	return descriptor_state_in(descriptor_entry(fd));
}

/* For a descriptor that is new: nobody has set anything on it yet. */
static inline void descriptor_set(int fd, enum descriptor_state state)
{
	descriptor_store(fd, state);
}

/* For one that is the same socket as before. */
static inline void descriptor_become(int fd, enum descriptor_state state)
{
	const unsigned int replaced = DESCRIPTOR_STATE | DESCRIPTOR_CLOSED;

	descriptor_store(fd, (descriptor_entry(fd) & ~replaced) | (unsigned int)state);
}

static inline void descriptor_mark(int fd, unsigned int bits)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_fetch_or_explicit(&tables.descriptor[fd], (unsigned short)bits,
					 memory_order_relaxed);
}

static inline void descriptor_unmark(int fd, unsigned int bits)
{
	if ((unsigned int)fd < DESCRIPTORS)
		atomic_fetch_and_explicit(&tables.descriptor[fd], (unsigned short)~bits,
					  memory_order_relaxed);
}

/*
 * The number is about to be closed. What is known is kept and no longer trusted: a child of vfork()
 * that closes its descriptors has our memory, and the parent's sockets stay open; its other threads
 * use them meanwhile.
 */
static inline void descriptor_closing(int fd)
{
	if (descriptor_entry(fd))
		descriptor_mark(fd, DESCRIPTOR_CLOSED);
}

/*
 * `copy` is now another number of the same socket. What is no TCP socket, as far as is known, only
 * takes the number: a child of vfork() does that, too, and its parent has the socket as before.
 */
static inline void descriptor_copied(int fd, int copy)
{
	unsigned int entry = descriptor_entry(fd);
	enum descriptor_state state = (enum descriptor_state)(entry & DESCRIPTOR_STATE);

	if (fd == copy)
		return;
	if (!(entry & ~(unsigned int)DESCRIPTOR_CLOSED) || state == DESCRIPTOR_OTHER)
		descriptor_closing(copy);
	else
		descriptor_store(copy, entry);
}

/* The bit that notes that the program has set the option. */
static inline unsigned int descriptor_option(size_t id)
{
	return (unsigned int)DESCRIPTOR_SET << id;
}

#endif
