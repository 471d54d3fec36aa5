/*
 * keepalive show and apply beside processes and sockets that come and go all the time, and a
 * process that calls itself anything.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"

enum { SHOWS = 30, APPLIES = 10, SEEN_MAX = 512, IDLE = 61, LOOKS = 200, LOOKS_FOR_ONE_LATE = 12 };

/* The columns of what apply prints. */
enum { PROGRAM, PID, FD, STATE, LOCAL, PEER, OPTION, BEFORE, AFTER, ERROR, CELLS };

struct churn {
	struct process process;
	int port; /* of the listener that it keeps */
};

static struct churn start_churn(void)
{
	struct churn churn = {
		.process = process_start(&(struct command){
			.argv = (const char *const[]){ build_path("tests/cli/busy"), NULL } })
	};

	ck_assert(wait_for_word(churn.process.output, "\n", 20));
	ck_assert_int_eq(sscanf(read_whole(churn.process.output), "ready %d", &churn.port), 1);
	return churn;
}

/* All of its own calls came to what they had to, and there were many of them. */
static void end_churn(struct churn *churn)
{
	long rounds = 0;
	const char *said;
	int status;

	close(churn->process.input);
	churn->process.input = -1;
	status = process_wait(&churn->process, 20);
	ck_assert_msg(!status, "churn: status %d: %s", status, read_whole(churn->process.errors));
	ck_assert_str_eq(read_whole(churn->process.errors), "");
	said = strstr(read_whole(churn->process.output), "rounds");
	ck_assert(said && sscanf(said, "rounds %ld", &rounds) == 1);
	ck_assert_int_gt(rounds, 100);
}

/* The idle time of the listener that it keeps; 0: it may not be looked at. */
static int idle_of(const struct churn *churn)
{
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(churn->process.pid, seen, SEEN_MAX);

	for (int i = 0; i < count; i++)
		if (seen[i].state == TCP_LISTEN && seen[i].local_port == churn->port)
			return seen[i].value[OPTION_IDLE];
	return 0;
}

static bool is_applied(void *context)
{
	return idle_of(context) == IDLE;
}

static struct called call_in_silence(const char *const *arguments)
{
	struct called called = call(arguments);

	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	return called;
}

/* Shows all again and again; how many rows of the two there were. */
static int show_all(void)
{
	size_t size;
	char *all;
	FILE *stream = open_memstream(&all, &size);
	int rows = 0;

	for (int i = 0; i < SHOWS; i++) {
		struct called called = CALL("show", "--all", "--json");

		/* Of others it may say that they may not be looked at. */
		ck_assert_int_le(called.status, 1);
		ck_assert_msg(!strstr(called.errors, "(busy)"), "%s", called.errors);
		fprintf(stream, "%c%s", i ? ',' : '[', called.output);
		for (const char *at = compact_json(called.output);
		     (at = strstr(at, "\"program\":\"busy\"")); at++)
			rows++;
	}
	fputc(']', stream);
	fclose(stream);
	ck_assert(!have_program("python3") || is_json(all));
	return rows;
}

/* Every row is of a socket that could be set, none of that process; how many there are. */
static int expect_set(const char *output, pid_t other)
{
	char *copy = strdup(output);
	int count = 0;
	struct row row;

	for (; next_row(&copy, &row); count++) {
		ck_assert_int_eq(row.cells, CELLS);
		ck_assert_str_eq(row.cell[PROGRAM], "busy");
		ck_assert_int_ne(atoi(row.cell[PID]), other);
		ck_assert_msg(!*row.cell[ERROR], "%s of %s: %s", row.cell[OPTION], row.cell[LOCAL],
			      row.cell[ERROR]);
	}
	return count;
}

static void apply_again_and_again(const char *pid, pid_t other)
{
	int rows = 0;

	for (int i = 0; i < APPLIES; i++) {
		struct called called = call_in_silence((const char *const[]){
			"apply", pid, "--children", "--idle", "61", "-rn", NULL });

		rows += expect_set(called.output, other);
	}
	/* Two for the listener that stays, and more for those that do not. */
	ck_assert_int_gt(rows, 2 * APPLIES);
}

