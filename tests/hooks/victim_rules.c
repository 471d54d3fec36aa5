/* What rules look at, what override puts back, and logging at bad stages. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "hooks/victim.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

struct place read_place(const char *text)
{
	struct place place = { .length = sizeof(struct sockaddr_in6) };
	struct sockaddr_in6 *ipv6 = (struct sockaddr_in6 *)&place.address;
	struct sockaddr_in *ipv4 = (struct sockaddr_in *)&place.address;

	if (inet_pton(AF_INET6, text, &ipv6->sin6_addr) == 1) {
		ipv6->sin6_family = AF_INET6;
	} else {
		need(inet_pton(AF_INET, text, &ipv4->sin_addr) - 1, "inet_pton");
		ipv4->sin_family = AF_INET;
		place.length = sizeof *ipv4;
	}
	return place;
}

static void wait_for_connection(int fd)
{
	struct pollfd ask = { fd, POLLOUT, 0 };

	need(poll(&ask, 1, 10000) - 1, "poll");
}

/* destination ADDRESS: both ends of connections to it. */
void victim_destination(char **arguments)
{
	struct place place = read_place(*arguments);
	int family = place.address.ss_family;
	int listening = socket(family, SOCK_STREAM, 0), client, past;
	int waiting, undone;
	struct sockaddr unspecified = { .sa_family = AF_UNSPEC };

	if (listening < 0 || bind(listening, (struct sockaddr *)&place.address, place.length))
		skip("no %s here", *arguments);
	CALL("listen", listen(listening, 5));
	say_socket("listener", listening);
	client = need(socket(family, SOCK_STREAM, 0), "socket");
	say_socket("made", client);
	CALL("connect", connect_to(client, listening));
	say_socket("client", client);
	say_socket("accepted", accept(listening, NULL, NULL));
	waiting = need(socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
	CALL("connect, nonblocking", connect_to(waiting, listening));
	say_socket("nonblocking", waiting);
	wait_for_connection(waiting);
	say_socket("accepted4", accept4(listening, NULL, NULL, SOCK_CLOEXEC));
	past = need(raw_socket(family, SOCK_STREAM, 0), "socket");
	CALL("connect of past", connect_to(past, listening));
	say_socket("past", past);
	undone = need(socket(family, SOCK_STREAM, 0), "socket");
	CALL("connect to nothing", connect(undone, &unspecified, sizeof unspecified));
	say_socket("to nothing", undone);
}

/* multipath: a connection of Multipath TCP. */
void victim_multipath(char **arguments)
{
	struct place place = read_place("127.0.0.1");
	int listening = socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), client;

	(void)arguments;
	if (listening < 0)
		skip("no Multipath TCP here");
	need(bind(listening, (struct sockaddr *)&place.address, place.length), "bind");
	need(listen(listening, 5), "listen");
	client = need(socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), "socket");
	CALL("connect", connect_to(client, listening));
	say_socket("client", client);
	CALL("connect, address nowhere",
	     connect(need(socket(AF_INET, SOCK_STREAM, IPPROTO_MPTCP), "socket"), (void *)1,
		     sizeof(struct sockaddr_in)));
}

/* What is tried on each socket. */
static const struct attempt {
	const char *name;
	int level, option, value;
} attempts[] = {
	{ "keepalive 0", SOL_SOCKET, SO_KEEPALIVE, 0 },
	{ "keepalive 1", SOL_SOCKET, SO_KEEPALIVE, 1 },
	{ "idle 300", IPPROTO_TCP, TCP_KEEPIDLE, 300 },
	{ "idle 0", IPPROTO_TCP, TCP_KEEPIDLE, 0 },
	{ "idle 32768", IPPROTO_TCP, TCP_KEEPIDLE, 32768 },
	{ "interval 33", IPPROTO_TCP, TCP_KEEPINTVL, 33 },
	{ "interval -1", IPPROTO_TCP, TCP_KEEPINTVL, -1 },
	{ "count 3", IPPROTO_TCP, TCP_KEEPCNT, 3 },
	{ "count 128", IPPROTO_TCP, TCP_KEEPCNT, 128 },
	{ "timeout 5000", IPPROTO_TCP, TCP_USER_TIMEOUT, 5000 },
	{ "timeout -1", IPPROTO_TCP, TCP_USER_TIMEOUT, -1 },
	{ "something else", SOL_SOCKET, SO_RCVLOWAT, 2 },
};

