/* What the hooked calls return, what they leave in errno, and what they write for their caller. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

static void errors_of_socket(void)
{
	CALL("socket", socket(AF_INET, SOCK_STREAM, 0));
	CALL("socket of ipv6", socket(AF_INET6, SOCK_STREAM, IPPROTO_TCP));
	CALL("socket of mptcp", socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP));
	CALL("socket of udp", socket(AF_INET, SOCK_DGRAM, 0));
	CALL("socket of unix", socket(AF_UNIX, SOCK_STREAM, 0));
	CALL("socket of nothing", socket(-1, SOCK_STREAM, 0));
	CALL("socket, wrong type", socket(AF_INET, 0, 0));
	CALL("socket, wrong protocol", socket(AF_INET, SOCK_STREAM, IPPROTO_UDP));
}

/* Descriptors that are none, and one that is no socket: the same for each of the calls. */
static void errors_of_descriptors(void)
{
	static const struct {
		const char *name;
		int fd;
	} rows[] = {
		{ "-1", -1 },
		{ "lowest", INT_MIN },
		{ "highest", INT_MAX },
		{ "a million", 1 << 20 },
		{ "a million less one", (1 << 20) - 1 },
		{ "no socket", 0 },
	};
	struct sockaddr_in address = { .sin_family = AF_INET };
	char name[64];

	need(dup2(need(open("/dev/null", O_RDWR), "open"), 0), "dup2");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int fd = rows[i].fd;

		snprintf(name, sizeof name, "connect of %s", rows[i].name);
		CALL(name, connect(fd, (struct sockaddr *)&address, sizeof address));
		snprintf(name, sizeof name, "listen of %s", rows[i].name);
		CALL(name, listen(fd, 1));
		snprintf(name, sizeof name, "accept of %s", rows[i].name);
		CALL(name, accept(fd, NULL, NULL));
		snprintf(name, sizeof name, "accept4 of %s", rows[i].name);
		CALL(name, accept4(fd, NULL, NULL, 0));
	}
}

/* A port of the loopback address at which nobody listens, and which nobody else gets meanwhile. */
static struct place deserted_place(void)
{
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket");

	bind_loopback(fd, AF_INET);
	return place_of(fd);
}

static void errors_of_connect(void)
{
	int listening = listener(AF_INET);
	struct place place = place_of(listening);
	struct place deserted = deserted_place();
	struct sockaddr *there = (struct sockaddr *)&place.address;
	struct sockaddr_un nobody = { .sun_family = AF_UNIX, .sun_path = "/nobody/is/here" };
	struct sockaddr unspecified = { .sa_family = AF_UNSPEC };
	const struct sockaddr *nowhere = (const struct sockaddr *)(intptr_t)-1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int udp = socket(AF_INET, SOCK_DGRAM, 0);
	int nonblocking = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

	CALL("connect, refused",
	     connect(fd, (struct sockaddr *)&deserted.address, deserted.length));
	CALL("connect, short address", connect(fd, there, 3));
	CALL("connect, no address", connect(fd, NULL, place.length));
	CALL("connect, nothing at all", connect(fd, NULL, 0));
	CALL("connect, address nowhere", connect(fd, nowhere, place.length));
	CALL("connect of -1, address nowhere", connect(-1, nowhere, place.length));
	CALL("connect of past, address nowhere",
	     connect(raw_socket(AF_INET, SOCK_STREAM, 0), nowhere, place.length));
	CALL("connect, other family", connect(fd, (struct sockaddr *)&nobody, sizeof nobody));
	CALL("connect", connect(fd, there, place.length));
	CALL("connect, connected", connect(fd, there, place.length));
	CALL("connect, undone", connect(fd, &unspecified, sizeof unspecified));
	CALL("connect, nonblocking", connect(nonblocking, there, place.length));
	CALL("connect of udp", connect(udp, there, place.length));
	CALL("connect of unix",
	     connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&nobody, sizeof nobody));
	CALL("connect of past", connect(raw_socket(AF_INET, SOCK_STREAM, 0), there, place.length));
	CALL("connect of past mptcp",
	     connect(raw_socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), there, place.length));
	CALL("connect of past udp",
	     connect(raw_socket(AF_INET, SOCK_DGRAM, 0), there, place.length));
}

