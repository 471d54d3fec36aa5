/* keepalive apply: sockets of running programs, the kernel asked before and after on the
 * descriptors. */
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/policy.h"
#include "programs/stock.h"

enum { SEEN_MAX = 64 };

/* The columns of what it prints. */
enum { PROGRAM, PID, FD, STATE, LOCAL, PEER, OPTION, BEFORE, AFTER, ERROR };

static void expect_cell(const struct row *row, int cell, const struct seen *seen, size_t id)
{
	const struct option_row *option = &option_table[id];
	int value = seen->value[id];
	const char *word = option->unit == UNIT_SWITCH ? (value ? "on" : "off") : word_of(value);

	ck_assert_msg(!strcmp(row->cell[cell], value < 0 ? "" : word), "fd %d: %s %s %s, not %s",
		      seen->fd, option->key, cell == BEFORE ? "before" : "after", row->cell[cell],
		      word);
}

/* The row about an option of a descriptor. */
static bool find_option(const char *output, int fd, size_t id, struct row *row)
{
	char *copy = strdup(output);

	while (next_row(&copy, row))
		if (atoi(row->cell[FD]) == fd && !strcmp(row->cell[OPTION], option_table[id].key))
			return true;
	return false;
}

/* What was set on one socket: `wanted`, unless the kernel refuses that option there. */
static void expect_set(const char *output, const struct seen *before, const struct seen *after,
		       size_t id, int wanted)
{
	struct row row;

	ck_assert_int_eq(before->fd, after->fd);
	ck_assert_msg(find_option(output, before->fd, id, &row), "fd %d: no row for %s", before->fd,
		      option_table[id].key);
	expect_cell(&row, BEFORE, before, id);
	expect_cell(&row, AFTER, after, id);
	ck_assert_str_eq(row.cell[PROGRAM], "python3");
	ck_assert_int_eq(!*row.cell[ERROR], after->value[id] >= 0);
	if (after->value[id] >= 0)
		ck_assert_int_eq(after->value[id], wanted);
}

/* Every TCP socket of it, all kinds: before, and after. */
START_TEST(before_and_after)
{
	static const enum option_id set[] = { OPTION_KEEPALIVE, OPTION_IDLE, OPTION_INTERVAL,
					      OPTION_COUNT, OPTION_SYN_COUNT };
	static const int wanted[] = { 1, 61, 11, 7, 3 };
	static struct seen before[SEEN_MAX], after[SEEN_MAX];
	struct process zoo = start_zoo(NULL), control = start_zoo(NULL);
	int count = inspect_process(zoo.pid, before, SEEN_MAX);
	struct called called = CALL("apply", word_of(zoo.pid), "--idle", "61", "--interval", "11s",
				    "--count", "7", "--syn-count", "3", "--raw", "--noheadings");

	ck_assert_int_eq(inspect_process(zoo.pid, after, SEEN_MAX), count);
	ck_assert_int_gt(count, 15);
	for (int i = 0; i < count; i++)
		for (size_t k = 0; k < sizeof set / sizeof *set; k++)
			expect_set(called.output, &before[i], &after[i], set[k], wanted[k]);
	/* What was not asked for is as it was, and so is another process. */
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(before[i].value[OPTION_USER_TIMEOUT],
				 after[i].value[OPTION_USER_TIMEOUT]);
	inspect_process(control.pid, after, SEEN_MAX);
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(before[i].value[OPTION_IDLE], after[i].value[OPTION_IDLE]);
	process_stop(&zoo);
	process_stop(&control);
}
END_TEST

static struct seen find_seen(pid_t pid, size_t id, int value)
{
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(pid, seen, SEEN_MAX);

	for (int i = 0; i < count; i++)
		if (seen[i].value[id] == value)
			return seen[i];
	ck_abort_msg("no socket has %s = %d", option_table[id].key, value);
	return seen[0];
}

