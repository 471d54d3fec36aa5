/*
 * What the two ways cost beside each other, in time of the processor: four workers with nothing,
 * the library, keepalive attach and both take turns in one run. Prints medians of what they take
 * more than the one with nothing, beside what is promised.
 *
 *   ways LIBRARY PLAIN ATTACHED     the directories of two control groups
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/worker.h"

enum { ROUNDS = 101, CONNECTIONS = 500, CALLS = 20000, WAYS = 4 };

static const char *const names[WAYS] = { "nothing", "library", "kernel", "both" };

static const char *const five[] = {
	"KEEPALIVE_CONF=",   "KEEPALIVE_IDLE=60",          "KEEPALIVE_INTERVAL=10",
	"KEEPALIVE_COUNT=6", "KEEPALIVE_USER_TIMEOUT=60s", NULL
};

/* Its connections end with a reset: none is left in TIME_WAIT. */
static int listener_at(struct sockaddr_in *address)
{
	const struct linger reset = { .l_onoff = 1 };
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	socklen_t length = sizeof *address;

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (setsockopt(listener, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) ||
	    bind(listener, (struct sockaddr *)address, length) || listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)address, &length))
		exit(1);
	return listener;
}

/* socket(), connect(), accept(), and two times close(). */
static double connections(void)
{
	static struct sockaddr_in address;
	static int listener = -1;
	double begin;

	if (listener < 0)
		listener = listener_at(&address);
	begin = processor_time();
	for (int i = 0; i < CONNECTIONS; i++) {
		int client = socket(AF_INET, SOCK_STREAM, 0), accepted;

		if (connect(client, (struct sockaddr *)&address, sizeof address))
			exit(1);
		accepted = accept(listener, NULL, NULL);
		close(accepted);
		close(client);
	}
	return (processor_time() - begin) / CONNECTIONS;
}

static double set_option(int name)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), value = 1;
	double begin = processor_time();

	for (int i = 0; i < CALLS; i++)
		setsockopt(fd, IPPROTO_TCP, name, &value, sizeof value);
	begin = (processor_time() - begin) / CALLS;
	close(fd);
	return begin;
}

static double other_option(void)
{
	return set_option(TCP_NODELAY);
}

static double own_option(void)
{
	return set_option(TCP_KEEPINTVL);
}

static const struct work {
	const char *title;
	double (*batch)(void);
	int promised; /* nanoseconds more, of the kernel */
} works[] = {
	{ "a connection and its acceptance", connections, 2000 },
	{ "setsockopt() of anything else", other_option, 200 },
	{ "setsockopt() of interval", own_option, 200 },
};
enum { WORKS = sizeof works / sizeof *works };

static void compare(const char *program, int number, const char *library, const char *plain,
		    const char *attached)
{
	static const char *const unset[] = { "KEEPALIVE_CONF=", NULL };
	static double more[WAYS][ROUNDS], whole[ROUNDS];
	char word[8];
	struct worker worker[WAYS];

	snprintf(word, sizeof word, "%d", number);
	for (int i = 0; i < WAYS; i++) {
		worker[i] = worker_start((const char *const[]){ program, "work", word, NULL },
					 i & 1 ? library : "", i & 1 ? five : unset,
					 i & 2 ? attached : plain);
		worker_ask(&worker[i]);
	}
	for (int round = 0; round < ROUNDS; round++) {
		whole[round] = worker_ask(&worker[0]);
		for (int i = 1; i < WAYS; i++)
			more[i][round] = worker_ask(&worker[i]) - whole[round];
	}
	for (int i = 0; i < WAYS; i++)
		worker_stop(&worker[i]);
	printf("%-44s %7.0f ns with nothing\n", works[number].title, median(whole, ROUNDS));
	for (int i = 1; i < WAYS; i++) {
		printf("   with %-36s %7.0f ns more", names[i], median(more[i], ROUNDS));
		if (i == 2)
			printf("            (promised: %d ns)", works[number].promised);
		putchar('\n');
	}
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "work"))
		return worker_work(works[atoi(argv[2]) % WORKS].batch);
	if (argc != 4) {
		fprintf(stderr, "usage: ways LIBRARY PLAIN ATTACHED\n");
		return 2;
	}
	for (int i = 0; i < WORKS; i++)
		compare(argv[0], i, argv[1], argv[2], argv[3]);
	return 0;
}
