/* keepalive show: what it says of sockets is what the kernel says on their descriptors. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pty.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"

enum { SEEN_MAX = 64, PROTOCOL_MPTCP = 262, TIMER_KEEPALIVE = 2, HUNDREDTH_MS = 10 };

/* The columns that tests ask for, in this order. */
enum {
	FD,
	PID,
	STATE,
	LOCAL,
	PEER,
	TIMER,
	LEFT,
	UNACKED,
	IDLE,
	DATA,
	SHIM,
	PROTOCOL,
	OPTIONS_FROM
};

static char columns[512] =
	"fd,pid,state,local,peer,timer,left,unacked,detect_idle,detect_data,shim,protocol";

static void add_option_columns(void)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		size_t length = strlen(columns);

		snprintf(columns + length, sizeof columns - length, ",%.*s",
			 (int)sizeof option_table[id].key, option_table[id].key);
	}
}

static struct called show_process(pid_t pid)
{
	struct called called = CALL("show", "-rn", "-o", columns, word_of(pid));

	expect_status(&called, 0);
	return called;
}

static const char *state_name(int state)
{
	static const char *const names[] = { "", "ESTABLISHED", "SYN-SENT",   "", "",      "",
					     "", "CLOSED",      "CLOSE-WAIT", "", "LISTEN" };

	return names[state];
}

/* True if `place` ends in that port. */
static bool has_port(const char *place, int port)
{
	const char *colon = strrchr(place, ':');

	if (!port)
		return colon && !strcmp(colon, ":*");
	return colon && atoi(colon + 1) == port;
}

static void expect_option(const struct seen *seen, size_t id, const char *cell)
{
	const struct option_row *option = &option_table[id];
	const char *expected = seen->value[id] < 0 ? "" : word_of(seen->value[id]);

	if (option->unit == UNIT_SWITCH && seen->value[id] >= 0)
		expected = seen->value[id] ? "on" : "off";
	ck_assert_msg(!strcmp(cell, expected), "fd %d: %s is %s, expected %s", seen->fd,
		      option->key, cell, expected);
}

/* What was seen before the command ran and after it: a timer is in between. */
static void expect_row(const struct seen *seen, const struct seen *later, const struct row *row)
{
	ck_assert_int_eq(row->cells, OPTIONS_FROM + OPTIONS);
	ck_assert_str_eq(row->cell[PID], word_of(seen->pid));
	ck_assert_str_eq(row->cell[STATE], state_name(seen->state));
	ck_assert_msg(has_port(row->cell[LOCAL], seen->local_port), "%s", row->cell[LOCAL]);
	/* The peer of one that is not connected yet netlink alone tells. */
	if (seen->state != TCP_SYN_SENT)
		ck_assert_msg(has_port(row->cell[PEER], seen->remote_port), "%s", row->cell[PEER]);
	ck_assert_str_eq(row->cell[PROTOCOL], seen->protocol == PROTOCOL_MPTCP ? "mptcp" : "tcp");
	for (size_t id = 0; id < OPTIONS; id++)
		expect_option(seen, id, row->cell[OPTIONS_FROM + id]);
	if (seen->timer != TIMER_KEEPALIVE || seen->state != TCP_ESTABLISHED)
		return;
	ck_assert_str_eq(row->cell[TIMER], "keepalive");
	ck_assert_int_eq(later->fd, seen->fd);
	/* It runs down from look to look; of the first and the last hundredths are told. */
	ck_assert_double_le(atof(row->cell[LEFT]), seen->timer_left * 1000 + HUNDREDTH_MS);
	if (later->timer == TIMER_KEEPALIVE)
		ck_assert_double_ge(atof(row->cell[LEFT]), later->timer_left * 1000 - HUNDREDTH_MS);
}