START_TEST(beside_it)
{
	struct churn churn = start_churn(), control = start_churn();
	const char *pid = word_of(churn.process.pid);
	struct process watcher;

	if (!idle_of(&churn))
		SKIP("the sockets of other processes may not be looked at");
	ck_assert_int_eq(idle_of(&churn), kernel_values().idle);
	watcher = process_start(&(struct command){
		.argv = (const char *const[]){ build_path("keepalive"), "apply", pid, "--watch",
					       "--children", "--idle", "61", "-rn", NULL } });
	ck_assert(wait_until(is_applied, &churn, 20));
	/* That of both, by the program and its three helpers, is in each; more come and go. */
	ck_assert_int_gt(show_all(), SHOWS * 2 * 4);
	apply_again_and_again(pid, control.process.pid);
	ck_assert_int_eq(idle_of(&churn), IDLE);
	ck_assert_int_eq(idle_of(&control), kernel_values().idle);
	end_churn(&churn);
	ck_assert_int_eq(process_wait(&watcher, 20), 0);
	ck_assert_str_eq(read_whole(watcher.errors), "");
	ck_assert_int_gt(expect_set(read_whole(watcher.output), control.process.pid), 2);
	end_churn(&control);
}
END_TEST

/* What a server says that closes and binds again, and how often it was looked at meanwhile. */
struct late {
	long rebinds, late, longest, ends, late_ends, longest_end;
	int looks;
};

/* Until it has gone round that often; it says how often when it ends. */
static struct late rebind_beside(int looks)
{
	struct late late = { .looks = looks };
	struct process server = process_start(&(struct command){
		.argv = (const char *const[]){ build_path("tests/cli/rebind"), NULL } });
	const char *said;

	ck_assert(wait_for_word(server.output, "ready", 20));
	for (int i = 0; i < looks; i++)
		ck_assert_int_eq(CALL("show", word_of(server.pid)).status, 0);
	if (!looks)
		ck_assert(wait_for_word(server.output, "round 500", 20));
	close(server.input);
	server.input = -1;
	ck_assert_msg(!process_wait(&server, 20), "%s", read_whole(server.errors));
	said = strstr(read_whole(server.output), "rebinds");
	ck_assert(said &&
		  sscanf(said, "rebinds %ld late %ld longest %ld us ends %ld late %ld longest %ld",
			 &late.rebinds, &late.late, &late.longest, &late.ends, &late.late_ends,
			 &late.longest_end) == 6);
	return late;
}

/*
 * A look meets a server just where it closes now and then, whatever it does. What is held against
 * it is the number of looks, of which a busy machine has fewer in a time.
 */
START_TEST(rebinding)
{
	struct late alone = rebind_beside(0), beside = rebind_beside(LOOKS);

	ck_assert_int_eq(alone.late, 0);
	ck_assert_int_eq(alone.late_ends, 0);
	printf("# %d looks: %ld of %ld rebinds late, by %ld us at most; %ld of %ld ends, by %ld us\n",
	       beside.looks, beside.late, beside.rebinds, beside.longest, beside.late_ends,
	       beside.ends, beside.longest_end);
	ck_assert_int_lt(beside.late * LOOKS_FOR_ONE_LATE, LOOKS);
}
END_TEST

/* The calls between the one that takes a descriptor and the one that gives it back. */
static int count_held(const char *trace, int *taken)
{
	int calls = 0, own = -1, fd;
	const char *line = trace;

	for (*taken = 0; *line; line = strchr(line, '\n') + 1) {
		if (!strncmp(line, "pidfd_getfd(", 12)) {
			const char *result = strchr(line, '=');

			ck_assert(own < 0 && result && sscanf(result, "= %d", &own) == 1);
			++*taken;
		} else if (own >= 0 && sscanf(line, "close(%d)", &fd) == 1 && fd == own) {
			own = -1;
		} else if (own >= 0) {
			ck_assert_msg(strstr(line, "stat") || !strncmp(line, "getsockopt(", 11),
				      "%.80s", line);
			calls++;
		}
		if (!strchr(line, '\n'))
			break;
	}
	return calls;
}

