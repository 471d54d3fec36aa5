/* The log: what it says and where, by which calls, and that no program comes to harm by it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <regex.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/trace.h"
#include "lib/process.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define GLOBALS "idle = 61\ninterval = 11\ncount = 7\nuser_timeout = 31000\n"
#define NEAR "[rule near]\nremote = 127.0.0.1\nidle = 71\n"

/* What a line of each kind begins with; a regular expression, as all that is expected here. */
#define TIME "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z "
#define NAMED "libkeepalive\\[[1-9][0-9]*\\]: victim(-musl)?: "
#define FD "fd [0-9]+: "
#define PLACE "127\\.0\\.0\\.1:[1-9][0-9]*"
#define ALL_FIVE(idle) "set keepalive 1, idle " idle ", interval 11, count 7, user_timeout 31000"

enum { LINES_MAX = 16 };

static void expect_match(const char *pattern, const char *prefix, const char *line)
{
	char whole[512];
	regex_t regex;

	snprintf(whole, sizeof whole, "^%s%s$", prefix, pattern);
	ck_assert_int_eq(regcomp(&regex, whole, REG_EXTENDED | REG_NOSUB), 0);
	ck_assert_msg(!regexec(&regex, line, 0, NULL, 0), "\"%s\" is not \"%s\"", line, whole);
	regfree(&regex);
}

/* The lines of the text, one pattern each, and no more. */
static void expect_lines(char *text, const char *prefix, const char *const *patterns)
{
	char *rest = text, *line;

	for (int i = 0; patterns[i]; i++) {
		ck_assert_msg(strchr(rest, '\n'), "no line for \"%s\"", patterns[i]);
		line = strsep(&rest, "\n");
		expect_match(patterns[i], prefix, line);
	}
	ck_assert_msg(!*rest, "one line too many: %s", rest);
}

/* Every line whole; how many. */
static int count_whole_lines(char *text, const char *pattern)
{
	char *rest = text, *line;
	int count = 0;

	for (; strchr(rest, '\n'); count++) {
		line = strsep(&rest, "\n");
		expect_match(pattern, TIME NAMED, line);
	}
	ck_assert_msg(!*rest, "half a line: %s", rest);
	return count;
}

/* A path of the log, each time another; not there yet. */
static const char *new_log(void)
{
	static int number;

	return scratch_path("%d.%d.log", getpid(), ++number);
}

static char *setting(const char *format, const char *value)
{
	char *result;

	ck_assert_int_ge(asprintf(&result, "%s%s", format, value), 0);
	return result;
}

/* What is said at which level; the file's last line is its log = PATH. */
static const struct row {
	const char *file, *victim;
	const char *lines[LINES_MAX];
} rows[] = {
	{ "idle = 61\n" NEAR,
	  "destination 127.0.0.1",
	  { FD "socket: set keepalive 1, idle 61", FD "socket: set keepalive 1, idle 61",
	    FD "connect to " PLACE ": set idle 71 \\(rule near\\)",
	    FD "accept from " PLACE " on port [1-9][0-9]*: set idle 71 \\(rule near\\)",
	    FD "socket: set keepalive 1, idle 61",
	    FD "connect to " PLACE ": set idle 71 \\(rule near\\)",
	    FD "accept from " PLACE " on port [1-9][0-9]*: set idle 71 \\(rule near\\)",
	    FD "connect to " PLACE ": set keepalive 1, idle 71 \\(rule near\\)",
	    FD "socket: set keepalive 1, idle 61", NULL } },
	{ "log_level = info\nkeepalive = off\n[rule my server]\nrole = server\n"
	  "local_port = 1-65535\nkeepalive = on\nidle = 71\n",
	  "destination 127.0.0.1",
	  { FD "listen on port [1-9][0-9]*: set keepalive 1 \\(rule my server\\), "
	       "idle 71 \\(rule my server\\)",
	    NULL } },
	{ GLOBALS "override = on\n",
	  "log-end",
	  { FD "socket: " ALL_FIVE("61"), FD "override: set idle 61", NULL } },
	{ "log_level = error\n" GLOBALS NEAR, "destination 127.0.0.1", { NULL } },
	{ "log_level = error\nidle = 61\n",
	  "refused",
	  { FD "socket: the kernel refused keepalive 1: error 1",
	    FD "socket: the kernel refused keepalive 1: error 1",
	    FD "connect( to " PLACE ")?: the kernel refused keepalive 1: error 1", NULL } },
	{ "idle = 61\n",
	  "own-sandbox",
	  { FD "socket: set keepalive 1, idle 61",
	    "the program installs a seccomp filter: from now on nothing is set",
	    "the kernel refused the seccomp filter: sockets are set again",
	    FD "socket: set keepalive 1, idle 61",
	    "the program installs a seccomp filter: from now on nothing is set", NULL } },
};

