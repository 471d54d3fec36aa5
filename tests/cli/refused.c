/* keepalive show and apply where the kernel refuses what they read sockets by: what is said then.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"

enum { SEEN_MAX = 64, ARGUMENTS_MAX = 24, PROTOCOL_MPTCP = 262 };

/* The columns that tests ask for, in this order. */
enum {
	FD,
	STATE,
	LOCAL,
	TIMER,
	LEFT,
	UNACKED,
	IDLE_END,
	DATA_END,
	PROTOCOL,
	KEEPALIVE,
	IDLE,
	COUNT_OF,
	USER_TIMEOUT,
	SEGMENT
};

static const char columns[] =
	"fd,state,local,timer,left,unacked,detect_idle,detect_data,protocol,keepalive,idle,count,"
	"user_timeout,max_segment";

/* Calls the command by way of these words before it, up to a NULL. */
static struct called call_by(const char *const *before, const char *const *arguments)
{
	const char *argv[ARGUMENTS_MAX] = { NULL };
	struct called called;
	int count = 0;

	while (*before)
		argv[count++] = *before++;
	argv[count++] = public_copy("keepalive");
	while (*arguments && count < ARGUMENTS_MAX - 1)
		argv[count++] = *arguments++;
	called.output =
		process_run_both(&(struct command){ .argv = argv }, &called.status, &called.errors);
	return called;
}

#define CALL_UNDER(error, call, ...)                                                               \
	call_by((const char *const[]){ build_path("tests/cli/refuse"), error, call, NULL },        \
		(const char *const[]){ __VA_ARGS__, NULL })

static int count_lines(const char *text)
{
	int lines = 0;

	for (; (text = strchr(text, '\n')); text++)
		lines++;
	return lines;
}

/* One line, with the process and the reason. */
static void expect_reason(const struct called *called, pid_t pid, const char *reason)
{
	char beginning[64];

	expect_status(called, 1);
	snprintf(beginning, sizeof beginning, "keepalive: %d (", pid);
	ck_assert_msg(!strncmp(called->errors, beginning, strlen(beginning)), "%s", called->errors);
	expect_says(called->errors, reason);
	ck_assert_msg(count_lines(called->errors) == 1, "%s", called->errors);
}

/* What only the socket tells. */
static void expect_unknown(const struct row *row)
{
	static const int cells[] = { IDLE, COUNT_OF, USER_TIMEOUT };

	for (size_t i = 0; i < COUNT(cells); i++)
		ck_assert_str_eq(row->cell[cells[i]], "unknown");
	ck_assert_str_eq(row->cell[DATA_END], "unknown");
}

/* What netlink tells, by what the kernel says on the sockets themselves. */
static void expect_told(const struct seen *seen, const struct row *row)
{
	int on = seen->value[OPTION_KEEPALIVE];
	bool idles = !strcmp(row->cell[TIMER], "none") || !strcmp(row->cell[TIMER], "keepalive");

	if (seen->state == TCP_CLOSE) {
		ck_assert_str_eq(row->cell[STATE], "unknown");
		ck_assert_str_eq(row->cell[TIMER], "unknown");
		ck_assert_str_eq(row->cell[LEFT], "unknown");
		return;
	}
	ck_assert_str_ne(row->cell[STATE], "unknown");
	ck_assert_str_ne(row->cell[TIMER], "unknown");
	ck_assert_str_eq(row->cell[PROTOCOL], seen->protocol == PROTOCOL_MPTCP ? "mptcp" : "tcp");
	if (idles && (seen->state == TCP_ESTABLISHED || seen->state == TCP_CLOSE_WAIT))
		ck_assert_str_eq(row->cell[KEEPALIVE], on ? "on" : "off");
	else
		ck_assert_str_eq(row->cell[KEEPALIVE], "unknown");
	ck_assert_str_eq(row->cell[IDLE_END],
			 !strcmp(row->cell[KEEPALIVE], "off") ? "" : "unknown");
	if (seen->state == TCP_ESTABLISHED && seen->protocol != PROTOCOL_MPTCP)
		ck_assert_str_eq(row->cell[SEGMENT], word_of(seen->value[OPTION_MAX_SEGMENT]));
}

