/* The table of descriptors: 16 bits for each, written only by the hooks. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

#include <stdbool.h>

#include "shim/tables.h"

/*
 * Only an optimisation: descriptors also come, go and are copied in ways that no hook sees, so an
 * entry may be stale. A stale entry costs a system call or misses a socket.
 */
enum descriptor_state {
	DESCRIPTOR_UNKNOWN,          /* ask the kernel */
	DESCRIPTOR_FOREIGN_CLIENT,   /* not from socket(); configured at connect() */
	DESCRIPTOR_FOREIGN_LISTENER, /* the same; connections in its queue may lack our settings */
	DESCRIPTOR_OTHER,            /* not a TCP socket */
	DESCRIPTOR_OPENED,           /* from socket() and configured, not used yet */
	DESCRIPTOR_CLIENT,           /* connect() was called on it */
	DESCRIPTOR_LISTENER,         /* accepted connections inherit its settings */
	DESCRIPTOR_ACCEPTED,
};

/* The bits of an entry. */
enum {
	DESCRIPTOR_STATE = 0x07,
	DESCRIPTOR_CLOSED = 0x08,   /* close() was called on the number */
	DESCRIPTOR_LISTENED = 0x10, /* for DESCRIPTOR_OTHER: listen() was called on it */
	DESCRIPTOR_MUTED = 0x10,    /* for TCP sockets: the program has switched keepalive off */
	DESCRIPTOR_SET = 0x20,      /* the program has set the first option; further bits follow */
};

_Static_assert((DESCRIPTOR_SET << (OPTIONS - 1)) <= 0xffff, "an entry has a bit for each option");

/* Any descriptor is allowed; those outside the table are UNKNOWN and not stored. */

static inline bool descriptor_has_entry(int fd)
{
	return __builtin_expect((unsigned int)fd < DESCRIPTORS, 1);
}

static inline unsigned int descriptor_entry(int fd)
{
	if (!descriptor_has_entry(fd))
		return DESCRIPTOR_UNKNOWN;
	return atomic_load_explicit(&tables.descriptor[fd], memory_order_relaxed);
}

static inline void descriptor_store(int fd, unsigned int entry)
{
	if (descriptor_has_entry(fd))
		atomic_store_explicit(&tables.descriptor[fd], (unsigned short)entry,
				      memory_order_relaxed);
}

/* Returns the state in an entry. UNKNOWN after close(): the number may be another socket's. */
static inline enum descriptor_state descriptor_state_in(unsigned int entry)
{
	return entry & DESCRIPTOR_CLOSED ? DESCRIPTOR_UNKNOWN
					 : (enum descriptor_state)(entry & DESCRIPTOR_STATE);
}

static inline enum descriptor_state descriptor_state(int fd)
{
	return descriptor_state_in(descriptor_entry(fd));
}

/* For a new descriptor: nobody has set anything on it. */
static inline void descriptor_set(int fd, enum descriptor_state state)
{
	descriptor_store(fd, state);
}

/* For the same socket as before: keeps the bits of options. */
static inline void descriptor_become(int fd, enum descriptor_state state)
{
	const unsigned int replaced = DESCRIPTOR_STATE | DESCRIPTOR_CLOSED;

	descriptor_store(fd, (descriptor_entry(fd) & ~replaced) | (unsigned int)state);
}

static inline void descriptor_mark(int fd, unsigned int bits)
{
	if (descriptor_has_entry(fd))
		atomic_fetch_or_explicit(&tables.descriptor[fd], (unsigned short)bits,
					 memory_order_relaxed);
}

static inline void descriptor_unmark(int fd, unsigned int bits)
{
	if (descriptor_has_entry(fd))
		atomic_fetch_and_explicit(&tables.descriptor[fd], (unsigned short)~bits,
					  memory_order_relaxed);
}

/*
 * The number is about to be closed. The entry is kept but not trusted: a child of vfork() that
 * closes its descriptors shares our memory, while the parent's sockets stay open and its threads
 * use them.
 */
static inline void descriptor_closing(int fd)
{
	if (descriptor_entry(fd))
		descriptor_mark(fd, DESCRIPTOR_CLOSED);
}

/*
 * `copy` is now another number of the same socket. If that is not known to be a TCP socket, the
 * entry of `copy` is only marked as closed: in a child of vfork() the parent still has its socket.
 */
static inline void descriptor_copied(int fd, int copy)
{
	unsigned int entry = descriptor_entry(fd);
	enum descriptor_state state = (enum descriptor_state)(entry & DESCRIPTOR_STATE);

	if (fd == copy || !(entry | descriptor_entry(copy)))
		return;
	if (!(entry & ~(unsigned int)DESCRIPTOR_CLOSED) || state == DESCRIPTOR_OTHER)
		descriptor_closing(copy);
	else
		descriptor_store(copy, entry);
}

/* Returns the bit that says that the program has set the option. */
static inline unsigned int descriptor_option(size_t id)
{
	return (unsigned int)DESCRIPTOR_SET << id;
}

#endif