START_TEST(back_again)
{
	struct process zoo = start_zoo(NULL);
	struct called called;
	struct seen seen;

	CALL("apply", word_of(zoo.pid), "--idle", "9", "--count", "9", "--user-timeout", "8s");
	called = CALL("apply", word_of(zoo.pid), "--idle", "default", "--interval", "0", "--count",
		      "default", "--keepalive", "off");
	expect_status(&called, 0);
	seen = find_seen(zoo.pid, OPTION_USER_TIMEOUT, 8000);
	seen.value[OPTION_USER_TIMEOUT] = 0;
	expect_values(&seen, kernel_values(), "what was put back");
	process_stop(&zoo);
}
END_TEST

/* What auto is derived from is what the socket has, not what the kernel would give to another. */
START_TEST(derived_from_the_socket)
{
	struct process zoo = start_zoo(NULL);
	struct seen client, accepted;

	CALL("apply", word_of(zoo.pid), "--user-timeout", "auto", "--interval", "9");
	client = find_seen(zoo.pid, OPTION_IDLE, 600);
	accepted = find_seen(zoo.pid, OPTION_IDLE, 900);
	ck_assert_int_eq(client.value[OPTION_USER_TIMEOUT], derive_user_timeout(600, 9, 5));
	ck_assert_int_eq(accepted.value[OPTION_USER_TIMEOUT], derive_user_timeout(900, 9, 2));
	process_stop(&zoo);
}
END_TEST

START_TEST(refused_by_the_kernel)
{
	struct process zoo = start_zoo(NULL);
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX), refused = 0;
	struct called called =
		CALL("apply", word_of(zoo.pid), "--user-timeout", "9s", "--idle", "77", "-rn");
	struct row row;

	for (int i = 0; i < count; i++) {
		ck_assert(find_option(called.output, seen[i].fd, OPTION_USER_TIMEOUT, &row));
		if (seen[i].value[OPTION_USER_TIMEOUT] >= 0) {
			ck_assert_str_eq(row.cell[ERROR], "");
			continue;
		}
		refused++;
		ck_assert_str_ne(row.cell[ERROR], "");
		ck_assert_str_eq(row.cell[AFTER], "");
		ck_assert(find_option(called.output, seen[i].fd, OPTION_IDLE, &row));
		ck_assert_str_eq(row.cell[AFTER], "77");
	}
	process_stop(&zoo);
	expect_status(&called, refused ? 1 : 0);
	if (!refused)
		SKIP("the kernel refuses nothing here");
}
END_TEST

/* An option that means something else later is set only on what is not connected. */
START_TEST(not_the_stage)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL("apply", word_of(zoo.pid), "--max-segment", "1000",
				    "--defer-accept", "5", "-rn");
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX);
	struct row row;

	for (int i = 0; i < count; i++) {
		bool listens = seen[i].state == TCP_LISTEN, fresh = seen[i].state == TCP_CLOSE;

		ck_assert_int_eq(find_option(called.output, seen[i].fd, OPTION_DEFER_ACCEPT, &row),
				 listens);
		ck_assert_int_eq(find_option(called.output, seen[i].fd, OPTION_MAX_SEGMENT, &row),
				 listens || fresh);
	}
	process_stop(&zoo);
}
END_TEST

