/*
 * What the library costs: each figure from two workers, one with it and one without, that take
 * turns in one run. Prints medians and their difference or ratio, beside what is promised.
 *
 *   bench LIBRARY NOTHING EMPTY READER [ANCESTOR]     the others are nothing.so, empty.so,
 * reader.so
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/worker.h"

enum { WORKERS = 7, ROUNDS = 15, BATCH = 2000, HOOK_BATCH = 200000, EXECS = 1500, RULES = 1000 };

static const int options[][3] = {
	{ SOL_SOCKET, SO_KEEPALIVE, 1 },          { IPPROTO_TCP, TCP_KEEPIDLE, 60 },
	{ IPPROTO_TCP, TCP_KEEPINTVL, 10 },       { IPPROTO_TCP, TCP_KEEPCNT, 6 },
	{ IPPROTO_TCP, TCP_USER_TIMEOUT, 60000 },
};

static const char *const five[] = {
	"KEEPALIVE_CONF=",   "KEEPALIVE_IDLE=60",          "KEEPALIVE_INTERVAL=10",
	"KEEPALIVE_COUNT=6", "KEEPALIVE_USER_TIMEOUT=60s", NULL
};

/* The workers: each does a batch and says how long one piece of it took, in nanoseconds. */

static double tcp_socket(int set_options)
{
	double begin = now();

	for (int i = 0; i < BATCH; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		for (size_t k = 0; set_options && k < sizeof options / sizeof *options; k++)
			setsockopt(fd, options[k][0], options[k][1], &options[k][2], sizeof(int));
		close(fd);
	}
	return (now() - begin) / BATCH;
}

static double inline_options(void)
{
	return tcp_socket(1);
}

static double shim_options(void)
{
	return tcp_socket(0);
}

static double other_socket(void)
{
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		socket(AF_UNIX, SOCK_STREAM, 0);
	return (now() - begin) / HOOK_BATCH;
}

static double own_connect(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		connect(fd, NULL, 0);
	return (now() - begin) / HOOK_BATCH;
}

static double first_connect(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = 1,
				       .sin_addr.s_addr = 0x01020304 };
	double begin = now();

	for (int i = 0; i < BATCH; i++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		connect(fd, (struct sockaddr *)&address, sizeof address);
	}
	return (now() - begin) / BATCH;
}

static double own_accept(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	double begin = (listen(fd, 1), now());

	for (int i = 0; i < HOOK_BATCH; i++)
		accept(fd, NULL, NULL);
	return (now() - begin) / HOOK_BATCH;
}

static double send_only(void)
{
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		sendto(900, "", 1, MSG_NOSIGNAL, NULL, 0);
	return (now() - begin) / HOOK_BATCH;
}

static double close_only(void)
{
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		close(900);
	return (now() - begin) / HOOK_BATCH;
}

static double close_copy(void)
{
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		close(dup(900));
	return (now() - begin) / HOOK_BATCH;
}

static double set_flags(void)
{
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		fcntl(0, F_GETFD);
	return (now() - begin) / HOOK_BATCH;
}

static double set_other_option(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;
	double begin = now();

	for (int i = 0; i < HOOK_BATCH; i++)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return (now() - begin) / HOOK_BATCH;
}

/* Those with a title are hooks, measured over calls that return at once. */
static const struct work {
	const char *name;
	double (*batch)(void);
	const char *title;
	int promised; /* nanoseconds more */
} works[] = {
	{ "inline", inline_options, NULL, 0 },
	{ "shim", shim_options, NULL, 0 },
	{ "other", other_socket, "socket() of anything else", 4 },
	{ "connect", own_connect, "connect() on an own socket", 4 },
	{ "accept", own_accept, "accept() from an own listener", 4 },
	{ "option", set_other_option, "setsockopt() of anything else", 4 },
	{ "send", send_only, "sendto() without MSG_FASTOPEN", 3 },
	{ "close", close_only, "close()", 3 },
	{ "copy", close_copy, "close() and dup()", 6 },
	{ "fcntl", set_flags, "fcntl()", 3 },
	{ "rules", first_connect, NULL, 0 },
};
enum { WORKS = sizeof works / sizeof *works };

static int work(const char *name)
{
	for (size_t i = 0; i < WORKS; i++)
		if (!strcmp(works[i].name, name))
			return worker_work(works[i].batch);
	return 0;
}

static const char *program;

/* What a worker does, and with what. */
struct side {
	const char *work, *preload;
	const char *const *variables;
};

static struct worker start(const struct side *side)
{
	return worker_start((const char *const[]){ program, "work", side->work, NULL },
			    side->preload, side->variables, NULL);
}

/* Medians: nanoseconds without the library, and what the other side takes beside it. */
struct comparison {
	double without, more, ratio;
};

/*
 * Lets both sides take turns. A processor changes its speed, so what is compared was measured at
 * the same time; where the kernel puts a process makes a difference as well, so there are several
 * of each.
 */
static struct comparison compare(const struct side *with, const struct side *without)
{
	static double base[WORKERS * ROUNDS], more[WORKERS * ROUNDS], ratio[WORKERS * ROUNDS];
	size_t n = 0;

	for (int i = 0; i < WORKERS; i++) {
		struct worker a = start(with), b = start(without);

		worker_ask(&a), worker_ask(&b);
		for (int round = 0; round < ROUNDS; round++, n++) {
			double taken = worker_ask(&a);

			base[n] = worker_ask(&b);
			more[n] = taken - base[n];
			ratio[n] = taken / base[n];
		}
		worker_stop(&a);
		worker_stop(&b);
	}
	return (struct comparison){ median(base, n), median(more, n), median(ratio, n) };
}