START_TEST(all_kinds)
{
	struct process zoo = start_zoo(NULL);
	static struct seen seen[SEEN_MAX], later[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX), states[16] = { 0 }, mptcp = 0;
	struct called called = show_process(zoo.pid);
	char *said = read_whole(zoo.output);
	struct row row;

	ck_assert_int_eq(inspect_process(zoo.pid, later, SEEN_MAX), count);
	for (int i = 0; i < count; i++) {
		row = find_row(called.output, FD, word_of(seen[i].fd));
		expect_row(&seen[i], &later[i], &row);
		states[seen[i].state]++;
		mptcp += seen[i].protocol == PROTOCOL_MPTCP;
	}
	for (int i = 0; i < count; i++)
		next_row(&called.output, &row);
	ck_assert_msg(!next_row(&called.output, &row), "it shows more than %d sockets", count);
	ck_assert(states[TCP_LISTEN] && states[TCP_ESTABLISHED] && states[TCP_CLOSE] &&
		  states[TCP_CLOSE_WAIT] && states[TCP_SYN_SENT]);
	ck_assert(mptcp || strstr(said, "without mptcp"));
	process_stop(&zoo);
}
END_TEST

/* The kernel tells the protocol only with more than this column needs. */
START_TEST(protocol_alone)
{
	struct process zoo = start_zoo(NULL);
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX);
	struct called called = CALL("show", "-rn", "-o", "fd,protocol", word_of(zoo.pid));

	expect_status(&called, 0);
	ck_assert_int_gt(count, 0);
	for (int i = 0; i < count; i++)
		ck_assert_str_eq(find_row(called.output, 0, word_of(seen[i].fd)).cell[1],
				 seen[i].protocol == PROTOCOL_MPTCP ? "mptcp" : "tcp");
	process_stop(&zoo);
}
END_TEST

static bool waits_for_a_window(void *context)
{
	const int *want = context; /* process and descriptor */
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(want[0], seen, SEEN_MAX);

	for (int i = 0; i < count; i++)
		if (seen[i].fd == want[1] && seen[i].timer == 4)
			return true;
	return false;
}

struct answers {
	const struct process *zoo;
	int wanted, last;
};

static bool are_answers_there(void *context)
{
	struct answers *answers = context;
	char *said = read_whole(answers->zoo->output), *at = said;
	int count = 0;

	while ((at = strstr(at, "queued ")) && strchr(at, '\n')) {
		answers->last = atoi(at += strlen("queued "));
		count++;
	}
	free(said);
	return count == answers->wanted;
}

/* What the kernel has queued on the socket that sends, by the process itself; asked once more. */
static int ask_queued(struct answers *answers)
{
	answers->wanted++;
	ck_assert_int_eq(write(answers->zoo->input, "\n", 1), 1);
	ck_assert(wait_until(are_answers_there, answers, 20));
	return answers->last;
}

START_TEST(data_on_the_way)
{
	struct process zoo = start_zoo(NULL);
	struct answers answers = { .zoo = &zoo };
	struct called called;
	int fd, before, after;
	struct row row;

	ck_assert_int_eq(sscanf(strstr(read_whole(zoo.output), "ready"), "ready %d", &fd), 1);
	ck_assert(wait_until(waits_for_a_window, (int[]){ zoo.pid, fd }, 20));
	/* Nothing is written any more: the queue can only become shorter. */
	before = ask_queued(&answers);
	called = show_process(zoo.pid);
	after = ask_queued(&answers);
	row = find_row(called.output, FD, word_of(fd));
	ck_assert_int_gt(after, 0);
	ck_assert_int_le(atoi(row.cell[UNACKED]), before);
	ck_assert_int_ge(atoi(row.cell[UNACKED]), after);
	ck_assert_str_eq(row.cell[TIMER], "persist");
	ck_assert_int_ge(atoi(row.cell[LEFT]), 0);
	row = find_row(called.output, STATE, "SYN-SENT");
	ck_assert_str_eq(row.cell[TIMER], "retransmit");
	process_stop(&zoo);
}
END_TEST