/* Rules of a file hold as they do for the library. */
START_TEST(rules)
{
	struct process zoo = start_zoo(NULL);
	char text[512];
	const char *path;
	struct called called;
	static struct seen seen[SEEN_MAX];
	int count, servers = 0, clients = 0, fresh = 0, users = 0;

	snprintf(text, sizeof text,
		 "%s[rule user]\nuid = %u\ncount = 12\n[rule another]\nuid = %u\ncount = 13\n",
		 "idle = 100\n"
		 "[rule other]\nprogram = nginx\nidle = 200\n"
		 "[rule servers]\nprogram = pyth*\nrole = server\nidle = 300\n"
		 "[rule clients]\nrole = client\nremote = 127.0.0.0/8\nidle = 400\n",
		 geteuid(), geteuid() + 1);
	path = scratch_file("rules.conf", text);
	called = CALL("apply", word_of(zoo.pid), "--config", path);
	count = inspect_process(zoo.pid, seen, SEEN_MAX);

	expect_status(&called, 0);
	for (int i = 0; i < count; i++) {
		servers += seen[i].value[OPTION_IDLE] == 300;
		clients += seen[i].value[OPTION_IDLE] == 400;
		fresh += seen[i].value[OPTION_IDLE] == 100;
		users += seen[i].value[OPTION_COUNT] == 12;
		if (seen[i].state == TCP_LISTEN)
			ck_assert_int_eq(seen[i].value[OPTION_IDLE], 300);
		if (seen[i].state == TCP_CLOSE)
			ck_assert_int_eq(seen[i].value[OPTION_IDLE], 100);
		if (seen[i].state == TCP_CLOSE_WAIT) /* it connected, and over IPv4 */
			ck_assert_int_eq(seen[i].value[OPTION_IDLE], 400);
	}
	ck_assert_int_gt(servers, 7);
	ck_assert_int_gt(clients, 3);
	ck_assert_int_ge(fresh, 1);
	ck_assert_int_gt(users, 12);
	process_stop(&zoo);
}
END_TEST

START_TEST(errors_in_the_file)
{
	struct process zoo = start_zoo(NULL);
	const char *path = scratch_file("wrong.conf", "idle = 60s\ncount = 6O\n");
	static struct seen before[SEEN_MAX], after[SEEN_MAX];
	int count = inspect_process(zoo.pid, before, SEEN_MAX);
	struct called called = CALL("apply", word_of(zoo.pid), "--config", path);

	expect_status(&called, 1);
	expect_says(called.errors, "wrong.conf:2:9: count: \"6O\" is not a number");
	expect_says(called.errors, "nothing was changed");
	ck_assert_int_eq(inspect_process(zoo.pid, after, SEEN_MAX), count);
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(before[i].value[OPTION_IDLE], after[i].value[OPTION_IDLE]);
	called = CALL("apply", "--idle", "60");
	expect_status(&called, 2);
	called = CALL("apply", word_of(zoo.pid), "--idle", "40000");
	expect_status(&called, 2);
	expect_says(called.errors, "--idle: \"40000\" is outside 1..32767 s");
	called = CALL("apply", word_of(zoo.pid), "--watch=0");
	expect_status(&called, 2);
	process_stop(&zoo);
}
END_TEST

START_TEST(as_an_ordinary_user)
{
	struct process zoo;
	struct called called;

	if (getuid())
		SKIP("only root has two users to be");
	zoo = start_zoo(NULL);
	called = call_as("nobody", NULL,
			 (const char *const[]){ "apply", word_of(zoo.pid), "--idle", "60", NULL });
	expect_status(&called, 1);
	expect_says(called.errors, "only root and its own user");
	find_seen(zoo.pid, OPTION_IDLE, 600);
	process_stop(&zoo);
}
END_TEST

static void build_go(const char *program)
{
	static char cache[256], home[256];
	int status;
	char *errors;

	snprintf(cache, sizeof cache, "GOCACHE=%s", scratch_path("go-cache"));
	snprintf(home, sizeof home, "GOPATH=%s", scratch_path("go"));
	free(process_run_both(
		&(struct command){
			.argv = (const char *const[]){ "go", "build", "-o", program,
						       source_path("tests/cli/server.go"), NULL },
			.environment = { cache, home, "CGO_ENABLED=0", "GO111MODULE=off",
					 "GOFLAGS=" } },
		&status, &errors));
	ck_assert_msg(!status, "%s", errors);
}