static void try_all(const char *whose, int fd)
{
	char name[64];

	for (size_t i = 0; i < sizeof attempts / sizeof *attempts; i++) {
		const struct attempt *it = &attempts[i];

		snprintf(name, sizeof name, "%s, %s", whose, it->name);
		CALL(name, setsockopt(fd, it->level, it->option, &it->value, sizeof it->value));
	}
	snprintf(name, sizeof name, "%s in the end", whose);
	say_socket(name, fd);
}

static void try_wrongly(int fd)
{
	int value = 300;
	char byte = 1;

	CALL("no value", setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, NULL, sizeof value));
	CALL("short value", setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &byte, sizeof byte));
	CALL("long value", setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &(long){ 300 }, sizeof(long)));
	CALL("wrong level", setsockopt(fd, 12345, TCP_KEEPIDLE, &value, sizeof value));
	CALL("of -1", setsockopt(-1, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value));
	CALL("of none", setsockopt(1 << 20, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value));
	CALL("of a file", setsockopt(need(open("/dev/null", O_RDWR), "open"), IPPROTO_TCP,
				     TCP_KEEPIDLE, &value, sizeof value));
	CALL("of udp", setsockopt(socket(AF_INET, SOCK_DGRAM, 0), IPPROTO_TCP, TCP_KEEPIDLE, &value,
				  sizeof value));
	CALL("of past udp", setsockopt(raw_socket(AF_INET, SOCK_DGRAM, 0), SOL_SOCKET, SO_KEEPALIVE,
				       &value, sizeof value));
}

/* The program's own settings, on every kind of socket. */
void victim_override(char **arguments)
{
	int listening = listener(AF_INET), client = client_of(listening);
	int fresh = need(socket(AF_INET, SOCK_STREAM, 0), "socket");

	(void)arguments;
	try_all("fresh", fresh);
	try_all("listener", listening);
	try_all("client", client);
	try_all("accepted", need(accept(listening, NULL, NULL), "accept"));
	try_all("past", need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket"));
	try_wrongly(client);
	say_socket("client still", client);
}

static int count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	int count = 0;

	while (directory && readdir(directory))
		count++;
	if (directory)
		closedir(directory);
	return count;
}

static atomic_int rounds;

/* Each call is overruled, and that said; the thread may end anywhere in between. */
static void *overrule_forever(void *socket)
{
	const int fd = *(int *)socket, value = 300;
	int before;

	pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &before);
	for (;;) {
		setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value);
		atomic_fetch_add(&rounds, 1);
	}
	return NULL;
}

/* cancel-log: threads that are cancelled while messages are written. */
void victim_cancel_log(char **arguments)
{
	enum { THREADS = 300 };
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket"), before = count_descriptors();
	pthread_t thread;

	(void)arguments;
	for (int i = 0; i < THREADS; i++) {
		int done = atomic_load(&rounds);

		need(-pthread_create(&thread, NULL, overrule_forever, &fd), "pthread_create");
		while (atomic_load(&rounds) == done)
			sched_yield();
		for (volatile int pause = 0; pause < i * 50; pause++)
			continue;
		need(-pthread_cancel(thread), "pthread_cancel");
		need(-pthread_join(thread, NULL), "pthread_join");
	}
	say("left open: %d", count_descriptors() - before);
}

/* log-end: no descriptor is to be had for a message, then there is again. */
void victim_log_end(char **arguments)
{
	struct rlimit limit, none;
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket"), value = 300;

	(void)arguments;
	need(getrlimit(RLIMIT_NOFILE, &limit), "getrlimit");
	none = limit;
	none.rlim_cur = (rlim_t)fd + 1;
	need(setrlimit(RLIMIT_NOFILE, &none), "setrlimit");
	CALL("without", setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value));
	need(setrlimit(RLIMIT_NOFILE, &limit), "setrlimit");
	value = 301;
	CALL("with", setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value));
	say_socket("socket", fd);
}
