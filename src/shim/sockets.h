/* What each hook means for the socket: what it is, what is known of it, and what is to be set. */
#ifndef KEEPALIVE_SOCKETS_H
#define KEEPALIVE_SOCKETS_H

#include <sys/socket.h>

#include "core/policy.h"
#include "shim/ask.h"
#include "shim/descriptors.h"

/* To be called once, before any of the functions below; *policy has to stay. */
void sockets_configure(const struct policy *policy);

/*
 * The functions below may be called in a signal handler, in a vfork child and by several threads
 * at once. They keep errno. What the kernel refuses is left as it is, and the rest is set.
 */

/* socket() has made `fd` with these arguments. */
static inline void socket_opened(int fd, int domain, int type, int protocol);

/* connect() is about to be called with these arguments, listen() on `fd`. */
static inline void socket_connecting(int fd, const struct sockaddr *address, socklen_t length);
void socket_listening(int fd);

/*
 * The same as socket_connecting() for sendmsg() with MSG_FASTOPEN. The message is read only where
 * the kernel can read it, too.
 */
void socket_connecting_by_message(int fd, const struct msghdr *message);

/* accept() or accept4() has returned `fd` from `listener`, whose entry was `before` until then. */
static inline void socket_accepted(int listener, unsigned int before, int fd);

/* setsockopt() has set the option on `fd` to that value. */
static inline void socket_option_set(int fd, int level, int name, const void *value);

/*
 * The program was started with `fd`, maybe open, maybe a socket. Returns false if it is not open.
 * May change errno.
 */
bool socket_inherited(int fd);

/* Which rules there are that hold at one of the RULES_AT_... stages. */
extern unsigned int sockets_stages;

/* Something may be set, later than at socket(), on what the program has set before. */
extern atomic_bool sockets_set_later;

/* What is left of them where the table of descriptors does not say enough. */
void socket_opened_tcp(int fd);
void socket_connecting_slow(int fd, const struct sockaddr *address, socklen_t length);
void socket_accepted_slow(int listener, unsigned int before, int fd);
void socket_option_set_slow(int fd, int level, int name, const void *value);

static inline void socket_opened(int fd, int domain, int type, int protocol)
{
	if (is_tcp_socket(domain, type, protocol))
		socket_opened_tcp(fd);
	else
		descriptor_set(fd, DESCRIPTOR_OTHER);
}

static inline void socket_connecting(int fd, const struct sockaddr *address, socklen_t length)
{
	enum descriptor_state state = descriptor_state(fd);

	if (state <= DESCRIPTOR_FOREIGN_CLIENT ||
	    (state == DESCRIPTOR_OPENED && sockets_stages & RULES_AT_CONNECT))
		socket_connecting_slow(fd, address, length);
}

static inline void socket_accepted(int listener, unsigned int before, int fd)
{
	if (descriptor_state_in(before) == DESCRIPTOR_LISTENER &&
	    !(sockets_stages & RULES_AT_ACCEPT))
		descriptor_set(fd, DESCRIPTOR_ACCEPTED);
	else
		socket_accepted_slow(listener, before, fd);
}

static inline void socket_option_set(int fd, int level, int name, const void *value)
{
	/* Else keepalive alone is of interest: if it is off, reading it does not tell why. */
	if (__builtin_expect(atomic_load_explicit(&sockets_set_later, memory_order_relaxed), 0) ||
	    (level == SOL_SOCKET && name == SO_KEEPALIVE))
		socket_option_set_slow(fd, level, name, value);
}

#endif
