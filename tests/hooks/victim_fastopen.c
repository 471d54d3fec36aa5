/* Connections that sendto() and sendmsg() make with MSG_FASTOPEN, and what these return. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "hooks/victim.h"

static ssize_t by_sendto(int fd, const void *address, socklen_t length, int flags)
{
	return sendto(fd, "x", 1, flags | MSG_NOSIGNAL, address, length);
}

static ssize_t by_sendmsg(int fd, const void *address, socklen_t length, int flags)
{
	struct iovec part = { (char[]){ 'x' }, 1 };
	struct msghdr message = { .msg_name = (void *)(uintptr_t)address,
				  .msg_namelen = length,
				  .msg_iov = &part,
				  .msg_iovlen = 1 };

	return sendmsg(fd, &message, flags | MSG_NOSIGNAL);
}

static const struct way {
	const char *name;
	ssize_t (*send)(int fd, const void *address, socklen_t length, int flags);
} ways[] = { { "sendto", by_sendto }, { "sendmsg", by_sendmsg } };

enum { WAYS = sizeof ways / sizeof *ways };

static int tcp(int family)
{
	return need(socket(family, SOCK_STREAM, 0), "socket");
}

static int past(int family)
{
	return need(raw_socket(family, SOCK_STREAM, 0), "socket");
}

bool fastopen_is_off(int family)
{
	int fd = need(raw_socket(family, SOCK_STREAM, 0), "socket");
	/* The kernel looks at that before it looks at the address, which is none. */
	bool off =
		syscall(SYS_sendto, fd, "x", 1, MSG_FASTOPEN, NULL, 0) < 0 && errno == EOPNOTSUPP;

	close(fd);
	return off;
}

/* "sendto, WHAT: " and what comes of it. */
static void try_send(const struct way *way, const char *what, int fd, const void *address,
		     socklen_t length)
{
	char name[64];

	snprintf(name, sizeof name, "%s, %s", way->name, what);
	CALL(name, way->send(fd, address, length, MSG_FASTOPEN));
}

/* Where TCP Fast Open is off programs call connect(). */
static void send_first(const struct way *way, const char *what, int fd, const struct place *place,
		       bool off)
{
	char name[64];

	try_send(way, what, fd, &place->address, place->length);
	if (off)
		CALL("connect",
		     connect(fd, (const struct sockaddr *)&place->address, place->length));
	snprintf(name, sizeof name, "client by %s, %s", way->name, what);
	say_socket(name, fd);
	CALL("once more", way->send(fd, NULL, 0, 0));
}

/* fastopen ADDRESS [off]: clients of a listener there; `off`: the kernel refuses TCP Fast Open. */
void victim_fastopen(char **arguments)
{
	struct place place = read_place(*arguments);
	int family = place.address.ss_family, listening = socket(family, SOCK_STREAM, 0);
	bool off = arguments[1];

	if (listening < 0 || bind(listening, (struct sockaddr *)&place.address, place.length))
		skip("no %s here", *arguments);
	need(listen(listening, 20), "listen");
	place = place_of(listening);
	if (!off && fastopen_is_off(family))
		skip("TCP Fast Open is off here");
	for (int i = 0; i < WAYS; i++) {
		int fd = need(socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");

		send_first(&ways[i], "own", tcp(family), &place, off);
		send_first(&ways[i], "past", past(family), &place, off);
		try_send(&ways[i], "nonblocking", fd, &place.address, place.length);
		say_socket("nonblocking client", fd);
	}
}

static void errors_by(const struct way *way, const struct place *place)
{
	const void *nowhere = (const void *)(intptr_t)-1, *there = &place->address;
	const socklen_t length = place->length;
	int fd = tcp(AF_INET);

	try_send(way, "address nowhere", fd, nowhere, length);
	try_send(way, "past, address nowhere", past(AF_INET), nowhere, length);
	try_send(way, "long address", fd, there, sizeof(struct sockaddr_storage) + 1);
	try_send(way, "negative length", fd, there, (socklen_t)-1);
	try_send(way, "short address", tcp(AF_INET), there, 3);
	try_send(way, "no address", tcp(AF_INET), NULL, 0);
	try_send(way, "of -1", -1, there, length);
	try_send(way, "of -1, address nowhere", -1, nowhere, length);
	try_send(way, "of a file", need(open("/dev/null", O_RDWR), "open"), there, length);
	try_send(way, "of udp", socket(AF_INET, SOCK_DGRAM, 0), there, length);
	try_send(way, "of past udp", raw_socket(AF_INET, SOCK_DGRAM, 0), there, length);
	try_send(way, "of unix", socket(AF_UNIX, SOCK_STREAM, 0), NULL, 0);
	CALL("without the flag", way->send(tcp(AF_INET), there, length, 0));
	fd = tcp(AF_INET);
	try_send(way, "first", fd, there, length);
	try_send(way, "connected", fd, there, length);
	say_socket("client", fd);
}

/* fastopen-errors: what they return. */
void victim_fastopen_errors(char **arguments)
{
	const struct place place = place_of(listener(AF_INET));

	(void)arguments;
	if (fastopen_is_off(AF_INET))
		skip("TCP Fast Open is off here");
	for (int i = 0; i < WAYS; i++)
		errors_by(&ways[i], &place);
	CALL("no message", sendmsg(tcp(AF_INET), NULL, MSG_FASTOPEN));
	CALL("no message of past", sendmsg(past(AF_INET), NULL, MSG_FASTOPEN));
}

/*
 * fastopen-nowhere: messages that the kernel cannot read. Not for musl, whose sendmsg() reads them
 * itself.
 */
void victim_fastopen_nowhere(char **arguments)
{
	const size_t page = (size_t)sysconf(_SC_PAGESIZE);
	const struct msghdr *nowhere = (const void *)(intptr_t)-1;
	char *pages =
		mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	/* The pointer to its address is readable, the rest is not. */
	const struct msghdr *half = (const void *)(pages + page - sizeof(void *));

	(void)arguments;
	need(pages == MAP_FAILED ? -1 : munmap(pages + page, page), "pages");
	CALL("nowhere", sendmsg(tcp(AF_INET), nowhere, MSG_FASTOPEN));
	CALL("nowhere, past", sendmsg(past(AF_INET), nowhere, MSG_FASTOPEN));
	CALL("nowhere, of -1", sendmsg(-1, nowhere, MSG_FASTOPEN));
	CALL("nowhere, without the flag", sendmsg(tcp(AF_INET), nowhere, 0));
	CALL("half", sendmsg(tcp(AF_INET), half, MSG_FASTOPEN));
	CALL("half, past", sendmsg(past(AF_INET), half, MSG_FASTOPEN));
}
