/* What is done to the program's sockets; the only file that sets anything on them. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <stdbool.h>

#include "core/config.h"
#include "shim/descriptors.h"

/*
 * What is to be set, as config_derive left it, and what the kernel has where nobody set
 * anything. To be called once, before any of the functions below.
 */
void sockets_configure(const struct value *wanted, const struct kernel_values *kernel);

/*
 * The functions below may be called in a signal handler, in a vfork child and by several threads
 * at once. They keep errno. What the kernel refuses is left as it is, and the rest is set.
 */

/* socket() has made `fd` with these arguments. */
void socket_opened(int fd, int domain, int type, int protocol);

/* connect() or listen() is about to be called on `fd`. */
static inline void socket_connecting(int fd);
void socket_listening(int fd);

/* accept() or accept4() has returned `fd` from `listener`. */
static inline void socket_accepted(int listener, int fd);

/* The program was started with `fd` open; whether that is a socket is not known. */
void socket_inherited(int fd);

/* What is left of two of them where the table of descriptors does not say enough. */
void socket_connecting_unknown(int fd);
void socket_accepted_otherwise(int listener, int fd);

static inline void socket_connecting(int fd)
{
	if (descriptor_state(fd) == DESCRIPTOR_UNKNOWN)
		socket_connecting_unknown(fd);
}

static inline void socket_accepted(int listener, int fd)
{
	if (descriptor_state(listener) == DESCRIPTOR_OURS)
		descriptor_set(fd, DESCRIPTOR_OURS);
	else
		socket_accepted_otherwise(listener, fd);
}

#endif