static struct process start_go(const char *const *argv, const char *preload, int *port)
{
	struct process go = process_start(&(struct command){
		.argv = argv,
		.preload = preload,
		.environment = { "KEEPALIVE_IDLE=61", "KEEPALIVE_USER_TIMEOUT=130000" } });

	ck_assert(wait_for_word(go.output, "port", 20));
	ck_assert_int_eq(sscanf(read_whole(go.output), "port %d", port), 1);
	return go;
}

/* What this version of Go sets on a connection, or LEFT. */
static int count_of_go(const char *program)
{
	const char *trace = strdup(scratch_path("trace"));
	int port, fd;
	struct process go = start_go((const char *const[]){ "strace", "-f", "-o", trace, "-e",
							    "trace=setsockopt", program, NULL },
				     NULL, &port);

	fd = stock_connect(port);
	ck_assert(wait_for_word(go.output, "lines 1", 20));
	process_stop(&go);
	close(fd);
	return stock_traced_count(trace);
}

/* Preloading does nothing to it, which is the control. */
START_TEST(static_go_server)
{
	const char *program = strdup(scratch_path("go-server"));
	struct values fresh = kernel_values(), of_go = { 1, 15, 15, fresh.count, 0 };
	struct process go;
	struct called called;
	struct seen seen;
	int port, fd, own_count;

	if (!have_program("go"))
		SKIP("go is missing");
	if (!have_program("strace"))
		SKIP("strace is missing, which says whether Go sets a count");
	build_go(program);
	own_count = count_of_go(program);
	go = start_go((const char *const[]){ program, NULL }, shim_path(), &port);
	fd = stock_connect(port);
	ck_assert(wait_for_word(go.output, "lines 1", 20));
	seen = expect_socket(go.pid, TCP_LISTEN, port, false);
	expect_values(&seen, fresh, "the listener, library preloaded");
	seen = expect_socket(go.pid, TCP_ESTABLISHED, port, false);
	expect_values(&seen, of_go, "a connection, library preloaded");

	called = CALL("apply", word_of(go.pid), "--idle", "61", "--interval", "11", "--count", "7",
		      "--user-timeout", "130s");
	expect_status(&called, 0);
	seen = expect_socket(go.pid, TCP_LISTEN, port, false);
	expect_values(&seen, (struct values){ 1, 61, 11, 7, 130000 }, "the listener");
	seen = expect_socket(go.pid, TCP_ESTABLISHED, port, false);
	expect_values(&seen, (struct values){ 1, 61, 11, 7, 130000 }, "the connection");

	/* What comes then inherits; Go sets idle and interval itself when it accepts, since 1.23
	 * the count. */
	close(fd);
	fd = stock_connect(port);
	ck_assert(wait_for_word(go.output, "lines 2", 20));
	seen = find_seen(go.pid, OPTION_IDLE, 15);
	expect_values(&seen,
		      (struct values){ 1, 15, 15, own_count == LEFT ? 7 : own_count, 130000 },
		      "a new connection");
	close(fd);
	process_stop(&go);
}
END_TEST

static const struct stock nginx = {
	.name = "nginx",
	.argv = { NGINX_ARGV },
	.config = NGINX_CONFIG(""),
	.talk = { { SAY, "GET / HTTP/1.0\r\n\r\n" }, { PASSES, "GET /" } },
};