START_TEST(what_netlink_tells)
{
	struct process zoo = start_zoo(NULL);
	static struct seen seen[SEEN_MAX];
	int count = inspect_process(zoo.pid, seen, SEEN_MAX), known = 0;
	struct called called =
		CALL_UNDER("EPERM", "pidfd_getfd", "show", "-rn", "-o", columns, word_of(zoo.pid));
	int rows = count_lines(called.output);

	ck_assert_int_gt(count, 0);
	expect_reason(&called, zoo.pid, "a seccomp filter");
	ck_assert_int_eq(rows, count);
	for (int i = 0; i < count; i++) {
		struct row row = find_row(called.output, FD, word_of(seen[i].fd));

		expect_unknown(&row);
		expect_told(&seen[i], &row);
		known += !strcmp(row.cell[KEEPALIVE], "on") || !strcmp(row.cell[KEEPALIVE], "off");
	}
	ck_assert_int_ge(known, 8);
	process_stop(&zoo);
}
END_TEST

/* Which system call is refused how, and what is said of it. */
static const struct {
	const char *error, *call, *reason;
} refusals[] = {
	{ "EPERM", "pidfd_getfd",
	  "a seccomp filter, as in containers, denies pidfd_getfd to all processes here" },
	{ "ENOSYS", "pidfd_getfd", "pidfd_getfd is missing: Linux before 5.6, or a sandbox" },
	{ "EPERM", "pidfd_open",
	  "a seccomp filter, as in containers, denies pidfd_open to all processes here" },
	{ "ENOSYS", "pidfd_open", "pidfd_open is missing" },
};

START_TEST(reasons)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL_UNDER(refusals[_i].error, refusals[_i].call, "show", "-rn",
					  "-o", columns, word_of(zoo.pid));
	struct row row;

	expect_reason(&called, zoo.pid, refusals[_i].reason);
	row = find_row(called.output, TIMER, "keepalive");
	ck_assert_str_eq(row.cell[KEEPALIVE], "on");
	expect_unknown(&row);
	process_stop(&zoo);
}
END_TEST

/* Where netlink tells all that is asked for, no descriptor is taken. */
START_TEST(nothing_is_missing)
{
	struct process server = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c",
					       "import socket, sys; s = socket.create_server"
					       "(('127.0.0.1', 0)); c = socket.create_connection"
					       "(s.getsockname()); a = s.accept();"
					       " print('ready', flush=True); sys.stdin.readline()",
					       NULL } });
	struct called called;

	ck_assert(wait_for_word(server.output, "ready", 20));
	called = CALL_UNDER("EPERM", "pidfd_getfd", "show", "-rn", "-o",
			    "fd,state,timer,left,unacked,user", word_of(server.pid));
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	ck_assert_int_eq(count_lines(called.output), 3);
	ck_assert_ptr_null(strstr(called.output, "unknown"));
	process_stop(&server);
}
END_TEST

/* What a script reads is neither a number nor false, nor nothing. */
START_TEST(for_programs)
{
	struct process zoo = start_zoo(NULL);
	struct called called =
		CALL_UNDER("EPERM", "pidfd_getfd", "show", "--json", word_of(zoo.pid));

	expect_status(&called, 1);
	ck_assert(is_json(called.output));
	compact_json(called.output);
	expect_says(called.output, "\"keepalive\":\"unknown\"");
	expect_says(called.output, "\"keepalive\":true,\"idle\":\"unknown\"");
	expect_says(called.output, "\"detect_data\":\"unknown\"");
	ck_assert_ptr_null(strstr(called.output, "\"idle\":null"));
	ck_assert_ptr_null(strstr(called.output, "\"detect_data\":null"));
	process_stop(&zoo);
}
END_TEST