static char *run_with_log(const struct row *row, const char *preload)
{
	const char *log = new_log();
	char content[1024];
	struct trial trial = { .victim = row->victim, .environment = { NOT_OURS } };
	struct outcome outcome;

	snprintf(content, sizeof content, "log = %s\n%s", log, row->file);
	trial.file = scratch_file("logging", content);
	outcome = trial_run(&trial, victim_path(), preload);
	ck_assert_msg(outcome.status == 0, "%s: %s", row->victim, outcome.report);
	ck_assert_str_eq(outcome.errors, "");
	free(outcome.report), free(outcome.errors);
	return read_whole(log);
}

START_TEST(levels)
{
	char *control = run_with_log(&rows[_i], NULL), *with = run_with_log(&rows[_i], shim_path());

	ck_assert_str_eq(control, "");
	expect_lines(with, TIME NAMED, rows[_i].lines);
	free(control), free(with);
}
END_TEST

START_TEST(debug)
{
	const struct row row = { "log_level = debug\nidle = 500\ncount = 7\n[rule near]\n"
				 "remote = 127.0.0.1\nidle = 71\n",
				 "own",
				 { NULL } };
	char *with = run_with_log(&row, shim_path());

	ck_assert_ptr_nonnull(strstr(with, ": left idle as the program set it\n"));
	ck_assert_ptr_nonnull(strstr(with, ": set idle 71 (rule near)\n"));
	ck_assert_ptr_null(strstr(with, "left count"));
	count_whole_lines(with, FD "[a-z]+( (to|from) " PLACE ")?( on port [0-9]+)?: "
				   "(set [a-z].*|left idle as the program set it)");
	free(with);
}
END_TEST

/* The time is the time. */
START_TEST(time_of_day)
{
	const struct row row = { GLOBALS, "socket", { NULL } };
	time_t before = time(NULL), said;
	char *with = run_with_log(&row, shim_path());
	struct tm parts = { 0 };

	ck_assert_ptr_nonnull(strptime(with, "%Y-%m-%dT%H:%M:%SZ", &parts));
	said = timegm(&parts);
	ck_assert_int_ge(said, before);
	ck_assert_int_le(said, time(NULL));
	free(with);
}
END_TEST

/* What is wrong with the configuration is said in the log, too, unless that is stderr itself. */
static const struct {
	bool to_file;
	const char *level;
} error_rows[] = { { true, "error" }, { true, "debug" }, { false, "error" } };

START_TEST(errors_in_the_log)
{
	static const char *const lines[] = { "KEEPALIVE_COUNT: \"x\" is not a number", NULL };
	const char *log = error_rows[_i].to_file ? new_log() : "stderr";
	struct trial trial = { .victim = "socket",
			       .environment = { "KEEPALIVE_COUNT=x", "KEEPALIVE=default",
						setting("KEEPALIVE_LOG=", log),
						setting("KEEPALIVE_LOG_LEVEL=",
							error_rows[_i].level) },
			       .errors = "libkeepalive: KEEPALIVE_COUNT: \"x\" is not a number\n" };
	struct outcome control = trial_run(&trial, victim_path(), NULL);
	struct outcome with = trial_run(&trial, victim_path(), shim_path());
	char *written = read_whole(log);

	ck_assert_str_eq(control.errors, "");
	ck_assert_int_eq(with.status, 0);
	expect_text(with.errors, trial.errors, log);
	if (error_rows[_i].to_file) {
		written[strcspn(written, "\n") + 1] = 0; /* sockets come later */
		expect_lines(written, TIME NAMED, lines);
	}
	free(control.report), free(control.errors), free(with.report), free(with.errors);
	free(written);
}
END_TEST