/* A window that stays closed: the number of probes ends it before the user timeout. */
START_TEST(closed_window)
{
	struct process zoo = start_zoo(NULL);
	struct called called;
	struct row row;
	int fd;

	ck_assert_int_eq(sscanf(strstr(read_whole(zoo.output), "ready"), "ready %d", &fd), 1);
	ck_assert(wait_until(waits_for_a_window, (int[]){ zoo.pid, fd }, 20));
	called = CALL("apply", word_of(zoo.pid), "--user-timeout", "40s", "--rto-max", "1s");
	called = show_process(zoo.pid);
	row = find_row(called.output, FD, word_of(fd));
	if (strcmp(row.cell[OPTIONS_FROM + OPTION_RTO_MAX], "1000"))
		SKIP("no TCP_RTO_MAX_MS in this kernel");
	ck_assert_str_eq(row.cell[OPTIONS_FROM + OPTION_USER_TIMEOUT], "40000");
	ck_assert_str_eq(row.cell[TIMER], "persist");
	ck_assert_int_ge(atoi(row.cell[DATA]), 14400);
	ck_assert_int_le(atoi(row.cell[DATA]), 14500);
	/* If data were on the way it would be the user timeout. */
	row = find_row(called.output, STATE, "ESTABLISHED");
	ck_assert_str_ne(row.cell[TIMER], "persist");
	ck_assert_int_ge(atoi(row.cell[DATA]), 40000);
	process_stop(&zoo);
}
END_TEST

/* Of a listener on all addresses both ends are any. */
START_TEST(any_address)
{
	struct process zoo = start_zoo(NULL);
	struct called called = show_process(zoo.pid);
	struct row row;

	if (strstr(read_whole(zoo.output), "without ::"))
		SKIP("this kernel has no IPv6");
	while (next_row(&called.output, &row))
		if (!strncmp(row.cell[LOCAL], "[::]:", 5))
			break;
	ck_assert_int_eq(strncmp(row.cell[LOCAL], "[::]:", 5), 0);
	ck_assert_str_eq(row.cell[PEER], "[::]:*");
	process_stop(&zoo);
}
END_TEST

/* The arithmetic itself is held against the wire elsewhere. */
START_TEST(detection)
{
	struct process zoo = start_zoo(NULL);
	struct called called = show_process(zoo.pid), people;
	struct row row = find_row(called.output, OPTIONS_FROM + OPTION_IDLE, "600");

	ck_assert_str_eq(row.cell[IDLE], word_of((600 + 7 * 5) * 1000));
	ck_assert_int_gt(atoi(row.cell[DATA]), 800 * 1000);
	row = find_row(called.output, OPTIONS_FROM + OPTION_IDLE, "900");
	/* 905000 ms, seen at the first tick from then on. */
	ck_assert_str_eq(row.cell[IDLE], word_of(930 * 1000));
	ck_assert_int_ge(atoi(row.cell[DATA]), 905 * 1000);
	ck_assert_int_lt(atoi(row.cell[DATA]), 907 * 1000);
	/* It has no peer that could vanish. */
	row = find_row(called.output, STATE, "CLOSED");
	ck_assert_str_eq(row.cell[IDLE], "");
	ck_assert_str_eq(row.cell[DATA], "");
	ck_assert_str_eq(row.cell[TIMER], "none");
	people = CALL("show", "-o", "idle,detect_idle", word_of(zoo.pid));
	expect_says(people.output, "600s");
	expect_says(people.output, "10min 35s");
	expect_says(people.output, "never");
	/* With all of the kernel's own values, as one of MPTCP has them. */
	if (kernel_values().idle == 7200 && kernel_values().interval == 75 &&
	    kernel_values().count == 9)
		ck_assert(strstr(people.output, "2h 11min 15s") ||
			  strstr(read_whole(zoo.output), "without mptcp"));
	process_stop(&zoo);
}
END_TEST

START_TEST(as_ss_says)
{
	struct process zoo = start_zoo(NULL);
	struct called called = show_process(zoo.pid);
	struct row row = find_row(called.output, OPTIONS_FROM + OPTION_IDLE, "600");
	char filter[64];
	char *ss;
	int status;

	if (!have_program("ss"))
		SKIP("ss is missing");
	snprintf(filter, sizeof filter, "sport = %s", strrchr(row.cell[LOCAL], ':'));
	ss = process_run(
		&(struct command){ .argv = (const char *const[]){ "ss", "-tnoH", filter, NULL } },
		&status);
	expect_says(ss, "timer:(keepalive,9min");
	expect_says(ss, row.cell[LOCAL]);
	expect_says(ss, row.cell[PEER]);
	expect_says(ss, "ESTAB");
	ck_assert_str_eq(row.cell[TIMER], "keepalive");
	ck_assert_int_gt(atoi(row.cell[LEFT]), 540 * 1000);
	process_stop(&zoo);
}
END_TEST

