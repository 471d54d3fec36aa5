/*
 * Any system call of the library's may fail: the program's own calls return what they return
 * without it. Two traces show which calls are the library's; strace then makes each of them fail.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/trace.h"
#include "lib/process.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

enum { CALLS = 4096, CALL_SIZE = 200, NAME_SIZE = 32, TOGETHER = 4 };

static const char *const errors[] = { "EINTR", "EIO", "ENOSYS", "EPERM", "ENOMEM", "EBADF" };

#define GLOBALS "idle = 61\ninterval = 11\ncount = 7\nuser_timeout = 31000\n"
#define RULES                                                                                      \
	GLOBALS "[rule client]\nremote = 127.0.0.0/8\nidle = 71\n"                                 \
		"[rule server]\nlocal_port = 1-65535\nuser_timeout = auto\n"                       \
		"[rule accepted]\nrole = server\nremote = 127.0.0.1 ::1\ncount = 5\n"

/* Programs that say what their calls return, and what the library is told meanwhile. */
static const struct row {
	const char *victim, *file;
	const char *shell; /* becomes the victim; NULL: by BECOME alone */
} rows[] = {
	{ "errors", GLOBALS, NULL },
	{ "errors", RULES, NULL },
	{ "override", "override = on\n" RULES, NULL },
	{ "errors", "idle = x\nlog = stderr\n" GLOBALS, NULL },
	{ "addresses", "log = syslog\n" GLOBALS, NULL },
	{ "fastopen-errors", RULES, NULL },
	{ "override", "override = on\nlog_level = debug\nlog = LOG\n" RULES, NULL },
	{ "errors", "user_timeout = auto\n",
	  "LISTEN_FDS=2; LISTEN_PID=$$; export LISTEN_FDS LISTEN_PID; " BECOME },
	{ "errors", "log = LOG\n" RULES,
	  "LISTEN_FDS=2; LISTEN_PID=$$; export LISTEN_FDS LISTEN_PID; " BECOME },
};

static char configuration[512], log_path[512], program[512];

static void prepare(const struct row *row)
{
	const char *place = strstr(row->file, "LOG");
	char content[1024];

	snprintf(log_path, sizeof log_path, "%s", scratch_path("%d.log", getpid()));
	snprintf(content, sizeof content, "%.*s%s%s",
		 (int)(place ? place - row->file : (long)strlen(row->file)), row->file,
		 place ? log_path : "", place ? place + 3 : "");
	snprintf(configuration, sizeof configuration, "%s",
		 scratch_file(scratch_path("%d.conf", getpid()) + strlen(scratch()) + 1, content));
}

/*
 * The victim under strace, which does as `inject` says, if that is not NULL. It is given a
 * connection as its input, and a listener that an activated program looks at.
 */
static struct process start(const struct row *row, const char *preload, const char *inject,
			    const char *report)
{
	char hand_over[600], conf[600], told[600], only[100] = "trace=all";
	struct process process;
	const char *argv[] = { "strace",
			       "-f",
			       "--seccomp-bpf",
			       "-q",
			       "-s",
			       "200",
			       "-o",
			       scratch_path("%s.trace", report),
			       "-e",
			       inject ? inject : "trace=all",
			       "-e",
			       only,
			       "sh",
			       "-c",
			       row->shell ? row->shell : BECOME,
			       "sh",
			       program,
			       row->victim,
			       NULL };
	struct ends ends = tcp_ends();
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), listener = listener_with_waiting(0);
	const int descriptors[] = { ends.server, null, null, listener, -1 };
	const struct command command = { .argv = argv,
					 .environment = { hand_over, conf, told },
					 .descriptors = descriptors };

	if (inject) /* the others need not stop */
		snprintf(only, sizeof only, "trace=%.*s", (int)strcspn(inject + 7, ":"),
			 inject + 7);
	snprintf(hand_over, sizeof hand_over, "HAND_OVER=%s", preload);
	snprintf(conf, sizeof conf, "KEEPALIVE_CONF=%s", configuration);
	snprintf(told, sizeof told, "VICTIM_REPORT=%s", scratch_path("%s", report));
	unlink(scratch_path("%s", report));
	process = process_start(&command);
	close(ends.server), close(ends.client), close(null), close(listener);
	return process;
}

