/* keepalive events beside connections that end in every way on a wire: what it prints of each. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/harness.h"
#include "network/cut.h"
#include "network/hang.h"
#include "network/together.h"

/* A connection of ends.py, and what is to be printed of its end. */
struct ending {
	const char *name;
	const char *steps;
	const char *reason, *situation; /* NULL: nothing without --all */
	const char *more;               /* words of the line; NULL: none */
	double silent;                  /* milliseconds at least; 0: any time */
	const char *address;            /* NULL: the server's */
	bool deaf;                      /* nobody listens there */
	struct process process;
	int port, listener, accepted;
};

enum { STEPS_MAX = 12, ROWS_MAX = 16 };

/*
 * Follows the programs of these connections alone, so that it does not matter what else this
 * machine does; without any, everything.
 */
static struct process start_events(enum host host, const char *flag, const struct ending *endings,
				   int count)
{
	const char *argv[ROWS_MAX + 8] = { build_path("keepalive"), "events", "--json", "--every",
					   "200ms" };
	char pid[ROWS_MAX][16];
	struct process events;
	int words = 5;

	if (flag)
		argv[words++] = flag;
	for (int i = 0; i < count; i++) {
		snprintf(pid[i], sizeof pid[i], "%d", endings[i].process.pid);
		argv[words++] = pid[i];
	}
	events = start_in(host, NULL, argv, NULL);
	ck_assert_msg(wait_for_word(events.errors, "following", 20), "%s",
		      read_whole(events.errors));
	return events;
}

static bool steps_begin(const struct ending *ending, const char *step)
{
	const char *at = strstr(ending->steps, "connect"), *wait = strstr(ending->steps, "wait");

	return !strcmp(step, "connect") ? at && (!wait || at < wait) : wait != NULL;
}

/* Starts it, and returns once it has done what it does before it waits. */
static void start(struct ending *ending, int port)
{
	const char *argv[STEPS_MAX + 4] = { "python3", source_path("tests/network/ends.py") };
	char number[16], *steps = strdup(ending->steps), *place = NULL;
	int count = 4;

	ending->port = port;
	snprintf(number, sizeof number, "%d", port);
	argv[2] = ending->address ? ending->address : SERVER_ADDRESS;
	argv[3] = number;
	for (char *step = strtok_r(steps, " ", &place); step; step = strtok_r(NULL, " ", &place))
		argv[count++] = step;
	ending->accepted = -1;
	ending->process = start_in(CLIENT, NULL, argv, NULL);
	if (steps_begin(ending, "connect")) {
		ending->accepted = accept4(ending->listener, NULL, NULL, SOCK_CLOEXEC);
		ck_assert_int_ge(ending->accepted, 0);
	}
	ck_assert_msg(wait_for_word(ending->process.output,
				    strstr(ending->steps, "wait") ? "waiting" : "receiving", 30),
		      "%s", ending->name);
	free(steps);
}

/* A listener for both families. */
static int listen_in_both(enum host host, int port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6,
					.sin6_port = htons((uint16_t)port) };
	int fd;

	wire_enter(host);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_msg(!bind(fd, (struct sockaddr *)&address, sizeof address), "bind: %m");
	ck_assert_int_eq(listen(fd, 256), 0);
	return fd;
}

