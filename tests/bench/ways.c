/*
 * What the two ways cost beside each other, in time of the processor: workers with nothing, the
 * library, keepalive attach, both, and BPF programs that do nothing take turns in one run. Prints
 * medians of what they take more than the one with nothing, and how the kernel's way compares.
 *
 *   ways LIBRARY PLAIN EMPTY ATTACHED     the directories of three control groups; ways gives EMPTY
 *                                         the programs that do nothing
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/worker.h"

enum { ROUNDS = 101, CONNECTIONS = 500, CALLS = 20000 };

enum way { NOTHING, EMPTY, LIBRARY, KERNEL, BOTH, WAYS };

static const char *const names[WAYS] = {
	[NOTHING] = "nothing", [EMPTY] = "empty BPF programs",
	[LIBRARY] = "library", [KERNEL] = "kernel",
	[BOTH] = "both",
};

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
	enum way beside; /* what the kernel's way is promised to be like, */
	double promised; /* at most so many times as much */
} works[] = {
	{ "a connection and its acceptance", connections, LIBRARY, 1.2 },
	{ "setsockopt() of anything else", other_option, EMPTY, 1.1 },
	{ "setsockopt() of interval", own_option, EMPTY, 1.1 },
};
enum { WORKS = sizeof works / sizeof *works };

/* Attaches a program that only returns 1. Its life is the group's. */
static bool attach_empty(const char *directory, enum bpf_prog_type type,
			 enum bpf_attach_type attach)
{
	static const struct bpf_insn code[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr load = { .prog_type = type,
				.expected_attach_type = attach,
				.insns = (uintptr_t)code,
				.insn_cnt = sizeof code / sizeof *code,
				.license = (uintptr_t) "GPL" };
	int program = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &load, sizeof load);
	int group = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	union bpf_attr to = { .target_fd = (uint32_t)group,
			      .attach_bpf_fd = (uint32_t)program,
			      .attach_type = attach,
			      .attach_flags = BPF_F_ALLOW_MULTI };

	return !syscall(SYS_bpf, BPF_PROG_ATTACH, &to, sizeof to);
}

struct groups {
	const char *plain, *empty, *attached;
};

static struct worker start(const char *const *argv, enum way way, const char *library,
			   const struct groups *groups)
{
	static const char *const unset[] = { "KEEPALIVE_CONF=", NULL };
	bool preloaded = way == LIBRARY || way == BOTH;
	const char *group = way == EMPTY                   ? groups->empty
			    : way == KERNEL || way == BOTH ? groups->attached
							   : groups->plain;

	return worker_start(argv, preloaded ? library : "", preloaded ? five : unset, group);
}

static void print(const struct work *work, const double more[WAYS])
{
	for (int way = 1; way < WAYS; way++) {
		printf("   with %-36s %7.0f ns more", names[way], more[way]);
		if (way == KERNEL)
			printf("   %.2f of %s (promised: %.1f)", more[KERNEL] / more[work->beside],
			       names[work->beside], work->promised);
		putchar('\n');
	}
}

static void compare(const char *program, int number, const char *library,
		    const struct groups *groups)
{
	static double more[WAYS][ROUNDS], whole[ROUNDS];
	double medians[WAYS];
	struct worker worker[WAYS];
	char word[8];

	snprintf(word, sizeof word, "%d", number);
	for (int way = 0; way < WAYS; way++) {
		worker[way] = start((const char *const[]){ program, "work", word, NULL },
				    (enum way)way, library, groups);
		worker_ask(&worker[way]);
	}
	for (int round = 0; round < ROUNDS; round++) {
		whole[round] = worker_ask(&worker[NOTHING]);
		for (int way = 1; way < WAYS; way++)
			more[way][round] = worker_ask(&worker[way]) - whole[round];
	}
	for (int way = 0; way < WAYS; way++) {
		worker_stop(&worker[way]);
		medians[way] = median(more[way], ROUNDS);
	}
	printf("%-44s %7.0f ns with nothing\n", works[number].title, median(whole, ROUNDS));
	print(&works[number], medians);
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "work"))
		return worker_work(works[atoi(argv[2]) % WORKS].batch);
	if (argc != 5) {
		fprintf(stderr, "usage: ways LIBRARY PLAIN EMPTY ATTACHED\n");
		return 2;
	}
	if (!attach_empty(argv[3], BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS) ||
	    !attach_empty(argv[3], BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT)) {
		perror(argv[3]);
		return 1;
	}
	for (int i = 0; i < WORKS; i++)
		compare(argv[0], i, argv[1], &(struct groups){ argv[2], argv[3], argv[4] });
	return 0;
}
