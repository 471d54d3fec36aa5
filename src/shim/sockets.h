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
static inline void socket_opened(int fd, int domain, int type, int protocol);

/* connect() is about to be called with these arguments; listen() on `fd`. */
static inline void socket_connecting(int fd, const struct sockaddr *address, socklen_t length);
void socket_listening(int fd);

/*
 * The same as socket_connecting() for sendmsg() with MSG_FASTOPEN. The message is read only if the
 * kernel can read it.
 */
void socket_connecting_by_message(int fd, const struct msghdr *message);

/* accept() or accept4() has returned `fd` from `listener`, whose entry was `before` until then. */
static inline void socket_accepted(int listener, unsigned int before, int fd);

/* setsockopt() has set this option on `fd`. */
static inline void socket_option_set(int fd, int level, int name, const void *value);

/*
 * The program was started with `fd`, which may be closed and need not be a socket. Returns false if
 * it is not open. May change errno.
 */
bool socket_inherited(int fd);

/*
 * Whether the hooks have anything to do: before connect() on `fd`, and for the option that
 * setsockopt() sets. Whether connections inherit everything from a listener with this entry.
 */
static inline bool socket_connect_matters(int fd);
static inline bool socket_option_matters(int level, int name);
static inline bool socket_accepts_inheriting(unsigned int before);

/* The RULES_AT_... stages at which rules may apply. */
extern unsigned int sockets_stages;

/* Options may be set later than at socket(), so those that the program sets must be noted. */
extern atomic_bool sockets_set_later;

/* The slow paths: the table of descriptors does not say enough. */
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

static inline bool socket_connect_matters(int fd)
{
	enum descriptor_state state = descriptor_state(fd);

	return state <= DESCRIPTOR_FOREIGN_CLIENT ||
	       (state == DESCRIPTOR_OPENED && sockets_stages & RULES_AT_CONNECT);
}

static inline void socket_connecting(int fd, const struct sockaddr *address, socklen_t length)
{
	if (socket_connect_matters(fd))
		socket_connecting_slow(fd, address, length);
}

static inline bool socket_accepts_inheriting(unsigned int before)
{
	return descriptor_state_in(before) == DESCRIPTOR_LISTENER &&
	       !(sockets_stages & RULES_AT_ACCEPT);
}

static inline void socket_accepted(int listener, unsigned int before, int fd)
{
	if (socket_accepts_inheriting(before))
		descriptor_set(fd, DESCRIPTOR_ACCEPTED);
	else
		socket_accepted_slow(listener, before, fd);
}

static inline bool socket_option_matters(int level, int name)
{
	/* Otherwise only keepalive matters: if it is off, its value does not tell why. */
	return __builtin_expect(atomic_load_explicit(&sockets_set_later, memory_order_relaxed),
				0) ||
	       (level == SOL_SOCKET && name == SO_KEEPALIVE);
}

static inline void socket_option_set(int fd, int level, int name, const void *value)
{
	if (socket_option_matters(level, name))
		socket_option_set_slow(fd, level, name, value);
}

#endif
