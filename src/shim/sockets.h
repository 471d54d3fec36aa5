/* What is done to the program's sockets; the only file that sets anything on them. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <stdbool.h>

#include "core/config.h"

/*
 * What is to be set, as config_derive left it, and what the kernel has where nobody set
 * anything. To be called once, before any of the functions below.
 */
void sockets_configure(const struct value *wanted, const struct kernel_values *kernel);

/*
 * The functions below may be called in a signal handler, in a vfork child and by several threads
 * at once. They may change errno. What the kernel refuses is left as it is, and the rest is set.
 */

/* socket() has made `fd` with these arguments. */
void socket_opened(int fd, int domain, int type, int protocol);

/* connect() or listen() is about to be called on `fd`. */
void socket_connecting(int fd);
void socket_listening(int fd);

/* accept() or accept4() has returned `fd` from `listener`. */
void socket_accepted(int listener, int fd);

/* The program was started with `fd` open; whether that is a socket is not known. */
void socket_inherited(int fd);

#endif