START_TEST(running_nginx)
{
	struct values ours = { 1, 61, 11, 7, 0 };
	struct called called;
	struct act act;
	struct seen seen;
	int fd;

	if (stock_missing(&nginx))
		SKIP("%s is missing", stock_missing(&nginx));
	stock_start_server(&act, &nginx, false);
	act.line = stock_connect(act.listen_port);
	stock_talk(&act);
	seen = expect_socket(act.process.pid, TCP_ESTABLISHED, act.listen_port, false);
	expect_values(&seen, kernel_values(), "the connection before");

	called = CALL("apply", word_of(act.process.pid), "--children", "--idle", "61", "--interval",
		      "11", "--count", "7");
	expect_status(&called, 0);
	seen = expect_socket(act.process.pid, TCP_LISTEN, act.listen_port, false);
	expect_values(&seen, ours, "the listener");
	seen = expect_socket(act.process.pid, TCP_ESTABLISHED, act.listen_port, false);
	expect_values(&seen, ours, "the connection");
	seen = expect_socket(act.process.pid, TCP_ESTABLISHED, act.connect_port, true);
	expect_values(&seen, ours, "the connection to its upstream");
	close(act.line);
	act.line = -1;
	close(act.passed);
	act.passed = -1;

	fd = stock_connect(act.listen_port);
	seen = expect_socket(act.process.pid, TCP_ESTABLISHED, act.listen_port, false);
	expect_values(&seen, ours, "a new connection");
	close(fd);
	stock_end(&act);
}
END_TEST

/* Connects each time it is told to, and can be told to set something itself. */
static const char client[] =
	"import socket, sys\n"
	"listener = socket.create_server(('127.0.0.1', 0))\n"
	"lines = []\n"
	"print('ready', flush=True)\n"
	"for word in sys.stdin:\n"
	"    if word == 'connect\\n':\n"
	"        lines.append(socket.create_connection(listener.getsockname()))\n"
	"        lines.append(listener.accept()[0])\n"
	"    elif word == 'new\\n':\n"
	"        lines.append(socket.socket())\n"
	"    elif word == 'use\\n':\n"
	"        lines[-1].connect(listener.getsockname())\n"
	"    elif word == 'listen\\n':\n"
	"        lines[-1].listen()\n"
	"    else:\n"
	"        lines[0].setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 555)\n"
	"    print('done', len(lines), flush=True)\n";

static void tell(struct process *process, const char *word)
{
	ck_assert_int_eq(write(process->input, word, strlen(word)), (ssize_t)strlen(word));
}

struct number_with {
	pid_t pid;
	size_t id;
	int value, wanted;
};

static bool so_many_have_it(void *context)
{
	struct number_with *number = context;
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(number->pid, seen, SEEN_MAX), have = 0;

	for (int i = 0; i < count; i++)
		have += seen[i].value[number->id] == number->value &&
			seen[i].value[OPTION_KEEPALIVE] == 1;
	return have == number->wanted;
}

/* So many of its sockets come to have keepalive and this. */
static void expect_number(pid_t pid, size_t id, int value, int wanted)
{
	ck_assert_msg(
		wait_until(so_many_have_it, &(struct number_with){ pid, id, value, wanted }, 20),
		"not %d sockets with %s %d", wanted, option_table[id].key, value);
}

static struct process watch(pid_t pid, const char *flag, const char *word)
{
	return process_start(&(struct command){
		.argv = (const char *const[]){ build_path("keepalive"), "apply", word_of(pid),
					       "--watch=1", flag, word, "-r", NULL } });
}

/* The same, with a line in the file `trace` for each descriptor that it takes and each time it
 * waits. */
static struct process watch_traced(pid_t pid, const char *flag, const char *word, const char *trace)
{
	return process_start(&(struct command){
		.argv = (const char *const[]){ "strace", "-e", "trace=pidfd_getfd,/^p?poll", "-e",
					       "signal=none", "-o", trace, build_path("keepalive"),
					       "apply", word_of(pid), "--watch=1", flag, word, "-r",
					       NULL } });
}

static int count_word(const char *text, const char *word)
{
	int count = 0;

	for (; (text = strstr(text, word)); text++)
		count++;
	return count;
}

struct rounds {
	const char *trace;
	int wanted;
};

static bool has_gone_round(void *context)
{
	struct rounds *rounds = context;
	char *trace = read_whole(rounds->trace);
	bool enough = count_word(trace, "poll(") > rounds->wanted;

	free(trace);
	return enough;
}