/* Where it goes: by the environment, over what the file says. */
START_TEST(to_stderr)
{
	static const char *const lines[] = { FD "socket: " ALL_FIVE("61"), NULL };
	const char *log = new_log();
	struct trial trial = { .victim = "socket",
			       .file = scratch_file("logging", setting("log = ", log)),
			       .environment = { "KEEPALIVE_LOG=stderr" } };
	struct outcome control = trial_run(&trial, victim_path(), NULL);
	struct outcome with = trial_run(&trial, victim_path(), shim_path());

	ck_assert_str_eq(control.errors, "");
	expect_lines(with.errors, NAMED, lines);
	ck_assert_int_eq(access(log, F_OK), -1);
	free(control.report), free(control.errors), free(with.report), free(with.errors);
}
END_TEST

START_TEST(off)
{
	const char *log = new_log();
	struct trial trial = { .victim = "socket",
			       .file = scratch_file("logging", setting("log = ", log)),
			       .environment = { "KEEPALIVE_LOG=off" },
			       .errors = "" };

	trial_compare(&trial, victim_path());
	ck_assert_int_eq(access(log, F_OK), -1);
}
END_TEST

/* The system's log, where a directory of ours can take the place of /dev. */
#define PRIVATE_DEV                                                                                \
	"exec unshare -rm sh -c 'mount --bind \"$DEV\" /dev || exit 99; "                          \
	"export LD_PRELOAD=\"$HAND_OVER\"; exec \"$@\"' sh \"$@\""

static int system_log(const char *directory)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	ck_assert_int_eq(mkdir(directory, 0755), 0);
	snprintf(address.sun_path, sizeof address.sun_path, "%s/log", directory);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(chmod(address.sun_path, 0666), 0);
	return fd;
}

START_TEST(to_syslog)
{
	const char *directory = scratch_path("dev");
	int log = system_log(directory);
	struct trial trial = { .victim = "socket",
			       .shell = PRIVATE_DEV,
			       .environment = { "KEEPALIVE_LOG=syslog",
						setting("DEV=", directory) } };
	struct outcome outcome = trial_run(&trial, victim_path(), NULL);
	char line[1024];
	ssize_t length;

	if (outcome.status)
		SKIP("/dev cannot be replaced here: %.100s", outcome.errors);
	ck_assert_int_eq(recv(log, line, sizeof line, 0), -1);
	outcome = trial_run(&trial, victim_path(), shim_path());
	ck_assert_int_eq(outcome.status, 0);
	length = recv(log, line, sizeof line - 1, 0);
	ck_assert_int_gt(length, 0);
	line[length] = 0;
	expect_match(FD "socket: " ALL_FIVE("61"), "<30>" NAMED, line);
	ck_assert_int_eq(recv(log, line, sizeof line, 0), -1);
	ck_assert_str_eq(outcome.errors, "");
	free(outcome.report), free(outcome.errors);
}
END_TEST

/* The calls of each line: opened, written by one call, closed. */
START_TEST(calls_of_a_line)
{
	const char *log = new_log();
	char variable[600], quoted[600], text[64], *with, *written, *rest;
	const char *const environment[] = { OURS, variable, NULL };
	int lines = 0, opened = 0;

	snprintf(variable, sizeof variable, "KEEPALIVE_LOG=%s", log);
	snprintf(quoted, sizeof quoted, "openat(AT_FDCWD, \"%s\", ", log);
	with = trace("calls", shim_path(), environment);
	if (!with)
		SKIP("strace is not installed, or may not trace");
	written = read_whole(log);
	for (const char *at = written; *at; at = next_line(at))
		lines++;
	ck_assert_int_gt(lines, 5);
	rest = with;
	while ((rest = strstr(rest, quoted))) {
		int fd;

		opened++;
		ck_assert(line_has(rest, "O_APPEND") && line_has(rest, "O_CLOEXEC"));
		ck_assert_int_eq(sscanf(strchr(rest, '='), "= %d", &fd), 1);
		for (int i = 0; i < 5 && !line_has(rest, "write("); i++)
			rest = (char *)(uintptr_t)next_line(rest);
		snprintf(text, sizeof text, "write(%d, \"", fd);
		ck_assert_msg(line_has(rest, text) && line_has(rest, "\\n\""), "%.200s", rest);
		rest = (char *)(uintptr_t)next_line(rest);
		while (line_has(rest, "rt_sig"))
			rest = (char *)(uintptr_t)next_line(rest);
		snprintf(text, sizeof text, "close(%d)", fd);
		ck_assert_msg(line_has(rest, text), "%.200s", rest);
	}
	ck_assert_int_eq(opened, lines);
	free(with), free(written);
}
END_TEST