static void errors_of_listen(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int past = raw_socket(AF_INET, SOCK_STREAM, 0);
	int connected = client_of(listener(AF_INET));

	bind_loopback(fd, AF_INET);
	bind_loopback(past, AF_INET);
	CALL("listen", listen(fd, 1));
	CALL("listen again", listen(fd, 5));
	CALL("listen, negative", listen(fd, -1));
	CALL("listen of past", listen(past, 1));
	CALL("listen, connected", listen(connected, 1));
	CALL("listen of udp", listen(socket(AF_INET, SOCK_DGRAM, 0), 1));
	CALL("listen of unix", listen(socket(AF_UNIX, SOCK_STREAM, 0), 1));
	CALL("listen of past udp", listen(raw_socket(AF_INET, SOCK_DGRAM, 0), 1));
}

static void errors_of_accept(int listening, const char *whose)
{
	int flags = fcntl(listening, F_GETFL);
	struct sockaddr_storage address;
	socklen_t length = (socklen_t)-1;
	char name[64];

	client_of(listening);
	client_of(listening);
	snprintf(name, sizeof name, "accept%s", whose);
	CALL(name, accept(listening, NULL, NULL));
	snprintf(name, sizeof name, "accept4%s", whose);
	CALL(name, accept4(listening, NULL, NULL, SOCK_CLOEXEC));
	need(fcntl(listening, F_SETFL, flags | O_NONBLOCK), "fcntl");
	snprintf(name, sizeof name, "accept%s, nobody there", whose);
	CALL(name, accept(listening, NULL, NULL));
	snprintf(name, sizeof name, "accept4%s, nobody there", whose);
	CALL(name, accept4(listening, NULL, NULL, 0));
	snprintf(name, sizeof name, "accept4%s, unknown flags", whose);
	CALL(name, accept4(listening, NULL, NULL, 1));
	client_of(listening);
	snprintf(name, sizeof name, "accept%s, negative length", whose);
	CALL(name, accept(listening, (struct sockaddr *)&address, &length));
	client_of(listening);
	snprintf(name, sizeof name, "accept%s, no length", whose);
	CALL(name, accept(listening, (struct sockaddr *)&address, NULL));
}

void victim_errors(char **arguments)
{
	(void)arguments;
	say("errno at the begin: %d", errno_at_main);
	errors_of_socket();
	errors_of_descriptors();
	errors_of_connect();
	errors_of_listen();
	errors_of_accept(listener(AF_INET), "");
	errors_of_accept(raw_listener(AF_INET6), " of past");
	CALL("accept of one that does not listen",
	     accept(socket(AF_INET, SOCK_STREAM, 0), NULL, NULL));
	CALL("accept of udp", accept(socket(AF_INET, SOCK_DGRAM, 0), NULL, NULL));
	CALL("accept of past udp", accept(raw_socket(AF_INET, SOCK_DGRAM, 0), NULL, NULL));
}

static int unix_listener(void)
{
	int fd = need(socket(AF_UNIX, SOCK_STREAM, 0), "socket");
	struct sockaddr_un automatic = { .sun_family = AF_UNIX };

	/* An abstract name that the kernel makes up: six bytes. */
	need(bind(fd, (struct sockaddr *)&automatic, sizeof(sa_family_t)), "bind");
	need(listen(fd, 5), "listen");
	return fd;
}

static void say_address(const char *name, int listening, socklen_t given)
{
	enum { UNTOUCHED = 0xa5 };
	struct sockaddr_storage address;
	unsigned char *bytes = (unsigned char *)&address;
	socklen_t length = given;
	size_t written = sizeof address;
	int client = client_of(listening);
	int fd;

	memset(&address, UNTOUCHED, sizeof address);
	fd = need(accept(listening, (struct sockaddr *)&address, &length), "accept");
	while (written && bytes[written - 1] == UNTOUCHED)
		written--;
	say("%s, room for %d: length %d, %zu bytes written", name, (int)given, (int)length,
	    written);
	close(fd);
	close(client);
}

