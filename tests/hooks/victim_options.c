/* What sockets read in the end: all options, what is inherited, what the program sets itself. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

static void say_all(const char *name, int fd)
{
	say("%s: %s%s", name, describe(fd).text, describe_others(fd, false).text);
}

/* Only what a connection does not negotiate. */
static void say_connection(const char *name, int fd)
{
	say("%s: %s%s", name, describe(fd).text, describe_others(fd, true).text);
}

/* All options, on both ends and on the way there. */
void victim_options(char **arguments)
{
	int listening = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = need(socket(AF_INET, SOCK_STREAM, 0), "socket");

	(void)arguments;
	say_all("made", client);
	bind_loopback(listening, AF_INET);
	say_all("bound", listening);
	need(listen(listening, 5), "listen");
	say_all("listening", listening);
	need(connect_to(client, listening), "connect");
	say_connection("connected", client);
	need((int)write(client, "x", 1), "write"); /* a deferred listener waits for it */
	say_connection("accepted", need(accept(listening, NULL, NULL), "accept"));
}

/* Listeners hand their values on, whatever the family and whichever call accepts. */
void victim_inherit(char **arguments)
{
	static const struct {
		const char *name;
		int family;
	} rows[] = { { "ipv4", AF_INET }, { "ipv6", AF_INET6 } };
	char name[32];

	(void)arguments;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		int listening = listener(rows[i].family);

		say_socket(rows[i].name, listening);
		snprintf(name, sizeof name, "%s client", rows[i].name);
		say_socket(name, client_of(listening));
		client_of(listening);
		snprintf(name, sizeof name, "%s accept", rows[i].name);
		say_socket(name, accept(listening, NULL, NULL));
		snprintf(name, sizeof name, "%s accept4", rows[i].name);
		say_socket(name, accept4(listening, NULL, NULL, SOCK_CLOEXEC));
	}
}

struct choice {
	const char *name;
	int level, option, value;
};

static void say_choice(const struct choice *it)
{
	int listening = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	char name[64];

	set(listening, it->level, it->option, it->value);
	set(client, it->level, it->option, it->value);
	bind_loopback(listening, AF_INET);
	need(listen(listening, 5), "listen");
	need(connect_to(client, listening), "connect");
	snprintf(name, sizeof name, "%s, client", it->name);
	say_socket(name, client);
	snprintf(name, sizeof name, "%s, listener", it->name);
	say_socket(name, listening);
	snprintf(name, sizeof name, "%s, accepted", it->name);
	say_socket(name, accept(listening, NULL, NULL));
}

/* A listener that is set while it listens, and a connection after it. */
static void say_late_choice(void)
{
	int listening = listener(AF_INET), fd;

	set(listening, IPPROTO_TCP, TCP_KEEPINTVL, 44);
	client_of(listening);
	fd = need(accept(listening, NULL, NULL), "accept");
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
	need(listen(listening, 6), "listen");
	client_of(listening);
	say_socket("late, accepted", fd);
	say_socket("late, listener", listening);
	say_socket("late, accepted then", accept(listening, NULL, NULL));
}

/* What the program sets itself, between socket() and connect() or listen(). */
void victim_own(char **arguments)
{
	static const struct choice choices[] = {
		{ "no keepalive", SOL_SOCKET, SO_KEEPALIVE, 0 },
		{ "keepalive", SOL_SOCKET, SO_KEEPALIVE, 1 },
		{ "idle", IPPROTO_TCP, TCP_KEEPIDLE, 300 },
		{ "interval", IPPROTO_TCP, TCP_KEEPINTVL, 33 },
		{ "count", IPPROTO_TCP, TCP_KEEPCNT, 3 },
		{ "timeout", IPPROTO_TCP, TCP_USER_TIMEOUT, 5000 },
		{ "no timeout", IPPROTO_TCP, TCP_USER_TIMEOUT, 0 },
		{ "idle as the kernel", IPPROTO_TCP, TCP_KEEPIDLE, 7200 },
	};

	(void)arguments;
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		say_choice(&choices[i]);
	say_late_choice();
}