/* With the log off the calls are those of nobody having spoken of it. */
START_TEST(calls_without)
{
	static const char *const omitted[] = { OURS, NULL };
	static const char *const silent[] = { OURS, "KEEPALIVE_LOG=off", NULL };
	static const char *const phases[] = { "socket",        "listen",  "connect",
					      "accept",        "accept4", "connect of past",
					      "accept of past" };
	char *control = trace("calls", shim_path(), omitted), *with, own[CALLS_MAX], got[CALLS_MAX];

	if (!control)
		SKIP("strace is not installed, or may not trace");
	with = trace("calls", shim_path(), silent);
	ck_assert_ptr_nonnull(with);
	for (size_t i = 0; i < COUNT(phases); i++) {
		calls_of_phase(control, phases[i], own);
		calls_of_phase(with, phases[i], got);
		ck_assert_str_ne(own, "");
		expect_text(got, own, phases[i]);
		for (size_t k = 0; k < 4; k++)
			ck_assert_ptr_null(strstr(
				got,
				((const char *const[]){ "write", "open", "clock", "getpid" })[k]));
	}
	free(control), free(with);
}
END_TEST

/* Logs that cannot be written: the program runs on as without. */
static const char *make_fifo(void)
{
	const char *path = scratch_path("fifo.%d", getpid());

	ck_assert_int_eq(mkfifo(path, 0666), 0);
	return path;
}

static const char *missing_folder(void)
{
	return scratch_path("missing/log");
}

static const char *directory(void)
{
	return scratch();
}

/* Somebody else may have put it there, to have us write where they cannot. */
static const char *link_to_data(void)
{
	const char *path = scratch_path("link.%d.log", getpid());

	ck_assert_int_eq(symlink(scratch_file("data", "theirs\n"), path), 0);
	return path;
}

static const char *device_full(void)
{
	return "/dev/full";
}

static const char *ordinary(void)
{
	return new_log();
}

static const char *to_stderr_itself(void)
{
	return "stderr";
}

static const char *to_nobody(void)
{
	return "syslog";
}

static const char *unwritable(void)
{
	const char *path;

	unlink(scratch_path("unwritable")); /* an earlier test's, which only root could write to */
	path = scratch_file("unwritable", "");
	ck_assert_int_eq(chmod(path, 0), 0);
	return path;
}

/* The file has reached its limit already. */
static const char *at_the_limit(void)
{
	const char *path = scratch_file("limited", "");

	ck_assert_int_eq(truncate(path, 65536), 0);
	return path;
}

#define SMALL_FILES "ulimit -f 8; " BECOME

static const struct {
	const char *(*log)(void);
	const char *victim, *shell;
} harmless[] = {
	{ missing_folder, "errors", NULL },
	{ make_fifo, "errors", NULL },
	{ directory, "errors", NULL },
	{ link_to_data, "errors", NULL },
	{ device_full, "errors", NULL },
	{ to_nobody, "errors", NULL },
	{ unwritable, "errors", NULL },
	{ ordinary, "errors", NULL },
	{ to_stderr_itself, "errors", NULL },
	{ at_the_limit, "errors", SMALL_FILES },
	{ at_the_limit, "closed", SMALL_FILES },
	{ ordinary, "limits", NULL },
	{ to_nobody, "limits", NULL },
	{ ordinary, "closed", NULL },
	{ to_stderr_itself, "closed", NULL },
	{ to_stderr_itself, "closed", BECOME " <&- >&- 2>&-" },
	{ ordinary, "closed", BECOME " <&- >&- 2>&-" },
	{ ordinary, "cancel", NULL },
	{ to_nobody, "cancel", NULL },
	{ to_stderr_itself, "cancel", NULL },
	{ ordinary, "signals", NULL },
	{ ordinary, "mask", NULL },
	{ to_nobody, "mask", NULL },
	{ to_stderr_itself, "mask", NULL },
	{ at_the_limit, "mask", SMALL_FILES },
	{ ordinary, "children", NULL },
	{ ordinary, "logged", NULL },
	{ ordinary, "left", NULL },
	{ ordinary, "threads", NULL },
	{ ordinary, "foreign", NULL },
};

static const char *musl_victim(void)
{
	static char path[512];

	snprintf(path, sizeof path, "%s", build_path("tests/hooks/victim-musl"));
	return access(path, X_OK) ? NULL : path;
}

