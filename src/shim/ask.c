/* What the kernel says of a socket. */
#include "shim/ask.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/syscall.h>

#include "shim/kernel.h"
#include "shim/libc.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* type is one of the kinds of socket in its low four bits, SOCK_NONBLOCK and such above. */
enum { TYPE_MASK = 0xf };

/* -1 if the kernel does not tell. */
static int get(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return real_getsockopt(fd, level, name, &value, &length) ? -1 : value;
}

int ask_option(int fd, size_t id)
{
	return get(fd, option_table[id].level, option_table[id].name);
}

static bool is_internet(int domain)
{
	return domain == AF_INET || domain == AF_INET6;
}

static bool is_tcp(int protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
}

bool is_tcp_socket(int domain, int type, int protocol)
{
	return is_internet(domain) && (type & TYPE_MASK) == SOCK_STREAM && is_tcp(protocol);
}

/* In the order in which most others drop out first. */
bool ask_is_tcp(int fd)
{
	return is_internet(get(fd, SOL_SOCKET, SO_DOMAIN)) &&
	       get(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
	       is_tcp(get(fd, SOL_SOCKET, SO_PROTOCOL));
}

bool ask_is_listening(int fd)
{
	return get(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1;
}

/* `call` is getsockname or getpeername, by its number. */
static bool ask_address(int fd, long call, struct address *address, uint16_t *port)
{
	struct sockaddr_in6 storage;
	socklen_t length = sizeof storage;

	return !kernel_call(call, fd, (long)&storage, (long)&length, 0, 0) &&
	       address_from_socket((const struct sockaddr *)&storage, length, address, port);
}

void ask_remote(int fd, struct endpoint *endpoint)
{
	endpoint->remote_known =
		ask_address(fd, SYS_getpeername, &endpoint->remote, &endpoint->remote_port);
}

void ask_local_port(int fd, struct endpoint *endpoint)
{
	struct address address;

	ask_address(fd, SYS_getsockname, &address, &endpoint->local_port);
}

/* What the kernel says to the first four bytes at `at` as the value of an option. */
static long answer_to(int fd, int name, const char *at)
{
	return kernel_call(SYS_setsockopt, fd, SOL_SOCKET, name, (long)at, sizeof(int));
}

bool ask_is_readable(int fd, const void *at, size_t length)
{
	const char *begin = at;
	int name = SO_RCVTIMEO, refusal = -EINVAL;

	if (!at || length < sizeof(int))
		return false;
	/* qemu finds four bytes too short for a timeout before it reads them; a type it reads. */
	if (answer_to(fd, name, NULL) == refusal) {
		name = SO_TYPE;
		refusal = -ENOPROTOOPT;
	}
	return answer_to(fd, name, begin) == refusal &&
	       answer_to(fd, name, begin + length - sizeof(int)) == refusal;
}
