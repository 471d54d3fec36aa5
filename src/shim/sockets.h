/* What each hook means for a socket: its state, and what is set on it. See the table in DESIGN. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <sys/socket.h>

#include "core/policy.h"
#include "shim/ask.h"
#include "shim/descriptors.h"

/* Call this once, before any of the functions below; *policy must stay. */
void sockets_configure(const struct policy *policy);

/*
 * The functions below may be called in a signal handler, in a child of vfork(), and by several
 * threads at once. They keep errno. An option that the kernel refuses is skipped.
 */

/* socket() has made `fd` with these arguments. */
void socket_opened(int fd, int domain, int type, int protocol);

/* connect() is about to be called with these arguments; listen() on `fd`. */
void socket_connecting(int fd, const struct sockaddr *address, socklen_t length);
void socket_listening(int fd);

/*
 * The same as socket_connecting() for sendmsg() with MSG_FASTOPEN. The message is read only if the
 * kernel can read it.
 */
void socket_connecting_by_message(int fd, const struct msghdr *message);

/* accept() or accept4() has returned `fd` from `listener`, whose entry was `before` until then. */
void socket_accepted(int listener, unsigned int before, int fd);

/* setsockopt() has set this option on `fd`. */
void socket_option_set(int fd, int level, int name, const void *value);

/*
 * The program was started with `fd`, which may be closed and need not be a socket. Returns false if
 * it is not open. May change errno.
 */
bool socket_inherited(int fd);

/* The RULES_AT_... stages at which rules may apply. */
extern unsigned int sockets_stages;

#endif
