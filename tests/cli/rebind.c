/*
 * A server that closes its listener and connections, and listens on the same port again at once;
 * until its stdin ends. On loopback the kernel does all of that before close() returns, unless
 * another process has a descriptor of the socket: what is late is late because of that. Prints
 * "ready", when it has gone round often, and in the end how often it met that, and how long it took
 * at most.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KEPT = 20, PAUSE_NS = 500 * 1000, ROUNDS = 500 };

/* How often something was done, was late, and by how many microseconds at most. */
struct late {
	long done, late, longest;
};

static void expect(bool so, const char *what)
{
	if (!so)
		err(EXIT_FAILURE, "%s", what);
}

static long now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void note(struct late *late, long since)
{
	long took = since ? now_us() - since : 0;

	late->done++;
	late->late += since > 0;
	if (took > late->longest)
		late->longest = took;
}

/* Listens there; the port is chosen by the kernel where it is 0. */
static int listen_again(struct sockaddr_in *address, struct late *late)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;
	socklen_t length = sizeof *address;
	long since = 0;

	expect(fd >= 0, "socket");
	expect(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one), "SO_REUSEADDR");
	while (bind(fd, (struct sockaddr *)address, sizeof *address)) {
		expect(errno == EADDRINUSE, "bind");
		since = since ? since : now_us();
		usleep(20); /* nothing tells when the port is free */
	}
	note(late, since);
	expect(!listen(fd, KEPT), "listen");
	expect(!getsockname(fd, (struct sockaddr *)address, &length), "getsockname");
	return fd;
}

static int connect_to(const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	expect(fd >= 0, "socket of the client");
	expect(!connect(fd, (const struct sockaddr *)address, sizeof *address), "connect");
	return fd;
}

/* Leaves no TIME-WAIT, of which the ports would run out. */
static void close_with_reset(int fd)
{
	const struct linger reset = { .l_onoff = 1 };

	expect(!setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "SO_LINGER");
	expect(!close(fd), "close of the client");
}

/* The server closes first; the client sees the end of file. */
static void end_connection(int accepted, int client, struct late *late)
{
	long since = 0;
	char byte;

	expect(!close(accepted), "close of the accepted");
	if (recv(client, &byte, 1, MSG_DONTWAIT)) {
		expect(errno == EAGAIN, "recv");
		since = now_us();
		expect(!recv(client, &byte, 1, 0), "recv of the end");
	}
	note(late, since);
	close_with_reset(client);
}

static void print_late(const char *what, const struct late *late)
{
	printf("%s %ld late %ld longest %ld us\n", what, late->done, late->late, late->longest);
}

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct late binds = { 0 }, ends = { 0 };
	int listener = listen_again(&address, &binds), kept[2 * KEPT];

	for (int i = 0; i < KEPT; i++) {
		kept[2 * i] = connect_to(&address);
		kept[2 * i + 1] = accept(listener, NULL, NULL);
		expect(kept[2 * i + 1] >= 0, "accept of one that is kept");
	}
	puts("ready");
	fflush(stdout);
	for (int ended = 0; !ended;) {
		int client = connect_to(&address), accepted = accept(listener, NULL, NULL);

		expect(accepted >= 0, "accept");
		/* The connection lives for a while, as others look at it. */
		ended = ppoll(&input, 1, &(struct timespec){ .tv_nsec = PAUSE_NS }, NULL);
		end_connection(accepted, client, &ends);
		expect(!close(listener), "close of the listener");
		listener = listen_again(&address, &binds);
		if (binds.done == ROUNDS) {
			printf("round %d\n", ROUNDS);
			fflush(stdout);
		}
	}
	print_late("rebinds", &binds);
	print_late("ends", &ends);
	return 0;
}