static void listen_for(struct ending *ending, enum host host, int port)
{
	int bytes = 4096;

	if (ending->deaf)
		return;
	ending->listener = ending->address && strchr(ending->address, ':')
				   ? listen_in_both(host, port)
				   : wire_listen(host, port);
	if (strstr(ending->steps, "fill"))
		setsockopt(ending->listener, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

/* The line about a port of the peer; NULL: there is none. `output` is changed. */
static char *find_line(char *output, int port)
{
	char word[32], *at, *begin;

	snprintf(word, sizeof word, ":%d\",\"silent\"", port);
	at = strstr(output, word);
	if (!at)
		return NULL;
	at[strcspn(at, "\n")] = 0;
	begin = memrchr(output, '\n', (size_t)(at - output));
	return begin ? begin + 1 : output;
}

struct awaited {
	const struct process *events;
	int port;
	char *line;
};

static bool is_printed(void *context)
{
	struct awaited *awaited = context;

	awaited->line = find_line(read_whole(awaited->events->output), awaited->port);
	return awaited->line;
}

static char *await_line(const struct process *events, const struct ending *ending)
{
	struct awaited awaited = { .events = events, .port = ending->port };

	if (!wait_until(is_printed, &awaited, 30)) {
		printf("# %s# %s# %s", read_whole(events->errors), read_whole(events->output),
		       read_whole(ending->process.output));
		fflush(stdout); /* a test that fails does not */
		ck_abort_msg("%s: nothing was printed", ending->name);
	}
	return awaited.line;
}

static void expect_pair(const char *line, const char *key, const char *value)
{
	char pair[64];

	snprintf(pair, sizeof pair, "\"%s\":\"%s\"", key, value);
	ck_assert_msg(strstr(line, pair), "no %s in %s", pair, line);
}

static void expect_line(const struct process *events, const struct ending *ending)
{
	char *line = await_line(events, ending), pid[32];
	const char *silent = strstr(line, "\"silent\":");

	printf("# %s: %s\n", ending->name, line);
	fflush(stdout);
	expect_pair(line, "reason", ending->reason);
	expect_pair(line, "situation", ending->situation);
	if (ending->more)
		ck_assert_msg(strstr(line, ending->more), "%s: no %s in %s", ending->name,
			      ending->more, line);
	if (strstr(line, "\"program\":\"unknown\""))
		return;
	expect_pair(line, "program", "python3");
	snprintf(pid, sizeof pid, "\"pid\":%d,", ending->process.pid);
	ck_assert_msg(strstr(line, pid), "no %s in %s", pid, line);
	ck_assert_msg(ending->silent <= 0 || strtod(silent + 9, NULL) >= ending->silent - 100, "%s",
		      line);
}

static void expect_nothing(const struct process *events, const struct ending *ending)
{
	char *output = read_whole(events->output), *line = find_line(output, ending->port);

	ck_assert_msg(!line, "%s: %s", ending->name, line);
}

static void start_all(struct ending *endings, int count, enum host peer, int port)
{
	for (int i = 0; i < count; i++) {
		listen_for(&endings[i], peer, port + i);
		start(&endings[i], port + i);
	}
}

static void stop_all(struct ending *endings, int count, struct process *events)
{
	for (int i = 0; i < count; i++)
		if (!has_ended(&endings[i].process))
			process_stop(&endings[i].process);
	ck_assert_msg(!kill(events->pid, SIGTERM), "%m");
	ck_assert_int_eq(process_wait(events, 10), 0);
}

#define COUNT(table) (int)(sizeof(table) / sizeof *(table))

static void hand_all(struct ending *endings, int count)
{
	for (int i = 0; i < count; i++)
		if (strstr(endings[i].steps, "wait"))
			hand_line(&endings[i].process, "now\n");
}

/* The cable is cut, and the kernel gives up. */
START_TEST(cut)
{
	static struct ending row[] = {
		{ .name = "connect(), user timeout",
		  .steps = "user_timeout=1500 wait attempt",
		  .reason = "user-timeout",
		  .situation = "connect" },
		{ .name = "keepalive",
		  .steps = "keepalive=1/1/2 connect receive",
		  .reason = "keepalive",
		  .situation = "idle",
		  .more = "\"probes\":2",
		  .silent = 3000 },
		{ .name = "keepalive, IPv6",
		  .steps = "keepalive=1/1/2 connect receive",
		  .reason = "keepalive",
		  .situation = "idle",
		  .more = "\"idle\":1,\"interval\":1,\"count\":2,\"user_timeout\":0",
		  .silent = 3000,
		  .address = "fd77:2::2" },
		{ .name = "keepalive after a FIN",
		  .steps = "keepalive=1/1/2 connect shut receive",
		  .reason = "keepalive",
		  .situation = "idle",
		  .more = "\"state\":\"FIN-WAIT-2\"",
		  .silent = 3000 },
		{ .name = "idle, user timeout",
		  .steps = "keepalive=1/1/9 user_timeout=2500 connect receive",
		  .reason = "user-timeout",
		  .situation = "idle",
		  .more = "\"user_timeout\":2500",
		  .silent = 2500 },
		{ .name = "data, user timeout",
		  .steps = "user_timeout=2000 connect wait send receive",
		  .reason = "user-timeout",
		  .situation = "data",
		  .more = "\"unacked\":1,",
		  .silent = 2000 },
		{ .name = "data",
		  .steps = "connect wait send receive",
		  .reason = "retransmissions",
		  .situation = "data",
		  .more = "\"state\":\"ESTABLISHED\"",
		  .silent = 3000 },
		{ .name = "FIN",
		  .steps = "connect wait send",
		  .reason = "retransmissions",
		  .situation = "data",
		  .more = "\"state\":\"FIN-WAIT-1\"",
		  .silent = 1000 },
		{ .name = "persist",
		  .steps = "connect fill receive",
		  .reason = "persist",
		  .situation = "persist",
		  .more = "\"probes\":3",
		  .silent = 2000 },
		{ .name = "persist, user timeout",
		  .steps = "user_timeout=4000 connect fill receive",
		  .reason = "user-timeout",
		  .situation = "persist" },
		{ .name = "connect()",
		  .steps = "wait connect",
		  .reason = "no-answer",
		  .situation = "connect",
		  .more = "\"state\":\"SYN-SENT\"" },
		{ .name = "connect() without blocking",
		  .steps = "wait attempt",
		  .reason = "no-answer",
		  .situation = "connect",
		  .more = "\"keepalive\":false" },
		{ .name = "the program gives up", .steps = "wait begin wait" },
	};
	struct process events;
	int count = COUNT(row);

	LAY_WIRE("python3");
	if (has_ipv6())
		lay_ipv6();
	for (int i = 0; i < count && !has_ipv6(); i++)
		row[i].address = NULL;
	wire_sysctl(CLIENT, "ipv4/tcp_retries2", "3");
	wire_sysctl(CLIENT, "ipv4/tcp_orphan_retries", "2");
	wire_sysctl(CLIENT, "ipv4/tcp_syn_retries", "1");
	start_all(row, count, SERVER, 2100);
	events = start_events(CLIENT, NULL, row, count);
	wire_cut();
	if (has_ipv6())
		wire_ip(MIDDLE, "route add blackhole fd77:2::2/128\n");
	hand_all(row, count);
	expect_line(&events, &row[0]);
	/* Before the kernel gives it up. */
	hand_line(&row[count - 1].process, "now\n");
	for (int i = 1; i < count - 1; i++)
		expect_line(&events, &row[i]);
	expect_nothing(&events, &row[count - 1]);
	stop_all(row, count, &events);
}
END_TEST

static void close_hard(int fd)
{
	struct linger linger = { .l_onoff = 1 };

	ck_assert_int_eq(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger), 0);
	close(fd);
}

/* Ends the client's side of a connection as `ss -K` does. Returns false if that is not possible. */
static bool kill_socket(int port)
{
	char filter[32];

	if (!have_program("ss"))
		return false;
	snprintf(filter, sizeof filter, "dport = %d", port);
	wire_tool(CLIENT, (const char *const[]){ "ss", "-K", filter, NULL });
	return true;
}

enum answer {
	RESET,
	RESET_AFTER_FIN,
	FORGOTTEN_IDLE,
	FORGOTTEN_DATA,
	REFUSED,
	KILLED,
	WE_CLOSE,
	PEER_CLOSES,
	UNREAD
};

/* The peer answers, or nobody gives up anything. */
START_TEST(answers)
{
	static struct ending row[] = {
		[RESET] = { .name = "reset",
			    .steps = "connect receive",
			    .reason = "reset",
			    .situation = "idle",
			    .more = "\"state\":\"ESTABLISHED\"" },
		[RESET_AFTER_FIN] = { .name = "reset after a FIN",
				      .steps = "connect shut receive",
				      .reason = "reset",
				      .situation = "idle",
				      .more = "\"state\":\"FIN-WAIT-2\"" },
		[FORGOTTEN_IDLE] = { .name = "reset in answer to a probe",
				     .steps = "keepalive=1/1/9 connect receive",
				     .reason = "reset",
				     .situation = "idle",
				     .more = "\"probes\":1" },
		[FORGOTTEN_DATA] = { .name = "reset in answer to data",
				     .steps = "connect wait send receive",
				     .reason = "reset",
				     .situation = "data",
				     .more = "\"unacked\":1" },
		[REFUSED] = { .name = "refused",
			      .steps = "wait attempt",
			      .reason = "refused",
			      .situation = "connect",
			      .deaf = true },
		[KILLED] = { .name = "ss -K",
			     .steps = "connect receive",
			     .reason = "aborted",
			     .situation = "idle",
			     .more = "\"state\":\"ESTABLISHED\"" },
		[WE_CLOSE] = { .name = "close()", .steps = "connect wait" },
		[PEER_CLOSES] = { .name = "close() of the peer", .steps = "connect receive" },
		[UNREAD] = { .name = "close() with unread data", .steps = "connect wait" },
	};
	struct process events, all;
	int count = COUNT(row);
	bool killed;

	LAY_WIRE("python3");
	start_all(row, count, SERVER, 2200);
	ck_assert_int_eq(send(row[UNREAD].accepted, "unread", 6, 0), 6);
	events = start_events(CLIENT, NULL, row, count);
	all = start_events(CLIENT, "--all", NULL, 0);
	close_hard(row[RESET].accepted);
	close_hard(row[RESET_AFTER_FIN].accepted);
	wire_forget(row[FORGOTTEN_IDLE].accepted);
	wire_forget(row[FORGOTTEN_DATA].accepted);
	killed = kill_socket(row[KILLED].port);
	close(row[PEER_CLOSES].accepted);
	hand_all(row, count);
	for (int i = 0; i < WE_CLOSE; i++)
		if (i != KILLED || killed)
			expect_line(i == REFUSED ? &all : &events, &row[i]);
	for (int i = WE_CLOSE; i < count; i++) {
		expect_pair(await_line(&all, &row[i]), "reason", "closed");
		expect_nothing(&events, &row[i]);
	}
	process_stop(&all);
	stop_all(row, count, &events);
}
END_TEST

#define ON_LINK "10.77.1.1"

/* The neighbour does not answer, or a router reports that the peer is unreachable. */
START_TEST(unreachable)
{
	static struct ending row[] = {
		{ .name = "no neighbour",
		  .steps = "wait attempt",
		  .reason = "unreachable",
		  .situation = "connect",
		  .more = "\"pid\":",
		  .address = ON_LINK },
		{ .name = "no neighbour, blocking",
		  .steps = "wait connect",
		  .reason = "unreachable",
		  .situation = "connect",
		  .more = "\"program\":\"python3\"",
		  .address = ON_LINK },
		{ .name = "data",
		  .steps = "user_timeout=6000 connect wait send receive",
		  .reason = "user-timeout",
		  .situation = "data",
		  .more = "\"stuck\":true",
		  .silent = 6000,
		  .address = ON_LINK },
		{ .name = "a router reports",
		  .steps = "wait attempt",
		  .reason = "unreachable",
		  .situation = "connect",
		  .more = "\"pid\":" },
	};
	struct process events;
	int count = COUNT(row);

	LAY_WIRE("python3");
	start_all(row, count, MIDDLE, 2300);
	events = start_events(CLIENT, NULL, row, count);
	wire_ip(MIDDLE, "addr flush dev client\n");
	wire_ip(CLIENT, "neigh flush all\n");
	hand_all(row, count - 1);
	for (int i = 0; i < count - 1; i++)
		expect_line(&events, &row[i]);
	wire_ip(MIDDLE, "addr add " ON_LINK "/24 dev client\n"
			"neigh flush all\n");
	wire_ip(SERVER, "addr flush dev wire\n");
	/* Else the last attempt to find the neighbour may still fail, before anybody has looked. */
	wire_ip(CLIENT, "neigh flush all\n");
	hand_all(&row[count - 1], 1);
	expect_line(&events, &row[count - 1]);
	stop_all(row, count, &events);
}
END_TEST

static int count_lines(const struct process *events, int port)
{
	char *output = read_whole(events->output), word[32];
	int count = 0;

	snprintf(word, sizeof word, ":%d\",\"silent\"", port);
	for (const char *at = output; (at = strstr(at, word)); at++)
		count++;
	free(output);
	return count;
}

/* A program that holds a dead connection: its end is printed before it closes it, and once. */
START_TEST(still_open)
{
	static struct ending row[] = {
		{ .name = "still open",
		  .steps = "keepalive=1/1/2 connect wait",
		  .reason = "keepalive",
		  .situation = "idle",
		  .more = "\"closed\":false",
		  .silent = 3000 },
		{ .name = "reset",
		  .steps = "connect receive",
		  .reason = "reset",
		  .situation = "idle",
		  .more = "\"closed\":true" },
	};
	struct process events;

	LAY_WIRE("python3");
	start_all(row, 2, SERVER, 2400);
	events = start_events(CLIENT, NULL, row, 2);
	wire_cut();
	expect_line(&events, &row[0]);
	hand_all(row, 1);
	ck_assert_int_eq(process_wait(&row[0].process, 10), 0);
	wire_heal();
	close_hard(row[1].accepted);
	expect_line(&events, &row[1]);
	ck_assert_int_eq(count_lines(&events, row[0].port), 1);
	stop_all(row, 2, &events);
}
END_TEST

static int port_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;

	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	return ntohs(address.sin_port);
}

