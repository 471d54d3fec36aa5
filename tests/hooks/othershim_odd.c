/* Another library, whose symbols are not of the usual types; the loader and the linker take them.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/socket.h>

#include "hooks/othershim.h"

static struct {
	atomic_int connect, listen;
} calls;

int count_connect(int fd, const struct sockaddr *address, socklen_t length)
	__attribute__((visibility("hidden")));

int count_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	int (*next)(int, const struct sockaddr *, socklen_t) =
		(int (*)(int, const struct sockaddr *, socklen_t))dlsym(RTLD_NEXT, "connect");

	calls.connect++;
	return next(fd, address, length);
}

/* Without a type, as in assembly that does not give one. */
__asm__(".globl connect\n"
	".set connect, count_connect\n"
	".type connect, %notype\n");

static int count_listen(int fd, int backlog)
{
	int (*next)(int, int) = (int (*)(int, int))dlsym(RTLD_NEXT, "listen");

	calls.listen++;
	return next(fd, backlog);
}

/* The symbol is that of a function which says where the function is. */
__attribute__((used)) static int (*choose_listen(void))(int, int)
{
	return count_listen;
}

int listen(int fd, int backlog) __attribute__((ifunc("choose_listen")));

__attribute__((destructor)) static void report(void)
{
	char line[64];

	snprintf(line, sizeof line, "other: connect %d, listen %d\n", calls.connect, calls.listen);
	report_line(line);
}