/* A descriptor is taken of TCP sockets alone, for two calls where one option is asked for. */
START_TEST(how_long_it_is_held)
{
	const char *trace = strdup(scratch_path("held"));
	struct process server;
	int status, taken, calls;

	if (!have_program("strace") || !have_program("python3"))
		SKIP("strace or python3 is missing");
	server = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c",
					       "import socket, sys; s = socket.create_server"
					       "(('127.0.0.1', 0)); c = socket.create_connection"
					       "(s.getsockname()); p = socket.socketpair();"
					       " print('ready', flush=True); sys.stdin.readline()",
					       NULL } });
	ck_assert(wait_for_word(server.output, "ready", 20));
	free(process_run(
		&(struct command){ .argv = (const char *const[]){ "strace", "-e", "signal=none",
								  "-o", trace,
								  build_path("keepalive"), "show",
								  "-o", "fd,state,idle",
								  word_of(server.pid), NULL } },
		&status));
	process_stop(&server);
	if (status)
		SKIP("strace may not, here");
	calls = count_held(read_whole(trace), &taken);
	ck_assert_int_eq(taken, 2);
	ck_assert_int_eq(calls, 2 * taken);
}
END_TEST

/* What it prints for it in JSON; there every name has to be UTF-8, and no terminal is to be moved.
 */
static const struct {
	const char *name, *printed;
} names[] = {
	{ "plain", "plain" },
	{ "a \"b\\", "a \\\"b\\\\" },
	{ "\x1b[31mred\x7f", "?[31mred?" },
	{ "\xe2\x80\xaegnp", "???gnp" },
	{ "\xc2\x9b"
	  "31mred",
	  "??31mred" },
	{ "\xc3\xbc\xe4\xb8\xad\xf0\x9f\x98\x80", "\xc3\xbc\xe4\xb8\xad\xf0\x9f\x98\x80" },
	/* The kernel cuts it after 15 bytes. */
	{ "fourteen bytes\xc3\xbc", "fourteen bytes?" },
	{ "\xff\xfe", "??" },
	{ "\xc0\xaf \xe0\x80\xaf", "?? ???" },
	{ "\xed\xa0\x80 \xf4\x90\x80\x80", "??? ????" },
};

START_TEST(any_name)
{
	struct called called;
	char expected[64];
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(prctl(PR_SET_NAME, names[_i].name), 0);
	called = CALL("show", "--json", "-o", "program,fd", word_of(getpid()));
	expect_status(&called, 0);
	ck_assert(!have_program("python3") || is_json(called.output));
	snprintf(expected, sizeof expected, "\"program\":\"%s\"", names[_i].printed);
	expect_says(compact_json(called.output), expected);
}
END_TEST

/* Where the terminal has such characters people read them as they are; else by their bytes. */
START_TEST(name_of_many_letters)
{
	const char *const show[] = { "show", "-n", "-o", "program", word_of(getpid()), NULL };
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(listen(listener, 1), 0);
	ck_assert_int_eq(prctl(PR_SET_NAME, "\xc3\xbc\xe4\xb8\xad\xe2\x80\xae\x1b"), 0);
	ck_assert_str_eq(
		call_as(NULL, (const char *const[]){ "LC_ALL=C.UTF-8", NULL }, show).output,
		"\xc3\xbc\xe4\xb8\xad????\n");
	ck_assert_str_eq(call_as(NULL, (const char *const[]){ "LC_ALL=C", NULL }, show).output,
			 "\\xc3\\xbc\\xe4\\xb8\\xad????\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("churn");
	TCase *tests = harness_case(suite, "churn", 60);

	tcase_add_test(tests, beside_it);
	tcase_add_test(tests, rebinding);
	tcase_add_test(tests, how_long_it_is_held);
	tcase_add_test(tests, name_of_many_letters);
	tcase_add_loop_test(tests, any_name, 0, sizeof names / sizeof *names);
	return harness_run(suite);
}