START_TEST(whether_the_library_is_there)
{
	struct process with = start_zoo(shim_path()), without = start_zoo(NULL);
	struct called called =
		CALL("show", "-rn", "-o", "pid,shim", word_of(with.pid), word_of(without.pid));

	ck_assert_str_eq(find_row(called.output, 0, word_of(with.pid)).cell[1], "yes");
	ck_assert_str_eq(find_row(called.output, 0, word_of(without.pid)).cell[1], "no");
	process_stop(&with);
	process_stop(&without);
}
END_TEST

/* The first thing that a new user does. */
START_TEST(redis_under_run)
{
	char port[8];
	struct process redis;
	struct called called;
	struct seen seen;
	struct row row;

	if (!have_program("redis-server"))
		SKIP("redis-server is missing");
	snprintf(port, sizeof port, "%d", free_port());
	redis = process_start(&(struct command){
		.argv = (const char *const[]){ build_path("keepalive"), "run", "--idle", "60", "--",
					       "redis-server", "--bind", "127.0.0.1", "--save", "",
					       "--port", port, NULL } });
	seen = expect_socket(redis.pid, TCP_LISTEN, atoi(port), false);
	expect_values(&seen,
		      (struct values){ 1, 60, kernel_values().interval, kernel_values().count, 0 },
		      "getsockopt");
	called = show_process(redis.pid);
	row = find_row(called.output, STATE, "LISTEN");
	expect_row(&seen, &seen, &row);
	ck_assert_str_eq(row.cell[SHIM], "yes");
	called = CALL("show", "-rn", "-o", "program", word_of(redis.pid));
	ck_assert_str_eq(called.output, "redis-server\n");
	process_stop(&redis);
}
END_TEST

START_TEST(for_programs)
{
	struct process zoo = start_zoo(NULL);
	struct called json = CALL("show", "--json", word_of(zoo.pid));
	struct called raw = CALL("show", "--raw", "-o", "PID,fd", word_of(zoo.pid));
	struct called table = CALL("show", "-n", "-o", "pid", word_of(zoo.pid));
	struct called more = CALL("show", "-r", "-o", "+inode,user", word_of(zoo.pid));

	expect_status(&json, 0);
	ck_assert(is_json(json.output));
	ck_assert(!is_json(raw.output));
	compact_json(json.output);
	expect_says(json.output, "\"keepalive\":true");
	expect_says(json.output, "\"keepalive\":false");
	expect_says(json.output, "\"idle\":600,");
	expect_says(json.output, "\"detect_idle\":null,");
	expect_says(json.output, "\"shim\":false");
	ck_assert_int_eq(strncmp(raw.output, "PID FD\n", 7), 0);
	ck_assert_ptr_null(strstr(table.output, "PID"));
	expect_says(more.output, "PROGRAM");
	expect_says(more.output, "INODE USER");
	ck_assert_ptr_null(strstr(json.output, "\x1b["));
	process_stop(&zoo);
	json = CALL("show", "--json", word_of(getpid()));
	ck_assert(is_json(json.output));
	expect_says(json.output, "[]");
}
END_TEST

