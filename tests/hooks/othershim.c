/* Another library that hooks the same five calls, in the usual way, and counts them. */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>

#include "hooks/othershim.h"

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags);

static struct {
	atomic_int socket, connect, listen, accept, accept4;
} calls;

int socket(int domain, int type, int protocol)
{
	int (*next)(int, int, int) = (int (*)(int, int, int))dlsym(RTLD_NEXT, "socket");

	calls.socket++;
	return next(domain, type, protocol);
}

int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int (*next)(int, const struct sockaddr *, socklen_t) =
		(int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");

	calls.connect++;
	return next(fd, address, length);
}

int listen(int fd, int backlog)
{
	int (*next)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "listen");

	calls.listen++;
	return next(fd, backlog);
}

int accept(int fd, struct sockaddr *restrict address, socklen_t *restrict length)
{
	int (*next)(int, struct sockaddr *, socklen_t *) =
		(int (*)(int, struct sockaddr *, socklen_t *))dlsym(RTLD_NEXT, "accept");

	calls.accept++;
	return next(fd, address, length);
}

int accept4(int fd, struct sockaddr *restrict address, socklen_t *restrict length, int flags)
{
	int (*next)(int, struct sockaddr *, socklen_t *, int) =
		(int (*)(int, struct sockaddr *, socklen_t *, int))dlsym(RTLD_NEXT, "accept4");

	calls.accept4++;
	return next(fd, address, length, flags);
}

__attribute__((destructor)) static void report(void)
{
	char line[128];

	snprintf(line, sizeof line,
		 "other: socket %d, connect %d, listen %d, accept %d, accept4 %d\n", calls.socket,
		 calls.connect, calls.listen, calls.accept, calls.accept4);
	report_line(line);
}