static void try_harm(const char *program, int row)
{
	const struct trial trial = { .victim = harmless[row].victim,
				     .shell = harmless[row].shell,
				     .environment = {
					     setting("KEEPALIVE_LOG=", harmless[row].log()) } };

	trial_compare(&trial, program);
}

START_TEST(does_no_harm)
{
	try_harm(victim_path(), _i);
}
END_TEST

START_TEST(does_no_harm_musl)
{
	if (!musl_victim())
		SKIP("built without musl-gcc");
	try_harm(musl_victim(), _i);
}
END_TEST

START_TEST(no_link_is_followed)
{
	const struct trial trial = { .victim = "socket",
				     .environment = { setting("KEEPALIVE_LOG=", link_to_data()) },
				     .expected = "socket: %O\ndescriptor: %S\nsecure mode: 0\n",
				     .control = "socket: %F\ndescriptor: %S\nsecure mode: 0\n" };
	char *data;

	trial_compare(&trial, victim_path());
	data = read_whole(scratch_path("data"));
	ck_assert_str_eq(data, "theirs\n");
	free(data);
}
END_TEST

/* No descriptor is to be had for a line: that line is lost, the next one is there. */
START_TEST(no_descriptors)
{
	static const char report[] = "without: ok\nwith: ok\nsocket: %O\n";
	static const char *const lines[] = { FD "socket: " ALL_FIVE("61"),
					     FD "override: set idle 61", NULL };
	const char *log = new_log();
	struct trial trial = { .victim = "log-end",
			       .file = scratch_file("logging", "override = on\n"),
			       .expected = report,
			       .control = "without: ok\nwith: ok\nsocket: 0 301/%v/%c 0\n",
			       .errors = "",
			       .environment = { setting("KEEPALIVE_LOG=", log) } };
	char *written;

	trial_compare(&trial, victim_path());
	written = read_whole(log);
	expect_lines(written, TIME NAMED, lines);
	free(written);
}
END_TEST

/* stderr has become a data file, or is a connection: nothing comes into it. */
START_TEST(stderr_reused)
{
	const char *path = scratch_file("data", "");
	struct trial trial = { .victim = setting("reuse ", path),
			       .expected = "closed",
			       .environment = { "KEEPALIVE_LOG=stderr" } };
	char *data;

	trial_compare(&trial, victim_path());
	data = read_whole(path);
	ck_assert_str_eq(data, "");
	free(data);
}
END_TEST

static int other_end;

static int give_tcp(void)
{
	struct ends ends = tcp_ends();

	other_end = ends.client;
	return ends.server;
}

static int give_tcp_ipv6(void)
{
	struct ends ends = tcp_ends_ipv6();

	other_end = ends.client;
	return ends.server;
}

static int give_unix(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	other_end = ends[0];
	return ends[1];
}

static int give_full_pipe(void)
{
	static const char page[4096];
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	while (write(ends[1], page, sizeof page) > 0)
		continue;
	ck_assert_int_eq(fcntl(ends[1], F_SETFL, 0), 0);
	other_end = ends[0];
	return ends[1];
}

static const struct {
	int (*give)(void);
	const char *said; /* NULL: what is there is not looked at */
} ends_of_stderr[] = {
	{ give_tcp, "" },
	{ give_tcp_ipv6, "" },
	{ give_unix, "libkeepalive[" }, /* so is it said at all */
	{ give_full_pipe, NULL },
};

START_TEST(stderr_elsewhere)
{
	const struct trial trial = { .victim = "socket",
				     .give = ends_of_stderr[_i].give,
				     .given = 2,
				     .environment = { "KEEPALIVE_LOG=stderr" } };
	struct outcome outcome = trial_run(&trial, victim_path(), shim_path());
	char text[1024] = "";
	const char *said = ends_of_stderr[_i].said;

	ck_assert_int_eq(outcome.status, 0);
	ck_assert_ptr_nonnull(strstr(outcome.report, "socket: 1 61/11/7 31000\n"));
	ck_assert_int_eq(fcntl(other_end, F_SETFL, O_NONBLOCK), 0);
	if (said && read(other_end, text, sizeof text - 1) < 0)
		*text = 0;
	if (said && *said)
		ck_assert_ptr_nonnull(strstr(text, said));
	else if (said)
		ck_assert_str_eq(text, "");
	free(outcome.report), free(outcome.errors);
}
END_TEST