static void expect_rounds(const char *trace, int more)
{
	struct rounds rounds = { trace, count_word(read_whole(trace), "poll(") + more };

	ck_assert_msg(wait_until(has_gone_round, &rounds, 20), "it does not watch");
}

static struct process start_client(void)
{
	struct process program = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c", client, NULL } });

	ck_assert(wait_for_word(program.output, "ready", 20));
	return program;
}

START_TEST(watching)
{
	struct process program = start_client();
	struct process watcher;

	watcher = watch(program.pid, "--idle", "61");
	expect_number(program.pid, OPTION_IDLE, 61, 1);
	tell(&program, "connect\n");
	expect_number(program.pid, OPTION_IDLE, 61, 3);
	tell(&program, "set\n");
	expect_number(program.pid, OPTION_IDLE, 555, 1);
	/* Rounds go by, and what the program has set since stays. */
	tell(&program, "connect\n");
	expect_number(program.pid, OPTION_IDLE, 61, 4);
	expect_number(program.pid, OPTION_IDLE, 555, 1);
	process_stop(&program);
	ck_assert_int_eq(process_wait(&watcher, 20), 0);
	/* One heading, and a row for each option of each socket. */
	ck_assert_int_eq(strncmp(read_whole(watcher.output), "PROGRAM ", 8), 0);
	ck_assert_ptr_null(strstr(read_whole(watcher.output) + 1, "PROGRAM"));
	ck_assert_str_eq(read_whole(watcher.errors), "");
}
END_TEST

/* What is known is left alone, the sockets of other protocols too. */
START_TEST(watching_takes_each_once)
{
	struct process zoo = start_zoo(NULL), watcher;
	const char *trace = scratch_file("trace", "");
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX), loose = 0, first, again;

	/* Those that are not connected may become so, and are looked at in each round. */
	for (int i = 0; i < count; i++)
		loose += seen[i].state == TCP_CLOSE;
	if (!have_program("strace"))
		SKIP("strace is missing");
	watcher = watch_traced(zoo.pid, "--idle", "61", trace);
	/* The first asks whether the process has ended already. */
	expect_rounds(trace, 1);
	first = count_word(read_whole(trace), "pidfd_getfd(");
	ck_assert_int_ge(first, count);
	expect_rounds(trace, 3);
	again = count_word(read_whole(trace), "pidfd_getfd(") - first;
	ck_assert_msg(again >= 3 * loose && again <= 5 * loose && loose < count / 4,
		      "%d taken at first, %d more in 3 rounds, %d of them not connected", first,
		      again, loose);
	process_stop(&zoo);
	process_wait(&watcher, 20);
}
END_TEST

/* At once: a file that is being written has half of what it is to have. */
static void replace_file(const char *path, const char *content)
{
	ck_assert_int_eq(rename(scratch_file("next", content), path), 0);
}

/* A socket that was there before it was connected. */
START_TEST(watching_with_rules)
{
	struct process program = start_client(), watcher;
	struct seen seen;

	tell(&program, "new\n");
	watcher = watch(program.pid, "--config",
			scratch_file("watched.conf",
				     "idle = 61\n"
				     "[rule clients]\nrole = client\nuser_timeout = 7777\n"));
	expect_number(program.pid, OPTION_IDLE, 61, 2);
	tell(&program, "set\n");
	expect_number(program.pid, OPTION_IDLE, 555, 1);
	tell(&program, "use\n");
	expect_number(program.pid, OPTION_USER_TIMEOUT, 7777, 1);
	seen = find_seen(program.pid, OPTION_USER_TIMEOUT, 7777);
	ck_assert_int_eq(seen.state, TCP_ESTABLISHED);
	ck_assert_int_eq(seen.value[OPTION_IDLE], 555);
	process_stop(&program);
	ck_assert_int_eq(process_wait(&watcher, 20), 0);
}
END_TEST