/* The lines that do not say how a socket is configured; to be freed. */
static char *results(const char *report)
{
	char *all = read_whole(scratch_path("%s", report)), *kept = calloc(1, strlen(all) + 1);

	for (const char *line = all; *line; line = next_line(line))
		if (!line_has(line, "/"))
			strncat(kept, line, (size_t)(next_line(line) - line));
	free(all);
	return kept;
}

/* A call as it is in both traces: without addresses, ports, and what it gets or gives. */
struct call {
	char name[NAME_SIZE], text[CALL_SIZE];
	int when; /* which of those of its name it is, from 1 on */
};

static struct call without[CALLS], with[CALLS];

static bool names_a_path(const char *name)
{
	return !strncmp(name, "open", 4) || !strcmp(name, "readlinkat");
}

static void shorten(struct call *call, const char *line)
{
	const char *end = line + strcspn(line, "\n");
	bool path = names_a_path(call->name), gets = !strcmp(call->name, "getsockopt");
	size_t length = 0;

	for (; line < end && length < CALL_SIZE - 1; line++) {
		if (!strncmp(line, ") = ", 4) || !strncmp(line, ")  ", 3) ||
		    (!path && *line == '"') || *line == '{' || (gets && *line == '['))
			break;
		call->text[length++] = *line;
		if (!strncmp(line, "0x", 2))
			line += 1 + strspn(line + 2, "0123456789abcdef");
	}
	call->text[length] = 0;
}

static int read_calls(const char *trace, struct call *calls)
{
	char *lines = read_whole(trace);
	int count = 0;

	for (const char *line = lines; *line; line = next_line(line)) {
		struct call *call = &calls[count];

		name_of(line, call->name, NAME_SIZE);
		if (!*call->name)
			continue;
		ck_assert_int_lt(count, CALLS - 1);
		shorten(call, line + strspn(line, "0123456789 "));
		call->when = 1;
		for (int i = 0; i < count; i++)
			call->when += !strcmp(calls[i].name, call->name);
		count++;
	}
	free(lines);
	return count;
}

static bool same(const struct call *a, const struct call *b)
{
	return !strcmp(a->text, b->text);
}

/*
 * The calls in `with` that the library makes, marked by `is_ours`: those that are not `without`,
 * from the first look at the configuration on. From the end on, because the loader begins
 * otherwise. A call that could be the program's next to it just as well is left alone.
 */
static int mark_ours(int withouts, int withs, bool *is_ours)
{
	int begin = 0, at = withouts - 1, count = 0;

	while (begin < withs && !strstr(with[begin].text, configuration))
		begin++;
	ck_assert_int_lt(begin, withs);
	memset(is_ours, 0, CALLS * sizeof *is_ours);
	for (int i = withs - 1; i >= begin; i--) {
		ck_assert_int_ge(at, 0);
		if (same(&with[i], &without[at]))
			at--;
		else if (at + 1 >= withouts || !same(&with[i], &without[at + 1]))
			count += is_ours[i] = true;
	}
	/* All that the program does with sockets was found again. */
	for (; at >= 0; at--)
		ck_assert_msg(!strstr(without[at].name, "sock") &&
				      !strstr(without[at].name, "accept"),
			      "not found again: %s", without[at].text);
	return count;
}

/* What was tried already, in any row: texts of calls, and those with the program's call around
 * them. */
static char seen[CALLS][CALL_SIZE];
static int seen_count;

static bool is_new(const char *text)
{
	for (int i = 0; i < seen_count; i++)
		if (!strcmp(seen[i], text))
			return false;
	ck_assert_int_lt(seen_count, CALLS);
	snprintf(seen[seen_count++], CALL_SIZE, "%s", text);
	return true;
}

/* How many errors a call is tried with that was not seen yet, whatever its descriptor. */
static size_t most;