/* Many threads of many processes, one file. */
START_TEST(together)
{
	enum { PROCESSES = 4, SOCKETS = 1 + 8 * 40 * 2 }; /* of `victim threads` */
	const char *log = new_log();
	const char *const argv[] = { victim_path(), "threads", NULL };
	struct command command = { .argv = argv,
				   .preload = shim_path(),
				   .environment = { OURS, setting("KEEPALIVE_LOG=", log) } };
	struct process processes[PROCESSES];
	char *written;

	for (int i = 0; i < PROCESSES; i++)
		processes[i] = process_start(&command);
	for (int i = 0; i < PROCESSES; i++)
		ck_assert_int_eq(process_wait(&processes[i], 60), 0);
	written = read_whole(log);
	ck_assert_int_eq(count_whole_lines(written, FD "socket: " ALL_FIVE("61")),
			 PROCESSES * SOCKETS);
	free(written);
}
END_TEST

/* Threads that are cancelled at any point leave neither descriptors nor half a line. */
static const char *(*const cancelled_logs[])(void) = { ordinary, to_nobody, to_stderr_itself };

static void cancel(const char *program, const char *log)
{
	struct trial trial = { .victim = "cancel-log",
			       .expected = "left open: 0\n",
			       .file = scratch_file("logging", "override = on\n"),
			       .environment = { setting("KEEPALIVE_LOG=", log) } };
	char *written;

	trial_compare(&trial, program);
	written = read_whole(log);
	if (*log == '/')
		ck_assert_int_gt(count_whole_lines(written, FD "(socket|override): set .*"), 100);
	free(written);
}
START_TEST(cancelled)
{
	char program[512];

	snprintf(program, sizeof program, "%s", victim_path());
	cancel(program, cancelled_logs[_i]());
}
END_TEST

START_TEST(cancelled_musl)
{
	if (!musl_victim())
		SKIP("built without musl-gcc");
	cancel(musl_victim(), cancelled_logs[_i]());
}
END_TEST

/*
 * Signals that wait in the program go on waiting, and no others do, whichever signal a line brings:
 * by strace, and by a file that has reached its limit. A row each for the signal that waits (0:
 * none) and the one that comes.
 */
static const struct {
	int waiting, coming;
	const char *error;
} signal_rows[] = {
	{ 0, SIGPIPE, "EPIPE" },       { SIGPIPE, SIGPIPE, "EPIPE" }, { SIGXFSZ, SIGPIPE, "EPIPE" },
	{ SIGPIPE, SIGXFSZ, "EFBIG" }, { SIGTTOU, SIGTTOU, "EIO" },   { SIGTERM, SIGXFSZ, "EFBIG" },
	{ 0, SIGTTOU, "EIO" },         { SIGXFSZ, SIGXFSZ, "EFBIG" },
};

static void try_signals(int row, const char *shell, const char *log)
{
	char victim[64];
	const struct trial trial = { .victim = victim,
				     .shell = shell,
				     .environment = { setting("KEEPALIVE_LOG=", log) } };
	struct outcome control, with;

	snprintf(victim, sizeof victim, "pending");
	if (signal_rows[row].waiting)
		snprintf(victim, sizeof victim, "pending %d", signal_rows[row].waiting);
	control = trial_run(&trial, victim_path(), NULL);
	with = trial_run(&trial, victim_path(), shim_path());
	ck_assert_int_eq(control.status, 0);
	ck_assert_int_eq(with.status, 0);
	expect_text(with.report, control.report, victim);
	free(control.report), free(control.errors), free(with.report), free(with.errors);
}

static bool may_trace(void)
{
	const struct command command = {
		.argv = (const char *[]){ "strace", "-e", "inject=getppid:error=EPERM", "true",
					  NULL },
	};
	int status;

	free(process_run(&command, &status));
	return !status;
}

START_TEST(signals_of_writing)
{
	const char *log = new_log();
	char shell[500], *trace;

	if (!may_trace())
		SKIP("strace is not installed, or may not trace");
	/* Every write but the last, which is the report. */
	snprintf(shell, sizeof shell,
		 "exec strace -f -q -o %s.trace -e trace=write "
		 "-e inject=write:error=%s:signal=%d:when=1..2 -E LD_PRELOAD=\"$HAND_OVER\" "
		 "-P %s \"$@\"",
		 log, signal_rows[_i].error, signal_rows[_i].coming, log);
	try_signals(_i, shell, log);
	trace = read_whole(setting(log, ".trace"));
	ck_assert_msg(strstr(trace, "(INJECTED)") != NULL, "%s", trace);
	free(trace);
}
END_TEST