/* What is for listeners alone waits until it is one. */
START_TEST(watching_until_it_listens)
{
	struct process program = start_client(), watcher;
	struct seen seen;

	tell(&program, "new\n");
	watcher = watch(program.pid, "--config",
			scratch_file("watched.conf", "idle = 61\ndefer_accept = 7\n"));
	expect_number(program.pid, OPTION_IDLE, 61, 2);
	seen = find_seen(program.pid, OPTION_DEFER_ACCEPT, 0);
	ck_assert_int_eq(seen.state, TCP_CLOSE);
	tell(&program, "set\n");
	expect_number(program.pid, OPTION_IDLE, 555, 1);
	tell(&program, "listen\n");
	expect_number(program.pid, OPTION_DEFER_ACCEPT, 7, 2);
	ck_assert_int_eq(find_seen(program.pid, OPTION_IDLE, 555).fd, seen.fd);
	process_stop(&program);
	ck_assert_int_eq(process_wait(&watcher, 20), 0);
}
END_TEST

START_TEST(watching_a_file_that_gets_a_mistake)
{
	struct process program = start_client(), watcher;
	const char *trace = scratch_file("trace", ""),
		   *path = scratch_file("watched.conf", "idle = 61\n");

	if (!have_program("strace"))
		SKIP("strace is missing");
	watcher = watch_traced(program.pid, "--config", path, trace);
	expect_number(program.pid, OPTION_IDLE, 61, 1);
	replace_file(path, "user_timeout = 7777\nidle = 6O\n");
	ck_assert(wait_for_word(
		watcher.errors,
		"watched.conf:2:8: idle: \"6O\" is not a time (units: ms, s, min, h)", 20));
	tell(&program, "connect\n");
	expect_rounds(trace, 3);
	/* The listener's, which the accepted one inherits; and not the other end. */
	expect_number(program.pid, OPTION_IDLE, 61, 2);
	replace_file(path, "idle = 62\n");
	expect_number(program.pid, OPTION_IDLE, 62, 2);
	expect_number(program.pid, OPTION_USER_TIMEOUT, 7777, 0);
	process_stop(&program);
	ck_assert_int_eq(process_wait(&watcher, 20), 1);
	ck_assert_int_eq(count_word(read_whole(watcher.errors), "watched.conf"), 1);
}
END_TEST

START_TEST(watching_is_interrupted)
{
	struct process zoo = start_zoo(NULL);
	struct process watcher = watch(zoo.pid, "--idle", "61");

	ck_assert(wait_for_word(watcher.output, "PROGRAM", 20));
	kill(watcher.pid, SIGINT);
	ck_assert_int_eq(process_wait(&watcher, 20), 128 + SIGINT);
	/* And nothing came of it to the program. */
	tell(&zoo, "\n");
	ck_assert(wait_for_word(zoo.output, "queued", 20));
	process_stop(&zoo);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("apply");
	TCase *tests = harness_case(suite, "apply", 60);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	tcase_add_test(tests, before_and_after);
	tcase_add_test(tests, back_again);
	tcase_add_test(tests, derived_from_the_socket);
	tcase_add_test(tests, refused_by_the_kernel);
	tcase_add_test(tests, not_the_stage);
	tcase_add_test(tests, rules);
	tcase_add_test(tests, errors_in_the_file);
	tcase_add_test(tests, as_an_ordinary_user);
	tcase_add_test(tests, running_nginx);
	tcase_add_test(tests, watching);
	tcase_add_test(tests, watching_takes_each_once);
	tcase_add_test(tests, watching_with_rules);
	tcase_add_test(tests, watching_until_it_listens);
	tcase_add_test(tests, watching_a_file_that_gets_a_mistake);
	tcase_add_test(tests, watching_is_interrupted);
	tests = harness_case(suite, "go", 300);
	tcase_add_test(tests, static_go_server);
	return harness_run(suite);
}
