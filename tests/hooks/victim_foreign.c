/* Sockets that did not come from socket(): made past the C library, received, copied, inherited. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/victim.h"

enum { WAITING = 3, CHOICES_MAX = 2 };

/* What the program sets itself on a socket that the hooks have not met yet. */
static const struct choice {
	const char *name;
	struct {
		int level, option, value;
	} set[CHOICES_MAX];
} choices[] = {
	{ "nothing", { { 0 } } },
	{ "keepalive", { { SOL_SOCKET, SO_KEEPALIVE, 1 } } },
	{ "idle", { { SOL_SOCKET, SO_KEEPALIVE, 1 }, { IPPROTO_TCP, TCP_KEEPIDLE, 300 } } },
	{ "interval", { { IPPROTO_TCP, TCP_KEEPINTVL, 33 }, { SOL_SOCKET, SO_KEEPALIVE, 1 } } },
	{ "count", { { SOL_SOCKET, SO_KEEPALIVE, 1 }, { IPPROTO_TCP, TCP_KEEPCNT, 3 } } },
	{ "timeout", { { IPPROTO_TCP, TCP_USER_TIMEOUT, 5000 } } },
};

static int raw_with(const struct choice *choice)
{
	int fd = need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket");

	for (int i = 0; i < CHOICES_MAX && choice->set[i].option; i++)
		set(fd, choice->set[i].level, choice->set[i].option, choice->set[i].value);
	return fd;
}

static void say_choice(const struct choice *choice)
{
	int client = raw_with(choice), listening = raw_with(choice);
	char name[64];

	bind_loopback(listening, AF_INET);
	need(listen(listening, 5), "listen");
	need(connect_to(client, listening), "connect");
	snprintf(name, sizeof name, "%s, client", choice->name);
	say_socket(name, client);
	snprintf(name, sizeof name, "%s, listener", choice->name);
	say_socket(name, listening);
	snprintf(name, sizeof name, "%s, accepted", choice->name);
	say_socket(name, accept(listening, NULL, NULL));
}

/* foreign: sockets made by system calls, which connect() and listen() are the first to meet. */
void victim_foreign(char **arguments)
{
	(void)arguments;
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++)
		say_choice(&choices[i]);
}

/* Accepts those that waited before the hooks knew the listener, and one that came later. */
static void say_backlog(const char *whose, int listening)
{
	char name[64];

	for (int i = 0; i < WAITING; i++) {
		snprintf(name, sizeof name, "%s, waiting", whose);
		say_socket(name, i % 2 ? accept4(listening, NULL, NULL, SOCK_CLOEXEC)
				       : accept(listening, NULL, NULL));
	}
	raw_client_of(listening);
	snprintf(name, sizeof name, "%s, later", whose);
	say_socket(name, accept(listening, NULL, NULL));
	snprintf(name, sizeof name, "%s, listener", whose);
	say_socket(name, listening);
}

/* backlog: listeners that were made, and listened, past the C library. */
void victim_backlog(char **arguments)
{
	char name[64];

	(void)arguments;
	for (size_t i = 0; i < sizeof choices / sizeof *choices; i++) {
		int listening = raw_with(&choices[i]);

		bind_loopback(listening, AF_INET);
		need(raw_listen(listening, WAITING + 1), "listen");
		for (int k = 0; k < WAITING; k++)
			raw_client_of(listening);
		snprintf(name, sizeof name, "%s", choices[i].name);
		say_backlog(name, listening);
	}
	say_socket("not accepted", raw_client_of(raw_listener(AF_INET6)));
}

void send_descriptor(int through, int fd)
{
	char control[CMSG_SPACE(sizeof fd)] = { 0 }, byte = 0;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	struct cmsghdr *header = CMSG_FIRSTHDR(&message);

	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof fd);
	memcpy(CMSG_DATA(header), &fd, sizeof fd);
	need((int)sendmsg(through, &message, 0), "sendmsg");
}

int receive_descriptor(int through)
{
	char control[CMSG_SPACE(sizeof(int))] = { 0 }, byte;
	struct iovec data = { &byte, 1 };
	struct msghdr message = { .msg_iov = &data,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof control };
	int fd = -1;

	need((int)recvmsg(through, &message, 0), "recvmsg");
	if (CMSG_FIRSTHDR(&message))
		memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof fd);
	return need(fd, "no descriptor came");
}

int handed_over(int fd)
{
	int ends[2], received;

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	send_descriptor(ends[0], fd);
	close(fd);
	received = receive_descriptor(ends[1]);
	close(ends[0]);
	close(ends[1]);
	return received;
}

/* received: sockets that came in a message. */
void victim_received(char **arguments)
{
	int listening = listener(AF_INET);
	int client = handed_over(raw_socket(AF_INET, SOCK_STREAM, 0));
	int past = handed_over(raw_listener(AF_INET));
	int own;

	(void)arguments;
	need(connect_to(client, listening), "connect");
	say_socket("client", client);
	for (int i = 0; i < WAITING; i++)
		raw_client_of(past);
	say_backlog("past", past);
	own = handed_over(listening);
	raw_client_of(own);
	say_socket("own, waiting", accept(own, NULL, NULL));
	raw_client_of(own);
	say_socket("own, later", accept(own, NULL, NULL));
}

/* A copy of the descriptor by each of the calls that make one, with a number that nobody had. */
static int copy(int fd, int how)
{
	static int fresh = 200;

	switch (how) {
	case 0:
		return dup(fd);
	case 1:
		return fcntl(fd, F_DUPFD_CLOEXEC, fresh++);
	case 2:
		return dup2(fd, fresh++);
	default:
		return dup3(fd, fresh++, O_CLOEXEC);
	}
}

static void say_copies(const char *what, int level, int option, int value)
{
	char name[64];

	for (int how = 0; how < 4; how++) {
		int listening = socket(AF_INET, SOCK_STREAM, 0);
		int client = socket(AF_INET, SOCK_STREAM, 0);

		if (option) {
			set(listening, level, option, value);
			set(client, level, option, value);
		}
		client = need(copy(client, how), "copy");
		bind_loopback(listening, AF_INET);
		need(listen(listening, 5), "listen");
		need(connect_to(client, listening), "connect");
		snprintf(name, sizeof name, "%s, client", what);
		say_socket(name, client);
		listening = need(copy(listening, how), "copy");
		snprintf(name, sizeof name, "%s, accepted", what);
		say_socket(name, accept(listening, NULL, NULL));
	}
}

/* duplicated: copies of our own descriptors, with the program's own choices on them. */
void victim_duplicated(char **arguments)
{
	(void)arguments;
	say_copies("untouched", 0, 0, 0);
	say_copies("idle", IPPROTO_TCP, TCP_KEEPIDLE, 300);
	say_copies("no timeout", IPPROTO_TCP, TCP_USER_TIMEOUT, 0);
	say_copies("no keepalive", SOL_SOCKET, SO_KEEPALIVE, 0);
}

/* activated FD: a listener that was there at the start, with connections that wait. */
void victim_activated(char **arguments)
{
	int listening = atoi(*arguments);

	say_socket("at the start", listening);
	say_backlog("given", listening);
}

/* chosen-later FD: the same, and the program sets options on it before it accepts. */
void victim_chosen_later(char **arguments)
{
	int listening = atoi(*arguments);

	set(listening, IPPROTO_TCP, TCP_USER_TIMEOUT, 0);
	set(listening, IPPROTO_TCP, TCP_KEEPIDLE, 300);
	say_backlog("given", listening);
}