static void expect_program(const struct process *events, const struct ending *ending,
			   const char *program)
{
	char *line = await_line(events, ending);

	printf("# %s: %s\n", ending->name, line);
	fflush(stdout);
	expect_pair(line, "reason", ending->reason);
	if (program)
		expect_pair(line, "program", program);
}

/*
 * Programs of others, in a network namespace that has no process when events begins to look; as
 * root events runs in another one.
 */
START_TEST(stock_programs)
{
	static struct ending redis = { .name = "redis-server", .reason = "keepalive" };
	static struct ending nc = { .name = "nc", .reason = "keepalive", .port = 2500 };
	static struct ending curl = { .name = "curl", .reason = "refused", .port = 2501 };
	struct process events;
	int peer;

	LAY_WIRE("redis-server", "nc", "curl");
	events = start_events(getuid() ? CLIENT : MIDDLE, NULL, NULL, 0);
	redis.process =
		start_in(CLIENT, NULL,
			 (const char *const[]){ "redis-server", "--port", "2502", "--bind",
						CLIENT_ADDRESS, "--protected-mode", "no", "--save",
						"", "--tcp-keepalive", "1", NULL },
			 NULL);
	ck_assert(wait_for_word(redis.process.output, "Ready to accept", 30));
	peer = wire_connect(SERVER, CLIENT_ADDRESS, 2502);
	redis.port = port_of(peer);
	nc.listener = wire_listen(SERVER, nc.port);
	nc.process = start_in(CLIENT, cut_keepalive,
			      (const char *const[]){ "nc", SERVER_ADDRESS, "2500", NULL }, NULL);
	nc.accepted = accept4(nc.listener, NULL, NULL, SOCK_CLOEXEC);
	wire_cut();
	expect_program(&events, &redis, "redis-server");
	expect_program(&events, &nc, "nc");
	/* By now it follows the namespace: the next connection is too short for a look. */
	wire_heal();
	curl.process = start_in(
		CLIENT, NULL,
		(const char *const[]){ "curl", "-s", "http://" SERVER_ADDRESS ":2501/", NULL },
		NULL);
	expect_program(&events, &curl, NULL);
	process_stop(&redis.process);
	process_stop(&nc.process);
	process_stop(&events);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "cut", cut, 60 },
		{ "answers", answers, 60 },
		{ "unreachable", unreachable, 60 },
		{ "still open", still_open, 60 },
		{ "stock programs", stock_programs, 60 },
	};

	return together_run("events", scenarios, sizeof scenarios / sizeof *scenarios);
}