/* The address of the other end: its length, and what is written where there is little room. */
void victim_addresses(char **arguments)
{
	static const socklen_t rooms[] = { 0, 1, 4, 16, 28, 128 };
	struct {
		const char *name;
		int fd;
	} listeners[] = {
		{ "ipv4", listener(AF_INET) },
		{ "ipv6", listener(AF_INET6) },
		{ "unix", unix_listener() },
		{ "past", raw_listener(AF_INET) },
	};

	(void)arguments;
	for (size_t i = 0; i < sizeof listeners / sizeof *listeners; i++)
		for (size_t k = 0; k < sizeof rooms / sizeof *rooms; k++)
			say_address(listeners[i].name, listeners[i].fd, rooms[k]);
}

static void say_flags(const char *name, int fd)
{
	need(fd, name);
	say("%s: %s%s%s", name, describe(fd).text,
	    fcntl(fd, F_GETFD) & FD_CLOEXEC ? ", closed at exec" : "",
	    fcntl(fd, F_GETFL) & O_NONBLOCK ? ", nonblocking" : "");
}

/* accept4()'s flags; accept() has none, and hands none on. */
void victim_flags(char **arguments)
{
	int listening = listener(AF_INET);

	(void)arguments;
	need(fcntl(listening, F_SETFL, O_NONBLOCK), "fcntl");
	need(fcntl(listening, F_SETFD, FD_CLOEXEC), "fcntl");
	for (int i = 0; i < 5; i++)
		client_of(listening);
	say_flags("accept", accept(listening, NULL, NULL));
	say_flags("accept4, none", accept4(listening, NULL, NULL, 0));
	say_flags("accept4, exec", accept4(listening, NULL, NULL, SOCK_CLOEXEC));
	say_flags("accept4, block", accept4(listening, NULL, NULL, SOCK_NONBLOCK));
	say_flags("accept4, both", accept4(listening, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK));
}

static void beyond_the_limit(int listening)
{
	struct rlimit limit;
	int client = client_of(listening);
	int spare = dup(client);

	need(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	limit.rlim_cur = (rlim_t)spare;
	close(spare);
	need(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	CALL("socket beyond the limit", socket(AF_INET, SOCK_STREAM, 0));
	CALL("accept beyond the limit", accept(listening, NULL, NULL));
	CALL("accept4 beyond the limit", accept4(listening, NULL, NULL, 0));
	limit.rlim_cur = limit.rlim_max;
	need(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
}

/* The hooks with the highest descriptors that there can be. */
static void with_descriptors(const char *name, int lower, int higher)
{
	int listening = need(dup2(raw_listener(AF_INET), lower), "dup2");
	int client = need(dup2(raw_socket(AF_INET, SOCK_STREAM, 0), higher), "dup2");
	char line[64];

	snprintf(line, sizeof line, "%s listener", name);
	CALL(line, listen(listening, 5));
	say_socket(line, listening);
	snprintf(line, sizeof line, "%s client", name);
	CALL(line, connect_to(client, listening));
	say_socket(line, client);
	snprintf(line, sizeof line, "%s accepted", name);
	say_socket(line, accept(listening, NULL, NULL));
	close(listening);
	close(client);
}

/* limits: too few descriptors, and as many as may be had. */
void victim_limits(char **arguments)
{
	struct rlimit limit;

	(void)arguments;
	beyond_the_limit(listener(AF_INET));
	need(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	with_descriptors("high", (int)limit.rlim_cur - 2, (int)limit.rlim_cur - 1);
}

/* beyond: more than half a million; takes privileges, where the limit is lower. */
void victim_beyond(char **arguments)
{
	enum { HALF_A_MILLION = 512 * 1024 };
	struct rlimit limit = { 2 * HALF_A_MILLION, 2 * HALF_A_MILLION };

	(void)arguments;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		skip("no descriptors beyond half a million may be had here");
	with_descriptors("beyond", HALF_A_MILLION, 2 * HALF_A_MILLION - 1);
}