static void options_by_hand(const char *library)
{
	const struct side with = { "shim", library, five }, without = { "inline", "", five };
	struct comparison it = compare(&with, &without);

	printf("%-44s %7.3f of %.0f ns by hand  (promised: 1.01)\n",
	       "socket() of TCP with five options, close()", it.ratio, it.without);
}

static void hook(const struct work *it, const char *library, const char *nothing)
{
	char both[1024];
	const struct side with = { it->name, both, five }, without = { it->name, nothing, five };

	snprintf(both, sizeof both, "%s:%s", library, nothing);
	printf("%-44s %7.1f ns more            (promised: %d ns)\n", it->title,
	       compare(&with, &without).more, it->promised);
}

/* A file of rules for as many networks, none of which holds the address that is connected to. */
static void write_rules(FILE *file)
{
	for (int i = 0; i < RULES; i++)
		fprintf(file, "[rule %d]\nremote = 10.%d.%d.0/24\nidle = 60s\n", i, i / 256,
			i % 256);
}

static void connect_by_rules(const char *library, const char *nothing)
{
	char path[] = "/tmp/keepalive-bench.XXXXXX", both[1024], configuration[64];
	const char *with_rules[] = { "KEEPALIVE=default", configuration, NULL };
	static const char *const without_rules[] = { "KEEPALIVE=default", "KEEPALIVE_CONF=", NULL };
	const struct side with = { "rules", both, with_rules };
	const struct side without = { "rules", both, without_rules };
	FILE *file = fdopen(mkstemp(path), "w");

	if (!file)
		exit(1);
	write_rules(file);
	fclose(file);
	snprintf(both, sizeof both, "%s:%s", library, nothing);
	snprintf(configuration, sizeof configuration, "KEEPALIVE_CONF=%s", path);
	printf("%-44s %7.1f ns more            (promised: 5000 ns)\n",
	       "connect() with 1,000 rules by network", compare(&with, &without).more);
	unlink(path);
}

static double execute(const char *preload, const char *file)
{
	char variable[1024], configuration[1024];
	char *environment[] = { configuration, preload ? variable : NULL, NULL };
	char name[] = "true";
	char *argv[] = { name, NULL };
	double begin = now();
	pid_t pid;

	snprintf(variable, sizeof variable, "LD_PRELOAD=%s", preload ? preload : "");
	snprintf(configuration, sizeof configuration, "KEEPALIVE_CONF=%s", file);
	if (posix_spawn(&pid, "/bin/true", NULL, NULL, argv, environment))
		exit(1);
	waitpid(pid, NULL, 0);
	return (now() - begin) / 1000;
}

enum exec { EMPTY, NONE, READER, OURS, ANCESTOR, KINDS };

/*
 * What exec takes beside an empty library, in rounds that begin with another kind each: what ran
 * last is in the caches. A library that reads a file cannot cost less than the reader, which makes
 * the same system calls and does nothing else.
 */
static void exec_cost(const char *const preload[KINDS])
{
	static double taken[KINDS][EXECS];
	char file[] = "/tmp/keepalive-bench.XXXXXX";
	int fd = mkstemp(file);
	double more[KINDS];

	if (fd < 0 ||
	    dprintf(fd, "idle = 60s\ninterval = 10s\ncount = 6\nuser_timeout = 60s\n") < 0)
		exit(1);
	for (int i = 0; i < EXECS; i++) {
		for (int k = 0; k < KINDS; k++) {
			int kind = (i + k) % KINDS;

			taken[kind][i] =
				execute(preload[kind], kind == READER || kind == OURS ? file : "");
		}
		for (int kind = NONE; kind < KINDS; kind++)
			taken[kind][i] -= taken[EMPTY][i];
	}
	close(fd);
	unlink(file);
	for (int kind = EMPTY; kind < KINDS; kind++)
		more[kind] = median(taken[kind], EXECS);
	printf("%-44s %7.1f us more of %.0f us\n", "exec, an empty library", -more[NONE],
	       more[EMPTY] + more[NONE]);
	printf("%-44s %7.1f us more than an empty library\n", "exec, one that only reads the file",
	       more[READER]);
	printf("%-44s %7.1f us more than an empty library\n", "exec, a configuration file read",
	       more[OURS]);
	printf("%-44s %7.1f us                    (promised: 12 us)\n",
	       "   of which the library itself, not the file", more[OURS] - more[READER]);
	if (preload[ANCESTOR])
		printf("%-44s %7.1f us more than an empty library\n", "exec, libkeepalive 0.3",
		       more[ANCESTOR]);
}

int main(int argc, char **argv)
{
	program = argv[0];
	if (argc == 3 && !strcmp(argv[1], "work"))
		return work(argv[2]);
	if (argc < 5) {
		fprintf(stderr, "usage: bench LIBRARY NOTHING EMPTY READER [ANCESTOR]\n");
		return 2;
	}
	options_by_hand(argv[1]);
	for (size_t i = 0; i < WORKS; i++)
		if (works[i].title)
			hook(&works[i], argv[1], argv[2]);
	connect_by_rules(argv[1], argv[2]);
	exec_cost((const char *const[KINDS]){ [EMPTY] = argv[3],
					      [READER] = argv[4],
					      [OURS] = argv[1],
					      [ANCESTOR] = argc > 5 ? argv[5] : NULL });
	return 0;
}