START_TEST(signals_of_the_limit)
{
	try_signals(_i, SMALL_FILES, at_the_limit());
}
END_TEST

/* A path as long as may be, and one that is longer. */
START_TEST(long_path)
{
	const char *directory_path = scratch_path("long.%d", getpid());
	char path[400], errors[700];
	size_t length = (size_t)snprintf(path, sizeof path, "%s/", directory_path);
	struct trial trial = { .victim = "socket", .errors = _i ? NULL : "" };
	char *written;

	ck_assert_int_eq(mkdir(directory_path, 0755), 0);
	memset(path + length, 'x', 255 + (size_t)_i - length);
	path[255 + _i] = 0;
	trial.environment[0] = setting("KEEPALIVE_LOG=", path);
	trial_compare(&trial, victim_path());
	written = read_whole(path);
	if (!_i) {
		ck_assert_int_eq(count_whole_lines(written, FD "socket: " ALL_FIVE("61")), 1);
	} else {
		struct outcome outcome = trial_run(&trial, victim_path(), shim_path());

		ck_assert_str_eq(written, "");
		snprintf(errors, sizeof errors,
			 "libkeepalive: KEEPALIVE_LOG: \"%.60s...\" is not off, "
			 "stderr, syslog or an absolute path\n",
			 path);
		expect_text(outcome.errors, errors, "256 bytes");
		free(outcome.report), free(outcome.errors);
	}
	free(written);
}
END_TEST

/* Each hook says what it leaves as the program set it. */
START_TEST(left)
{
	static const char *const lines[] = { ": connect to [^\n]*: left idle",
					     ": listen[^\n]*: left ", ": accept from [^\n]*: left ",
					     NULL };
	const struct row row = { "log_level = debug\nidle = 61\n[rule near]\nremote = 127.0.0.1\n"
				 "idle = 71\n[rule server]\nrole = server\ninterval = 12\n",
				 "own",
				 { NULL } };
	char *with = run_with_log(&row, shim_path());
	regex_t regex;

	for (int i = 0; lines[i]; i++) {
		ck_assert_int_eq(regcomp(&regex, lines[i], REG_EXTENDED | REG_NOSUB | REG_NEWLINE),
				 0);
		ck_assert_msg(!regexec(&regex, with, 0, NULL, 0), "no \"%s\"", lines[i]);
		regfree(&regex);
	}
	free(with);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("log");
	TCase *tcase = harness_case(suite, "lines", 60);

	tcase_add_loop_test(tcase, levels, 0, COUNT(rows));
	tcase_add_test(tcase, debug);
	tcase_add_test(tcase, left);
	tcase_add_loop_test(tcase, errors_in_the_log, 0, COUNT(error_rows));
	tcase_add_test(tcase, time_of_day);
	tcase = harness_case(suite, "targets", 60);
	tcase_add_test(tcase, to_stderr);
	tcase_add_test(tcase, off);
	tcase_add_test(tcase, to_syslog);
	tcase_add_test(tcase, stderr_reused);
	tcase_add_loop_test(tcase, long_path, 0, 2);
	tcase_add_loop_test(tcase, stderr_elsewhere, 0, COUNT(ends_of_stderr));
	tcase = harness_case(suite, "calls", 60);
	tcase_add_test(tcase, calls_of_a_line);
	tcase_add_test(tcase, calls_without);
	tcase = harness_case(suite, "harm", 60);
	tcase_add_loop_test(tcase, does_no_harm, 0, COUNT(harmless));
	tcase_add_test(tcase, no_link_is_followed);
	tcase_add_loop_test(tcase, does_no_harm_musl, 0, COUNT(harmless));
	tcase_add_loop_test(tcase, signals_of_writing, 0, COUNT(signal_rows));
	tcase_add_loop_test(tcase, signals_of_the_limit, 0, COUNT(signal_rows));
	tcase_add_test(tcase, no_descriptors);
	tcase_add_test(tcase, together);
	tcase_add_loop_test(tcase, cancelled, 0, COUNT(cancelled_logs));
	tcase_add_loop_test(tcase, cancelled_musl, 0, COUNT(cancelled_logs));
	return harness_run(suite);
}