/* Without netlink a descriptor tells all but the timer, which may be that of a closed window. */
START_TEST(without_netlink)
{
	struct process zoo = start_zoo(NULL);
	struct called called =
		CALL_UNDER("EPERM", "socket", "show", "-rn", "-o", columns, word_of(zoo.pid));
	static const char reason[] = "the kernel does not report the sockets of its network "
				     "namespace over netlink";
	struct row row;

	expect_reason(&called, zoo.pid, reason);
	row = find_row(called.output, IDLE, "600");
	ck_assert_str_eq(row.cell[STATE], "ESTABLISHED");
	ck_assert_str_eq(row.cell[TIMER], "unknown");
	ck_assert_str_eq(row.cell[IDLE_END], "635000");
	ck_assert_str_eq(row.cell[DATA_END], "unknown");
	row = find_row(called.output, STATE, "LISTEN");
	ck_assert_str_ne(row.cell[DATA_END], "unknown");
	/* All that is shown is known; but not all is shown. */
	called = CALL_UNDER("EPERM", "socket", "show", "-rn", "-o", "fd", word_of(zoo.pid));
	expect_status(&called, 0);
	called = CALL_UNDER("EPERM", "socket", "show", "-rn", "-o", "fd", "--all");
	expect_status(&called, 1);
	expect_says(called.errors, "sockets without a process are left out: ");
	process_stop(&zoo);
}
END_TEST

/* Of these it is not known whether the condition holds, although all that is printed is. */
START_TEST(unknown_conditions)
{
	const char *const never[] = { "show", "--all", "--never", "-rn", "-o", "local", NULL };
	struct process zoo;
	struct called called;

	if (getuid())
		SKIP("it takes root to have sockets that another user may not read");
	zoo = start_zoo(NULL);
	called = call_as("daemon", NULL, never);
	expect_status(&called, 1);
	expect_says(called.errors, " of processes that are unknown or that you may not inspect: ");
	process_stop(&zoo);
}
END_TEST

/* What is on for an unknown time comes last, also where the time is in another column. */
START_TEST(unknown_is_last)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL_UNDER("EPERM", "pidfd_getfd", "show", "-rn", "-o", "keepalive",
					  "--sort", "keepalive", word_of(zoo.pid));

	expect_status(&called, 1);
	expect_says(called.output, "off\n");
	expect_says(called.output, "on\n");
	ck_assert_ptr_null(strstr(strstr(called.output, "on\n"), "off\n"));
	process_stop(&zoo);
}
END_TEST

/* The columns of what apply prints. */
enum { APPLIED_PID = 1, APPLIED_STATE = 3, APPLIED_OPTION = 6, BEFORE, AFTER, ERROR };

START_TEST(apply)
{
	struct process zoo = start_zoo(NULL);
	static struct seen before[SEEN_MAX], after[SEEN_MAX];
	int count = inspect_process(zoo.pid, before, SEEN_MAX);
	struct called called = CALL_UNDER("EPERM", "pidfd_getfd", "apply", word_of(zoo.pid),
					  "--idle", "77", "--config=", "-rn");
	struct row row;

	expect_reason(&called, zoo.pid, "a seccomp filter");
	row = find_row(called.output, APPLIED_OPTION, "idle");
	ck_assert_str_eq(row.cell[BEFORE], "unknown");
	ck_assert_str_eq(row.cell[AFTER], "unknown");
	expect_says(row.cell[ERROR], "not\\x20permitted");
	ck_assert_int_eq(inspect_process(zoo.pid, after, SEEN_MAX), count);
	for (int i = 0; i < count; i++)
		ck_assert_int_eq(after[i].value[OPTION_IDLE], before[i].value[OPTION_IDLE]);
	process_stop(&zoo);
}
END_TEST