/* However often it is named. */
START_TEST(each_once)
{
	struct process zoo = start_zoo(NULL);
	const char *pid = word_of(zoo.pid);
	struct called once = CALL("show", "-rn", "-o", "pid,fd,inode", pid);
	struct called twice = CALL("show", "-rn", "-o", "pid,fd,inode", pid, pid);
	struct row row;

	expect_says(once.output, pid);
	ck_assert_str_eq(twice.output, once.output);
	twice = CALL("show", "-rn", "-o", "pid,FD,pid,inode,fd", pid);
	ck_assert_str_eq(twice.output, once.output);
	twice = CALL("show", "-r", "-o", "+pid", pid);
	ck_assert(!strncmp(twice.output, "PROGRAM PID FD STATE ", 21));
	twice.output[strcspn(twice.output, "\n")] = 0;
	ck_assert_ptr_eq(strstr(twice.output + 12, " PID"), NULL);
	twice = CALL("show", "-rn", "-o", "pid,fd,inode", "--children", "--all", pid, pid);
	/* Before all others, and not among them again. */
	ck_assert_int_eq(strncmp(twice.output, once.output, strlen(once.output)), 0);
	for (char *rest = twice.output + strlen(once.output); next_row(&rest, &row);)
		ck_assert_str_ne(row.cell[0], pid);
	process_stop(&zoo);
}
END_TEST

START_TEST(children)
{
	struct process zoo;
	const char *script = source_path("tests/cli/zoo.py");
	struct called called;

	zoo = process_start(&(struct command){
		.argv = (const char *const[]){ "sh", "-c", "python3 \"$0\"; :", script, NULL } });
	ck_assert(wait_for_word(zoo.output, "ready", 20));
	called = CALL("show", "-n", word_of(zoo.pid));
	ck_assert_str_eq(called.output, "");
	called = CALL("show", "-n", "--children", word_of(zoo.pid));
	expect_says(called.output, "CLOSE-WAIT");
	process_stop(&zoo);
}
END_TEST

START_TEST(wrong_words)
{
	struct process zoo = start_zoo(NULL);
	struct process gone = start_zoo(NULL);
	pid_t pid = gone.pid;
	struct called called;

	process_stop(&gone);
	called = CALL("show", word_of(pid), word_of(zoo.pid));
	expect_status(&called, 1);
	expect_says(called.errors, "no such process");
	expect_says(called.output, "CLOSE-WAIT");
	called = CALL("show", "-o", "pid,colour");
	expect_status(&called, 2);
	expect_says(called.errors, "\"colour\" is not a column");
	process_stop(&zoo);
}
END_TEST

START_TEST(as_an_ordinary_user)
{
	struct process zoo, own;
	struct called called;
	struct row row;

	if (getuid())
		SKIP("only root has two users to be");
	zoo = start_zoo(NULL);
	called = call_as("nobody", NULL, (const char *const[]){ "show", word_of(zoo.pid), NULL });
	expect_status(&called, 1);
	expect_says(called.errors, "only root and its own user may inspect its sockets");

	/* It is left out, and that is said; with --all netlink tells of its sockets. */
	called = call_as("nobody", NULL,
			 (const char *const[]){ "show", "-rn", "-o", columns, NULL });
	expect_status(&called, 0);
	expect_says(called.errors, "some processes are left out");
	ck_assert_ptr_null(strstr(called.output, "CLOSE-WAIT"));
	called = call_as("nobody", NULL,
			 (const char *const[]){ "show", "--all", "-rn", "-o", columns, NULL });
	expect_status(&called, 1);
	expect_says(called.errors, "that you may not inspect");
	row = find_row(called.output, STATE, "CLOSE-WAIT");
	ck_assert_str_eq(row.cell[PID], "");
	ck_assert_str_eq(row.cell[OPTIONS_FROM + OPTION_IDLE], "unknown");
	row = find_row(called.output, TIMER, "keepalive");
	ck_assert_str_eq(row.cell[OPTIONS_FROM + OPTION_KEEPALIVE], "on");

	/* A process of its own it sees as root does. */
	own = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c",
					       "import socket, sys; s = socket.socket();"
					       " s.bind(('127.0.0.1', 0)); s.listen();"
					       " print('ready', flush=True); sys.stdin.readline()",
					       NULL },
		.user = "nobody" });
	ck_assert(wait_for_word(own.output, "ready", 20));
	called = call_as(
		"nobody", NULL,
		(const char *const[]){ "show", "-rn", "-o", columns, word_of(own.pid), NULL });
	expect_status(&called, 0);
	row = find_row(called.output, STATE, "LISTEN");
	ck_assert_str_eq(row.cell[OPTIONS_FROM + OPTION_KEEPALIVE], "off");
	process_stop(&own);
	process_stop(&zoo);
}
END_TEST

