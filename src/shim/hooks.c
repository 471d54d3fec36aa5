/* The exported functions: the real call, and word of it to sockets.c, which keeps errno. */
#include <sys/socket.h>

#include "shim/libc.h"
#include "shim/sockets.h"
#include "shim/start.h"

#define EXPORT __attribute__((visibility("default")))

/* Not declared without _GNU_SOURCE, with which glibc declares the others in a way of its own. */
int accept4(int listener, struct sockaddr *restrict address, socklen_t *restrict length, int flags);

EXPORT int socket(int domain, int type, int protocol)
{
	int fd = next_socket(domain, type, protocol);

	if (fd >= 0 && shim_is_active())
		socket_opened(fd, domain, type, protocol);
	return fd;
}

EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (shim_is_active())
		socket_connecting(fd, address, length);
	return next_connect(fd, address, length);
}

EXPORT int listen(int fd, int backlog)
{
	if (shim_is_active())
		socket_listening(fd);
	return next_listen(fd, backlog);
}

EXPORT int accept(int listener, struct sockaddr *restrict address, socklen_t *restrict length)
{
	int fd = next_accept(listener, address, length);

	if (fd >= 0 && shim_is_active())
		socket_accepted(listener, fd);
	return fd;
}

EXPORT int accept4(int listener, struct sockaddr *restrict address, socklen_t *restrict length,
		   int flags)
{
	int fd = next_accept4(listener, address, length, flags);

	if (fd >= 0 && shim_is_active())
		socket_accepted(listener, fd);
	return fd;
}

EXPORT int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	int result = next_setsockopt(fd, level, name, value, length);

	if (!result && shim_is_active())
		socket_option_set(fd, level, name);
	return result;
}