/* The same of any call; one where it was seen, but not in this call of the program's. */
static size_t errors_to_try(const bool *is_ours, int call)
{
	const char *arguments = strchr(with[call].text, ',');
	char text[CALL_SIZE];
	int next = call;
	size_t length;

	while (is_ours[next])
		next++;
	length = (size_t)snprintf(text, sizeof text, "%.40s %.100s", with[call].name,
				  arguments ? arguments : "");
	if (is_new(text)) {
		snprintf(text + length, sizeof text - length, " in %s", with[next].name);
		is_new(text);
		return most;
	}
	snprintf(text + length, sizeof text - length, " in %s", with[next].name);
	return is_new(text);
}

struct fault {
	int call;
	const char *error;
	char report[32];
	struct process process;
};

static int tried;

/* The report to be seen in every run, to be freed; which calls are the library's in `is_ours`. */
static char *trace_both(const struct row *row, bool *is_ours)
{
	struct process process;
	char *expected, *got;
	int withouts, withs;

	prepare(row);
	process = start(row, "", NULL, "report");
	ck_assert_int_eq(process_wait(&process, 60), 0);
	expected = results("report");
	ck_assert_str_ne(expected, "");
	withouts = read_calls(scratch_path("report.trace"), without);
	process = start(row, shim_path(), NULL, "report");
	ck_assert_int_eq(process_wait(&process, 60), 0);
	got = results("report");
	expect_text(got, expected, "without a fault");
	withs = read_calls(scratch_path("report.trace"), with);
	ck_assert_int_gt(mark_ours(withouts, withs, is_ours), 5);
	free(got);
	return expected;
}

static bool may_trace(void)
{
	const struct command command = {
		.argv = (const char *[]){ "strace", "-f", "--seccomp-bpf", "-e",
					  "inject=getppid:error=EPERM", "true", NULL },
	};
	int status;

	free(process_run(&command, &status));
	return !status;
}

static void expect_no_effect(struct fault *fault, const char *expected)
{
	const struct call *call = &with[fault->call];
	char what[400], *got, *trace;

	snprintf(what, sizeof what, "%s of call %d, %s", fault->error, fault->call, call->text);
	ck_assert_msg(process_wait(&fault->process, 60) == 0, "%s", what);
	got = results(fault->report);
	expect_text(got, expected, what);
	trace = read_whole(scratch_path("%s.trace", fault->report));
	ck_assert_msg(strstr(trace, "(INJECTED)") != NULL, "%s: nothing failed", what);
	free(got), free(trace);
}

static void try_row(const struct row *row)
{
	static bool is_ours[CALLS];
	struct fault faults[TOGETHER];
	char *expected = trace_both(row, is_ours), inject[200];
	int running = 0;

	for (int i = 0; i < CALLS; i++) {
		size_t count = is_ours[i] ? errors_to_try(is_ours, i) : 0;

		for (size_t k = 0; k < count; k++) {
			struct fault *fault = &faults[running++];

			fault->call = i;
			fault->error = errors[(k + (size_t)i) % COUNT(errors)];
			snprintf(fault->report, sizeof fault->report, "fault.%d", running);
			snprintf(inject, sizeof inject, "inject=%.30s:error=%s:when=%d",
				 with[i].name, fault->error, with[i].when);
			fault->process = start(row, shim_path(), inject, fault->report);
			tried++;
			while (running == TOGETHER)
				expect_no_effect(&faults[--running], expected);
		}
	}
	while (running)
		expect_no_effect(&faults[--running], expected);
	free(expected);
}

static void try_all(const char *path, size_t errors_of_a_call)
{
	most = errors_of_a_call;
	snprintf(program, sizeof program, "%s", path);
	if (!may_trace())
		SKIP("strace is not installed, or may not trace");
	for (size_t i = 0; i < COUNT(rows); i++)
		try_row(&rows[i]);
	/* Some 120 calls of the library's are told apart. */
	ck_assert_int_gt(tried, 50);
}

START_TEST(with_glibc)
{
	try_all(victim_path(), COUNT(errors));
}
END_TEST

START_TEST(with_musl)
{
	const char *path = build_path("tests/hooks/victim-musl");

	if (access(path, X_OK))
		SKIP("built without musl-gcc");
	try_all(path, 1);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("faults");

	tcase_add_test(harness_case(suite, "glibc", 300), with_glibc);
	tcase_add_test(harness_case(suite, "musl", 300), with_musl);
	return harness_run(suite);
}
