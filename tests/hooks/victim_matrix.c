/* matrix: sockets under numbers that something else had before, in every combination. */
#define _GNU_SOURCE
#include "hooks/matrix.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

/* Where those are kept that must not take the lowest number; free again after each cell. */
enum { ASIDE = 400, ASIDES = 16 };
static int asides;

/* By which sockets are received: it has to be there before a number is given up. */
static int messages[2] = { ASIDE + ASIDES, ASIDE + ASIDES + 1 };

/* Moves a descriptor out of the way, by calls that no library sees. */
static int aside(int fd)
{
	int number = ASIDE + asides++;

	need((int)syscall(SYS_dup3, need(fd, "aside"), number, 0), "dup3");
	syscall(SYS_close, fd);
	return number;
}

static void close_asides(void)
{
	while (asides)
		close(ASIDE + --asides);
}

static int unix_listener(void)
{
	struct sockaddr_un automatic = { .sun_family = AF_UNIX };
	int fd = need(socket(AF_UNIX, SOCK_STREAM, 0), "socket");

	need(bind(fd, (struct sockaddr *)&automatic, sizeof(sa_family_t)), "bind");
	need(listen(fd, 5), "listen");
	return fd;
}

static int tcp(void)
{
	return need(socket(AF_INET, SOCK_STREAM, 0), "socket");
}

static int connected(int fd)
{
	need(connect_to(fd, aside(raw_listener(AF_INET))), "connect");
	return fd;
}

static int switched_off(void)
{
	int fd = tcp();

	set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
	return fd;
}

/* It has accepted, so that all is known of it. */
static int used(int listening)
{
	for (int i = 0; i < 3; i++) {
		aside(raw_client_of(listening));
		close(need(accept(listening, NULL, NULL), "accept"));
	}
	return listening;
}

/* Something of that kind, under the lowest number. */
static int make_before(enum before before)
{
	switch (before) {
	case BEFORE_FILE:
		return open("/dev/null", O_RDWR);
	case BEFORE_UDP:
		return socket(AF_INET, SOCK_DGRAM, 0);
	case BEFORE_UNIX:
		return socket(AF_UNIX, SOCK_STREAM, 0);
	case BEFORE_UNIX_LISTENER:
		return unix_listener();
	case BEFORE_UNUSED:
		return tcp();
	case BEFORE_CLIENT:
		return connected(tcp());
	case BEFORE_LISTENER:
		return used(listener(AF_INET));
	case BEFORE_ACCEPTED: {
		int listening = aside(listener(AF_INET));

		aside(raw_client_of(listening));
		return accept(listening, NULL, NULL);
	}
	case BEFORE_RECEIVED_CLIENT:
		return connected(handed_over(raw_socket(AF_INET, SOCK_STREAM, 0)));
	case BEFORE_RECEIVED_LISTENER:
		return used(handed_over(raw_listener(AF_INET)));
	case BEFORE_SWITCHED_OFF:
		return switched_off();
	default:
		return -1;
	}
}

/* The socket that is to come, under a number out of the way. */
static int make_socket(enum came came, enum done done)
{
	bool own = came == CAME_OWN || came == CAME_OWN_SET;
	bool listens = done == DONE_ACCEPT || done == DONE_WAITING || done == DONE_LATER;
	int fd = own ? tcp() : raw_socket(AF_INET, SOCK_STREAM, 0), moved;

	if (came == CAME_OWN_SET)
		set(fd, IPPROTO_TCP, TCP_KEEPIDLE, MATRIX_OWN_IDLE);
	if (done != DONE_CONNECT && done != DONE_FASTOPEN)
		bind_loopback(fd, AF_INET);
	if (listens && own)
		need(listen(fd, 5), "listen");
	else if (listens)
		need(raw_listen(fd, 5), "listen");
	if (done == DONE_WAITING)
		aside(raw_client_of(fd));
	if (!own)
		return aside(fd);
	moved = need(dup2(fd, ASIDE + asides++), "dup2");
	close(fd);
	return moved;
}

/* Has the socket at `fd` be the descriptor `number`, which is free, or is replaced. */
static int come(enum came came, int fd, int number)
{
	int there;

	if (came == CAME_RAW) {
		there = (int)syscall(SYS_fcntl, fd, F_DUPFD, number);
	} else if (came == CAME_RECEIVED) {
		send_descriptor(messages[0], fd);
		there = receive_descriptor(messages[1]);
	} else {
		there = fd % 2 ? dup2(fd, number) : dup3(fd, number, 0);
	}
	need(there == number ? 0 : -1, "the same number");
	return there;
}

static void say_cell(const char *cell, int fd)
{
	say_socket(cell, fd);
	if (fd >= 0)
		aside(fd);
}

static void use(const char *cell, enum done done, int fd)
{
	struct place place;

	switch (done) {
	case DONE_CONNECT:
		need(connect_to(fd, aside(raw_listener(AF_INET))), "connect");
		say_socket(cell, fd);
		return;
	case DONE_FASTOPEN:
		place = place_of(aside(raw_listener(AF_INET)));
		need((int)sendto(fd, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&place.address,
				 place.length),
		     "sendto");
		say_socket(cell, fd);
		return;
	case DONE_LISTEN:
		need(listen(fd, 5), "listen");
		say_socket(cell, fd);
		return;
	case DONE_OVERRIDE:
		need(listen(fd, 5), "listen");
		set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 33);
		set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
		say_socket(cell, fd);
		return;
	case DONE_LATER:
		aside(raw_client_of(fd));
		close(accept(fd, NULL, NULL));
		break;
	default:
		break;
	}
	if (done != DONE_WAITING)
		aside(raw_client_of(fd));
	say_cell(cell, done == DONE_WAITING ? accept4(fd, NULL, NULL, SOCK_CLOEXEC)
					    : accept(fd, NULL, NULL));
}

static void try_cell(const char *cell, enum before before, enum freed freed, enum came came,
		     enum done done)
{
	int fd = make_socket(came, done), number = make_before(before);

	if (number < 0) {
		number = need(dup(STDOUT_FILENO), "dup");
		close(number);
	} else if (freed == FREED_BY_CLOSE) {
		close(number);
	}
	use(cell, done, come(came, fd, number));
	close(number);
	close_asides();
}

void victim_matrix(char **arguments)
{
	char cell[128];
	int ends[2];

	(void)arguments;
	if (fastopen_is_off(AF_INET))
		skip("TCP Fast Open is off here");
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	for (int i = 0; i < 2; i++) {
		need(dup2(ends[i], messages[i]), "dup2");
		close(ends[i]);
	}
	for (int before = 0; before < BEFORES; before++)
		for (int freed = 0; freed < FREEDS; freed++)
			for (int came = 0; came < CAMES; came++)
				for (int done = 0; done < DONES && matrix_has(freed, came);
				     done++) {
					snprintf(cell, sizeof cell, "%s, %s, %s, %s",
						 before_name[before], freed_name[freed],
						 came_name[came], done_name[done]);
					try_cell(cell, (enum before)before, (enum freed)freed,
						 (enum came)came, (enum done)done);
				}
}
