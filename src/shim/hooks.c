/* The exported functions: the real call, and word of it to sockets.c. errno is the real call's. */
#include <sys/socket.h>

#include "shim/libc.h"
#include "shim/sockets.h"
#include "shim/start.h"

#define EXPORT __attribute__((visibility("default")))

/* Not declared without _GNU_SOURCE, with which glibc declares the others in a way of its own. */
int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags);

EXPORT int socket(int domain, int type, int protocol)
{
	int fd = next_socket(domain, type, protocol);

	if (fd >= 0 && shim_is_active()) {
		int saved = errno_get();

		socket_opened(fd, domain, type, protocol);
		errno_set(saved);
	}
	return fd;
}

EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (shim_is_active()) {
		int saved = errno_get();

		socket_connecting(fd);
		errno_set(saved);
	}
	return next_connect(fd, address, length);
}

EXPORT int listen(int fd, int backlog)
{
	if (shim_is_active()) {
		int saved = errno_get();

		socket_listening(fd);
		errno_set(saved);
	}
	return next_listen(fd, backlog);
}

static int accepted(int listener, int fd)
{
	if (fd >= 0 && shim_is_active()) {
		int saved = errno_get();

		socket_accepted(listener, fd);
		errno_set(saved);
	}
	return fd;
}

EXPORT int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	return accepted(fd, next_accept(fd, address, length));
}

EXPORT int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
	return accepted(fd, next_accept4(fd, address, length, flags));
}
