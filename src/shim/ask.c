/* Asks the kernel about a socket. */
#include "shim/ask.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <sys/syscall.h>

#include "shim/kernel.h"
#include "shim/libc.h"

/* Returns the value of an option; -1 if unknown. */
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

/* The test that most other sockets fail comes first. */
bool ask_is_tcp(int fd)
{
	return ask_is_internet(get(fd, SOL_SOCKET, SO_DOMAIN)) &&
	       get(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
	       ask_is_tcp_protocol(get(fd, SOL_SOCKET, SO_PROTOCOL));
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

/* Returns the kernel's answer to the first four bytes at `at` as the value of an option. */
static long answer_to(int fd, int name, const char *at)
{
	return kernel_call(SYS_setsockopt, fd, SOL_SOCKET, name, (long)at, sizeof(int));
}

/*
 * qemu refuses a timeout of four bytes before it reads them, but it reads a socket type, which
 * cannot be set. Asked once per process, with NULL, which costs no page fault.
 */
static bool is_emulated(int fd)
{
	enum { UNKNOWN, KERNEL, EMULATOR };
	static atomic_int known;
	int who = atomic_load_explicit(&known, memory_order_relaxed);

	if (who == UNKNOWN) {
		long answer = answer_to(fd, SO_RCVTIMEO, NULL);

		who = answer == -EINVAL ? EMULATOR : answer == -EFAULT ? KERNEL : UNKNOWN;
		atomic_store_explicit(&known, who, memory_order_relaxed);
	}
	return who == EMULATOR;
}

bool ask_is_readable(int fd, const void *at, size_t length)
{
	const char *begin = at;
	bool emulated;
	int name, refusal;

	if (!at || length < sizeof(int))
		return false;
	emulated = is_emulated(fd);
	name = emulated ? SO_TYPE : SO_RCVTIMEO;
	refusal = emulated ? -ENOPROTOOPT : -EINVAL;
	return answer_to(fd, name, begin) == refusal &&
	       answer_to(fd, name, begin + length - sizeof(int)) == refusal;
}
