/*
 * Makes, uses and closes TCP sockets and processes as fast as it can in several processes, holding
 * each result against what it has to be; until its stdin ends. Prints "ready", and in the end how
 * often it went round. Its own listener, which all of them have, is there from the start to the
 * end.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS = 3, KEPT = 16, ROUNDS_FOR_A_CHILD = 4, ROUNDS_TO_BE_READY = 100 };

/* With its listener. */
struct connection {
	int listener, client, accepted;
};

/* What the processes share. */
struct shared {
	bool stop;
	long rounds;
};

static void expect(bool so, const char *what)
{
	if (!so)
		err(EXIT_FAILURE, "%s", what);
}

static int listen_anywhere(struct sockaddr_in *address)
{
	socklen_t length = sizeof *address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	expect(fd >= 0, "socket");
	expect(!bind(fd, (struct sockaddr *)address, sizeof *address), "bind");
	expect(!listen(fd, 4), "listen");
	expect(!getsockname(fd, (struct sockaddr *)address, &length), "getsockname");
	return fd;
}

static void send_word(int from, int to)
{
	char word[8] = "";

	expect(write(from, "word", 4) == 4, "write");
	expect(read(to, word, sizeof word) == 4 && word[0] == 'w' && word[3] == 'd', "read");
}

static struct connection make_connection(void)
{
	struct sockaddr_in address;
	struct connection made = { .listener = listen_anywhere(&address) };

	made.client = socket(AF_INET, SOCK_STREAM, 0);
	expect(made.client >= 0, "socket of the client");
	expect(!connect(made.client, (struct sockaddr *)&address, sizeof address), "connect");
	made.accepted = accept(made.listener, NULL, NULL);
	expect(made.accepted >= 0, "accept");
	send_word(made.client, made.accepted);
	return made;
}

/* Both ends go without TIME-WAIT, of which the ports would run out. */
static void end_connection(const struct connection *ended)
{
	const struct linger reset = { .l_onoff = 1 };
	int client = ended->client, accepted = ended->accepted;
	char byte;

	send_word(accepted, client);
	expect(!shutdown(client, SHUT_WR), "shutdown");
	expect(read(accepted, &byte, 1) == 0, "read at the end");
	expect(!setsockopt(accepted, SOL_SOCKET, SO_LINGER, &reset, sizeof reset), "SO_LINGER");
	expect(!close(accepted), "close of the accepted");
	expect(read(client, &byte, 1) < 0 && errno == ECONNRESET, "read after a reset");
	expect(!close(client), "close of the client");
	expect(!close(ended->listener), "close of the listener");
}

/* Under one number now a TCP socket, now something else. */
static void change_places(void)
{
	int tcp = socket(AF_INET, SOCK_STREAM, 0), pair[2], ends[2];

	expect(tcp >= 0, "socket that is not used");
	expect(!socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	expect(!pipe(ends), "pipe");
	expect(dup2(pair[0], tcp) == tcp, "dup2 of a socket");
	send_word(tcp, pair[1]);
	expect(dup2(ends[0], tcp) == tcp, "dup2 of a pipe");
	send_word(ends[1], tcp);
	for (int i = 0; i < 2; i++)
		expect(!close(pair[i]) && !close(ends[i]), "close of both");
	expect(!close(tcp), "close of the number");
}

/* A child, and one of its own that outlives it; both come back to us. */
static void make_children(void)
{
	int status, count = 0;
	pid_t child = fork();

	expect(child >= 0, "fork");
	if (!child) {
		struct connection own;

		child = fork();
		expect(child >= 0, "fork of a child");
		own = make_connection();
		end_connection(&own);
		_exit(EXIT_SUCCESS);
	}
	for (; wait(&status) > 0; count++)
		expect(WIFEXITED(status) && !WEXITSTATUS(status), "end of a child");
	expect(errno == ECHILD && count == 2, "two children");
}

static void work(struct shared *shared)
{
	struct connection kept[KEPT];
	long rounds = 0;

	expect(!prctl(PR_SET_CHILD_SUBREAPER, 1), "prctl");
	expect(!prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl for our end");
	for (; !__atomic_load_n(&shared->stop, __ATOMIC_RELAXED); rounds++) {
		if (rounds >= KEPT)
			end_connection(&kept[rounds % KEPT]);
		if (rounds % ROUNDS_FOR_A_CHILD == 0)
			make_children();
		kept[rounds % KEPT] = make_connection();
		change_places();
		__atomic_add_fetch(&shared->rounds, 1, __ATOMIC_RELAXED);
	}
	_exit(EXIT_SUCCESS);
}

/* Waits for all: the exit status. */
static int wait_for_workers(struct shared *shared)
{
	int status, wrong = 0;

	__atomic_store_n(&shared->stop, true, __ATOMIC_RELAXED);
	while (wait(&status) > 0)
		wrong |= !WIFEXITED(status) || WEXITSTATUS(status);
	printf("rounds %ld\n", shared->rounds);
	return wrong;
}

int main(void)
{
	struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
	struct sockaddr_in address;
	bool said = false;

	expect(shared != MAP_FAILED, "mmap");
	/* What runs beside it is to have its turn on a machine of few processors. */
	expect(nice(10) != -1, "nice");
	listen_anywhere(&address);
	for (int i = 0; i < WORKERS; i++) {
		pid_t worker = fork();

		expect(worker >= 0, "fork of a worker");
		if (!worker)
			work(shared);
	}
	while (!poll(&input, 1, 10))
		if (!said &&
		    __atomic_load_n(&shared->rounds, __ATOMIC_RELAXED) > ROUNDS_TO_BE_READY) {
			said = true;
			printf("ready %d\n", ntohs(address.sin_port));
			fflush(stdout);
		}
	return wait_for_workers(shared);
}