/* Root without a capability is not told that only root may; nor is nothing at all said. */
START_TEST(root_without_capability)
{
	const char *const before[] = { "setpriv", "--bounding-set", "-sys_ptrace", NULL };
	const char *name = "daemon"; /* nobody sees all of nobody's, in other tests */
	struct process other;
	struct called called;

	if (getuid() || !have_program("setpriv"))
		SKIP("it takes root and setpriv");
	other = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", source_path("tests/cli/zoo.py"), NULL },
		.user = name });
	ck_assert(wait_for_word(other.output, "ready", 20));
	called = call_by(before, (const char *const[]){ "show", word_of(other.pid), NULL });
	expect_reason(&called, other.pid, "root needs CAP_SYS_PTRACE to inspect its sockets");
	ck_assert_str_eq(called.output, "");
	called = call_by(
		before, (const char *const[]){ "apply", word_of(other.pid), "--idle", "77", NULL });
	expect_reason(&called, other.pid, "root needs CAP_SYS_PTRACE to inspect its sockets");
	process_stop(&other);
}
END_TEST

/* Root of a user namespace, who looks at a process outside. */
START_TEST(root_of_a_user_namespace)
{
	const char *const before[] = { "unshare", "--user", "--map-root-user", NULL };
	struct process zoo;
	struct called called = call_by(before, (const char *const[]){ "--version", NULL });

	if (called.status)
		SKIP("no user namespace can be made here");
	zoo = start_zoo(NULL);
	called = call_by(before, (const char *const[]){ "show", word_of(zoo.pid), NULL });
	expect_reason(&called, zoo.pid, "it is in another user namespace");
	process_stop(&zoo);
}
END_TEST

START_TEST(without_proc)
{
	const char *const before[] = { "unshare",
				       "--user",
				       "--map-root-user",
				       "--mount",
				       "sh",
				       "-c",
				       "mount -t tmpfs none /proc && exec \"$@\"",
				       "sh",
				       NULL };
	struct called called = call_by(before, (const char *const[]){ "--version", NULL });

	if (called.status)
		SKIP("no mount namespace can be made here");
	called = call_by(before, (const char *const[]){ "show", "1", NULL });
	expect_status(&called, 1);
	ck_assert_str_eq(called.errors, "keepalive: /proc is not mounted\n");
	called = call_by(before, (const char *const[]){ "show", NULL });
	expect_status(&called, 1);
	ck_assert_str_eq(called.errors, "keepalive: /proc is not mounted\n");
	called = call_by(before, (const char *const[]){ "apply", "1", "--idle", "60", NULL });
	expect_status(&called, 1);
	expect_says(called.errors, "/proc is not mounted");
}
END_TEST

/* Its numbers are of other processes than ours. */
START_TEST(proc_of_others)
{
	const char *const before[] = { "unshare", "--user", "--map-root-user",
				       "--pid",   "--fork", NULL };
	struct called called = call_by(before, (const char *const[]){ "--version", NULL });
	static const char *const words[][4] = {
		{ "show" }, { "show", "1" }, { "show", "sh" }, { "apply", "1", "--dry-run" }
	};

	if (called.status)
		SKIP("no PID namespace can be made here");
	for (size_t i = 0; i < COUNT(words); i++) {
		called = call_by(before, words[i]);
		expect_status(&called, 1);
		expect_says(called.errors, "keepalive: /proc is that of another PID namespace\n");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("refused");
	TCase *tests = harness_case(suite, "refused", 60);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	tcase_add_test(tests, what_netlink_tells);
	tcase_add_loop_test(tests, reasons, 0, COUNT(refusals));
	tcase_add_test(tests, nothing_is_missing);
	tcase_add_test(tests, for_programs);
	tcase_add_test(tests, without_netlink);
	tcase_add_test(tests, unknown_conditions);
	tcase_add_test(tests, unknown_is_last);
	tcase_add_test(tests, apply);
	tcase_add_test(tests, root_without_capability);
	tcase_add_test(tests, root_of_a_user_namespace);
	tcase_add_test(tests, without_proc);
	tcase_add_test(tests, proc_of_others);
	return harness_run(suite);
}