/* Timers are asked of the namespace that the process lives in. */
START_TEST(another_network)
{
	const char *script = source_path("tests/cli/zoo.py");
	struct process zoo;
	struct called called;
	struct row row;

	if (getuid())
		SKIP("only root may ask another network namespace");
	zoo = process_start(&(struct command){
		.argv = (const char *const[]){ "unshare", "--net", "sh", "-c",
					       "ip link set lo up && exec python3 \"$0\"", script,
					       NULL } });
	if (!wait_for_word(zoo.output, "ready", 20)) {
		process_stop(&zoo);
		SKIP("no network namespace can be made here");
	}
	called = show_process(zoo.pid);
	row = find_row(called.output, OPTIONS_FROM + OPTION_IDLE, "600");
	ck_assert_str_eq(row.cell[TIMER], "keepalive");
	ck_assert_int_gt(atoi(row.cell[LEFT]), 540 * 1000);
	/* And nothing of it is in ours. */
	called = CALL("show", "--all", "-rn", "-o", columns);
	row = find_row(called.output, PID, word_of(zoo.pid));
	process_stop(&zoo);
}
END_TEST

/* What it prints to a terminal, with `refused` as NO_COLOR. */
static char *print_to_terminal(const char *refused, pid_t pid)
{
	static char output[65536];
	struct winsize wide = { .ws_row = 60, .ws_col = 240 };
	size_t held = 0;
	ssize_t length;
	int terminal;
	pid_t child = forkpty(&terminal, NULL, NULL, &wide);

	ck_assert_int_ge(child, 0);
	if (!child) {
		setenv("NO_COLOR", refused, 1);
		setenv("TERM", "xterm", 1);
		execl(build_path("keepalive"), "keepalive", "show", word_of(pid), (char *)NULL);
		_exit(127);
	}
	while ((length = read(terminal, output + held, sizeof output - 1 - held)) > 0)
		held += (size_t)length;
	output[held] = 0;
	close(terminal);
	waitpid(child, NULL, 0);
	return output;
}

/* How much is red in the line that has the word. */
static int count_red(const char *output, const char *word)
{
	const char *at = strstr(output, word), *end = at ? strchr(at, '\n') : NULL;
	int count = 0;

	ck_assert(end);
	while ((at = strstr(at, "\x1b[31m")) && at++ < end)
		count++;
	return count;
}

START_TEST(colours)
{
	struct process zoo = start_zoo(NULL);

	expect_says(print_to_terminal("", zoo.pid), "\x1b[31moff");
	expect_says(print_to_terminal("", zoo.pid), "never\x1b[0m");
	ck_assert_int_eq(count_red(print_to_terminal("", zoo.pid), "CLOSED"), 0);
	ck_assert_int_gt(count_red(print_to_terminal("", zoo.pid), "CLOSE-WAIT"), 0);
	ck_assert_ptr_null(strstr(print_to_terminal("1", zoo.pid), "\x1b[31m"));
	expect_says(print_to_terminal("1", zoo.pid), "never");
	process_stop(&zoo);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("show");
	TCase *tests = harness_case(suite, "show", 60);

	add_option_columns();
	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	tcase_add_test(tests, all_kinds);
	tcase_add_test(tests, protocol_alone);
	tcase_add_test(tests, data_on_the_way);
	tcase_add_test(tests, closed_window);
	tcase_add_test(tests, any_address);
	tcase_add_test(tests, detection);
	tcase_add_test(tests, as_ss_says);
	tcase_add_test(tests, whether_the_library_is_there);
	tcase_add_test(tests, redis_under_run);
	tcase_add_test(tests, for_programs);
	tcase_add_test(tests, each_once);
	tcase_add_test(tests, children);
	tcase_add_test(tests, wrong_words);
	tcase_add_test(tests, as_an_ordinary_user);
	tcase_add_test(tests, another_network);
	tcase_add_test(tests, colours);
	return harness_run(suite);
}
