/* keepalive show --watch: a table that follows the sockets, and lines of changes for programs. */
#define _GNU_SOURCE
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cli.h"
#include "cli/terminal.h"
#include "lib/harness.h"

enum { PATIENCE = 20, SIGNALED = 128, ROWS = 12, COLUMNS_WIDE = 120, COLUMNS_NARROW = 60 };

#define ENTER "\x1b[?1049h\x1b[?25l\x1b[?7l"
#define LEAVE "\x1b[?7h\x1b[?25h\x1b[?1049l"
#define HOME "\x1b[H"
#define CLEAR_LINE "\x1b[K"
#define REST "\x1b[K\x1b[J"

/* A server on the loopback address; each line that it reads makes it do something. */
static struct process start_server(void)
{
	static const char script[] =
		"import socket, sys\n"
		"s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen(); kept = []\n"
		"print('ready', flush=True)\n"
		"for line in sys.stdin:\n"
		"    if line == 'connect\\n':\n"
		"        kept.append((socket.create_connection(s.getsockname()), s.accept()[0]))\n"
		"    elif line == 'keepalive\\n':\n"
		"        kept[0][0].setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)\n"
		"        kept[0][0].setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 61)\n"
		"    elif line == 'name\\n':\n"
		"        open('/proc/self/comm', 'wb').write(b'a \\xc3\\xa9')\n"
		"    elif line == 'shutdown\\n':\n"
		"        kept[0][1].close()\n"
		"    else:\n"
		"        kept[0][0].close()\n";
	struct process server = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c", script, NULL } });

	ck_assert(wait_for_word(server.output, "ready", PATIENCE));
	return server;
}

static void tell(const struct process *server, const char *word)
{
	ck_assert_int_eq(write(server->input, word, strlen(word)), (ssize_t)strlen(word));
}

/* Starts show --watch of a process on a terminal, and waits for the first table. */
static struct terminal *watch_on_terminal(pid_t pid, int columns)
{
	static struct terminal terminal;
	const char *const argv[] = { build_path("keepalive"), "show", word_of(pid), "--watch",
				     NULL };

	terminal_start(&terminal,
		       &(struct command){
			       .argv = argv,
			       .environment = { "LC_ALL=C.UTF-8", "TERM=xterm", "NO_COLOR=1" } },
		       ROWS, columns);
	terminal_await(&terminal, 0, ENTER HOME);
	terminal_await(&terminal, 0, REST);
	return &terminal;
}

/* Waits for the next picture of the screen that has the text; it, to be freed. */
static char *await_picture(struct terminal *terminal, const char *text)
{
	size_t from = terminal->length, begin, end;
	char *picture;

	for (;;) {
		begin = terminal_await(terminal, from, HOME);
		end = terminal_await(terminal, begin, REST);
		picture = strndup(terminal->output + begin, end - begin);
		if (strstr(picture, text))
			return picture;
		free(picture);
		from = end - strlen(REST);
	}
}

static int width_of(const char *line)
{
	wchar_t wide[512];
	size_t length = mbstowcs(wide, line, COUNT(wide));

	ck_assert_msg(length < COUNT(wide), "not in this locale: %s", line);
	return wcswidth(wide, length);
}

/* Fails the test unless all its lines are on the screen, and none is too wide. */
static void expect_on_screen(const char *picture, int rows, int columns)
{
	char *rest = strdup(picture), *line;
	int count = 0;

	rest[strlen(rest) - strlen(REST)] = 0;
	while ((line = strsep(&rest, "\n"))) {
		char *clear = strstr(line, CLEAR_LINE);

		if (clear)
			*clear = 0;
		ck_assert_msg(width_of(line) <= columns, "%d: %s", columns, line);
		count++;
	}
	ck_assert_int_le(count, rows);
}

static bool has_echo(const struct terminal *terminal)
{
	struct termios settings;

	ck_assert_int_eq(tcgetattr(terminal->fd, &settings), 0);
	return settings.c_lflag & ECHO && settings.c_lflag & ICANON;
}

static void expect_left(struct terminal *terminal, int status)
{
	int fd = dup(terminal->fd);

	terminal_end(terminal, status);
	ck_assert_msg(terminal->length > strlen(LEAVE) &&
			      !strcmp(terminal->output + terminal->length - strlen(LEAVE), LEAVE),
		      "the terminal was not given back");
	terminal->fd = fd;
}

START_TEST(follows)
{
	struct process server = start_server();
	struct terminal *terminal = watch_on_terminal(server.pid, COLUMNS_WIDE);
	char *picture = await_picture(terminal, "  1 socket  (q quit, s sort, r reverse)");

	expect_says(picture, "\nPROGRAM ");
	expect_says(picture, " LISTEN ");
	expect_on_screen(picture, ROWS, COLUMNS_WIDE);
	ck_assert(!has_echo(terminal));
	tell(&server, "connect\n");
	picture = await_picture(terminal, "  3 sockets ");
	expect_says(picture, " ESTABLISHED ");
	tell(&server, "keepalive\n");
	await_picture(terminal, " 61/");
	tell(&server, "shutdown\n");
	await_picture(terminal, " CLOSE-WAIT ");
	terminal_type(terminal, "q");
	expect_left(terminal, 0);
	process_stop(&server);
}
END_TEST

START_TEST(keys)
{
	struct process zoo = start_zoo(NULL);
	struct terminal *terminal = watch_on_terminal(zoo.pid, COLUMNS_WIDE);
	const char *first, *second;

	/* PROGRAM, PID, LOCAL. */
	terminal_type(terminal, "s");
	await_picture(terminal, " sockets, sorted by PROGRAM  (");
	terminal_type(terminal, "ss");
	first = await_picture(terminal, " sockets, sorted by LOCAL  (");
	expect_says(first, "0.0.0.0:* ");
	terminal_type(terminal, "r");
	second = await_picture(terminal, " sockets, sorted by LOCAL, descending  (");
	ck_assert_ptr_null(strstr(second, "\n0.0.0.0:* "));
	expect_says(second, "[::");
	ck_assert_ptr_null(strstr(first, "[::1]"));
	/* Another key is none. */
	terminal_type(terminal, "x");
	await_picture(terminal, " sockets, sorted by LOCAL, descending  (");
	terminal_type(terminal, "q");
	expect_left(terminal, 0);
	process_stop(&zoo);
}
END_TEST

/* The messages are not on this screen. */
START_TEST(incomplete)
{
	struct process server = start_server();
	static struct terminal terminal;
	const char *const argv[] = { build_path("tests/cli/refuse"),
				     "EPERM",
				     "pidfd_getfd",
				     build_path("keepalive"),
				     "show",
				     "--watch=1",
				     word_of(server.pid),
				     NULL };

	terminal_start(&terminal,
		       &(struct command){ .argv = argv,
					  .environment = { "LC_ALL=C.UTF-8", "TERM=xterm" } },
		       ROWS, COLUMNS_WIDE);
	await_picture(&terminal, "  1 socket, incomplete  (q quit");
	await_picture(&terminal, "  1 socket, incomplete  (q quit");
	terminal_type(&terminal, "q");
	expect_left(&terminal, 1);
	process_stop(&server);
}
END_TEST

/* What is too much for the screen is counted. */
START_TEST(sizes)
{
	struct process zoo = start_zoo(NULL);
	struct terminal *terminal = watch_on_terminal(zoo.pid, COLUMNS_WIDE);
	char *picture = await_picture(terminal, " more" REST);
	int sockets, more;

	ck_assert_int_eq(sscanf(strchr(picture, ' '), " %d sockets", &sockets), 1);
	ck_assert_int_eq(sscanf(strstr(picture, "... "), "... %d more", &more), 1);
	/* All but the first line, the headings, and this one. */
	ck_assert_int_eq(sockets - more, ROWS - 3);
	expect_on_screen(picture, ROWS, COLUMNS_WIDE);
	terminal_resize(terminal, 6, COLUMNS_NARROW);
	picture = await_picture(terminal, joined("... ", joined(word_of(sockets - 3), " more")));
	expect_on_screen(picture, 6, COLUMNS_NARROW);
	terminal_resize(terminal, 100, COLUMNS_WIDE);
	picture = await_picture(terminal, " CLOSED ");
	ck_assert_ptr_null(strstr(picture, " more"));
	for (int rows = 1; rows < 5; rows++) {
		terminal_resize(terminal, rows, 8);
		expect_on_screen(await_picture(terminal, ":"), rows, 8);
	}
	terminal_type(terminal, "q");
	expect_left(terminal, 0);
	process_stop(&zoo);
}
END_TEST

/* Letters of arrows, of function keys, and with Alt are no keys. */
START_TEST(function_keys)
{
	static const char *const typed[] = { "\033[A", "\033OQ", "\033Or", "\033[1;5s", "\033q" };
	struct process zoo = start_zoo(NULL);
	struct terminal *terminal = watch_on_terminal(zoo.pid, COLUMNS_WIDE);

	for (size_t i = 0; i < COUNT(typed); i++) {
		terminal_type(terminal, typed[i]);
		terminal_type(terminal, "s");
		await_picture(terminal, " sockets, sorted by ");
		ck_assert_ptr_null(strstr(terminal->output, ", descending"));
	}
	await_picture(terminal, " sockets, sorted by STATE  (");
	/* The same letter later is one. The second picture is drawn after that time. */
	terminal_type(terminal, "\033");
	await_picture(terminal, " sockets, sorted by STATE  (");
	await_picture(terminal, " sockets, sorted by STATE  (");
	terminal_type(terminal, "q");
	expect_left(terminal, 0);
	process_stop(&zoo);
}
END_TEST

static const int ends[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

/* The signal ends it, as others expect, after the terminal is as it was. */
START_TEST(signals)
{
	struct process server = start_server();
	struct terminal *terminal;

	/* Shells without job control start what is in the background with SIGINT ignored. */
	signal(ends[_i], SIG_DFL);
	terminal = watch_on_terminal(server.pid, COLUMNS_WIDE);
	ck_assert_int_eq(kill(terminal->process.pid, ends[_i]), 0);
	expect_left(terminal, SIGNALED + ends[_i]);
	process_stop(&server);
}
END_TEST

/* True if it is stopped; or if it took the terminal again, as in an orphaned group the kernel does
 * not stop it. */
static bool is_stopped(void *context)
{
	struct terminal *terminal = context;
	char path[64], *stat;
	bool stopped;

	snprintf(path, sizeof path, "/proc/%d/stat", terminal->process.pid);
	stat = read_whole(path);
	stopped = strstr(stat, ") T ");
	free(stat);
	return stopped || strstr(strstr(terminal->output, LEAVE), ENTER);
}

/* Stopped, it gives the terminal back; continued, it takes it again. */
START_TEST(stopped)
{
	struct process server = start_server();
	struct terminal *terminal = watch_on_terminal(server.pid, COLUMNS_WIDE);
	size_t from = terminal->length;

	ck_assert_int_eq(kill(terminal->process.pid, SIGTSTP), 0);
	from = terminal_await(terminal, from, LEAVE);
	ck_assert(wait_until(is_stopped, terminal, PATIENCE));
	ck_assert_int_eq(kill(terminal->process.pid, SIGCONT), 0);
	from = terminal_await(terminal, from, ENTER);
	await_picture(terminal, " LISTEN ");
	ck_assert(!has_echo(terminal));
	/* A stop that it does not see: afterwards the screen is drawn as if it were new. */
	await_picture(terminal, " LISTEN ");
	from = terminal->length;
	ck_assert_int_eq(kill(terminal->process.pid, SIGSTOP), 0);
	ck_assert_int_eq(kill(terminal->process.pid, SIGCONT), 0);
	terminal_await(terminal, from, ENTER);
	terminal_type(terminal, "q");
	expect_left(terminal, 0);
	process_stop(&server);
}
END_TEST

/* Started in the background, it waits for the terminal, and leaves it as it found it then. */
START_TEST(background)
{
	struct process server = start_server();
	const char *const argv[] = { "python3",
				     source_path("tests/cli/jobs.py"),
				     build_path("keepalive"),
				     "show",
				     "--watch=1",
				     word_of(server.pid),
				     NULL };
	int status;
	char *output = process_run(
		&(struct command){ .argv = argv, .environment = { "TERM=xterm", "NO_COLOR=1" } },
		&status);

	ck_assert_str_eq(output, "stopped echo\n");
	process_stop(&server);
}
END_TEST

/* As under nohup, or in the background of a script. */
START_TEST(ignored_signals)
{
	struct process server = start_server();
	static struct terminal terminal;
	const char *const argv[] = { "sh",
				     "-c",
				     "trap '' HUP INT; exec \"$0\" show \"$1\" --watch",
				     build_path("keepalive"),
				     word_of(server.pid),
				     NULL };

	terminal_start(&terminal,
		       &(struct command){ .argv = argv,
					  .environment = { "LC_ALL=C.UTF-8", "TERM=xterm" } },
		       ROWS, COLUMNS_WIDE);
	await_picture(&terminal, " LISTEN ");
	ck_assert_int_eq(kill(terminal.process.pid, SIGHUP), 0);
	ck_assert_int_eq(kill(terminal.process.pid, SIGINT), 0);
	await_picture(&terminal, " LISTEN ");
	await_picture(&terminal, " LISTEN ");
	terminal_type(&terminal, "q");
	expect_left(&terminal, 0);
	process_stop(&server);
}
END_TEST

/* Whoever else has the terminal may have made it so that writes do not wait. */
START_TEST(full_terminal)
{
	enum { KEYS = 80 };
	struct process zoo = start_zoo(NULL);
	static struct terminal terminal;
	static const char script[] = "import os, sys; os.set_blocking(1, False);"
				     " os.execv(sys.argv[1], sys.argv[1:])";
	const char *const argv[] = { "python3", "-c",         script, build_path("keepalive"),
				     "show",    "--watch=60", "--",   word_of(zoo.pid),
				     NULL };

	terminal_start(&terminal,
		       &(struct command){ .argv = argv,
					  .environment = { "LC_ALL=C.UTF-8", "TERM=xterm" } },
		       100, COLUMNS_WIDE);
	terminal_await(&terminal, 0, REST);
	/* It draws at each, and nobody reads. */
	for (int i = 0; i < KEYS; i++)
		terminal_type(&terminal, "s");
	ck_assert(!wait_until(has_ended, &terminal.process, 1));
	terminal_type(&terminal, "q");
	expect_left(&terminal, 0);
	process_stop(&zoo);
}
END_TEST

/* With process ids it ends when they do. */
START_TEST(processes_end)
{
	struct process server = start_server();
	struct terminal *terminal = watch_on_terminal(server.pid, COLUMNS_WIDE);

	process_stop(&server);
	expect_left(terminal, 0);
}
END_TEST

/* There is nothing to wait for; the number may be given to another process later. */
START_TEST(no_such_process)
{
	static const char *const flags[] = { "-n", "--json" };
	struct process server = start_server();
	const char *pid = joined(word_of(server.pid), "");
	struct called called;

	process_stop(&server);
	for (size_t i = 0; i < COUNT(flags); i++) {
		called = CALL("show", pid, "--watch", flags[i]);
		expect_status(&called, 1);
		ck_assert_str_eq(called.output, "");
		expect_says(called.errors, joined(pid, ": no such process\n"));
	}
}
END_TEST

/* What it prints goes nowhere. */
START_TEST(output_that_fails)
{
	static const char *const outputs[] = { ">/dev/full", ">&-" };
	struct process server = start_server();
	const char *command = joined("exec \"$0\" show --watch -- ", word_of(server.pid));
	const char *const program = build_path("keepalive");
	char *errors;
	int status;

	for (size_t i = 0; i < COUNT(outputs); i++) {
		const char *const argv[] = { "sh", "-c", joined(command, joined(" ", outputs[i])),
					     program, NULL };

		process_run_both(&(struct command){ .argv = argv }, &status, &errors);
		ck_assert_int_eq(status, 1);
		expect_says(errors, "keepalive: standard output: ");
	}
	process_stop(&server);
}
END_TEST

/* Nothing changes; that the other end is closed is noticed all the same. */
START_TEST(nobody_reads)
{
	struct process server = start_server();
	const char *const argv[] = { "sh",
				     "-c",
				     "\"$0\" show \"$1\" --watch | head -n 1",
				     build_path("keepalive"),
				     word_of(server.pid),
				     NULL };
	int status;

	expect_says(process_run(&(struct command){ .argv = argv }, &status), "TIME ");
	process_stop(&server);
}
END_TEST

static struct process watch_into_file(pid_t pid, const char *flag)
{
	const char *const argv[] = {
		build_path("keepalive"), "show", word_of(pid), "--watch=1", flag, NULL
	};

	return process_start(&(struct command){ .argv = argv });
}

START_TEST(changes_for_people)
{
	struct process server = start_server();
	struct process watch = watch_into_file(server.pid, NULL);
	char *output;

	ck_assert(wait_for_word(watch.output, "TIME ", PATIENCE));
	tell(&server, "connect\n");
	ck_assert(wait_for_word(watch.output, "  new      python3", PATIENCE));
	tell(&server, "keepalive\n");
	ck_assert(wait_for_word(watch.output, "KEEPALIVE=off,DETECT_IDLE=never", PATIENCE));
	tell(&server, "shutdown\n");
	ck_assert(wait_for_word(watch.output, "STATE=ESTABLISHED", PATIENCE));
	ck_assert(wait_for_word(watch.output, "  gone     python3", PATIENCE));
	output = read_whole(watch.output);
	/* The listener is no change; the timers are none either. */
	ck_assert_ptr_null(strstr(output, " LISTEN "));
	ck_assert_ptr_null(strstr(output, "TIMER"));
	ck_assert_int_eq(output[4], ' ');
	ck_assert_int_eq(strstr(output, "\n")[5], '-');
	process_stop(&server);
	ck_assert_int_eq(process_wait(&watch, PATIENCE), 0);
}
END_TEST

START_TEST(changes_in_raw_lines)
{
	struct process server = start_server();
	struct process watch = watch_into_file(server.pid, "--raw");

	ck_assert(wait_for_word(watch.output,
				"TIME CHANGE PROGRAM PID FD STATE LOCAL PEER KEEPALIVE IDLE ",
				PATIENCE));
	/* A blank in a cell, and what is not ASCII, are as in the table. */
	tell(&server, "name\n");
	tell(&server, "connect\n");
	ck_assert(wait_for_word(watch.output, " new a\\x20\\xc3\\xa9 ", PATIENCE));
	expect_says(CALL("show", "-r", word_of(server.pid)).output, "\na\\x20\\xc3\\xa9 ");
	tell(&server, "shutdown\n");
	ck_assert(wait_for_word(watch.output, " STATE=ESTABLISHED", PATIENCE));
	process_stop(&server);
	ck_assert_int_eq(process_wait(&watch, PATIENCE), 0);
}
END_TEST

struct connecting {
	const struct process *server, *watch;
};

/* There is nothing that shows that it watches, but for a change. */
static bool is_new_noticed(void *context)
{
	const struct connecting *both = context;
	char *output = read_whole(both->watch->output);
	bool noticed = strstr(output, "\"change\":\"new\"");

	free(output);
	if (!noticed)
		tell(both->server, "connect\n");
	return noticed;
}

START_TEST(changes_in_json_lines)
{
	struct process server = start_server();
	struct process watch = watch_into_file(server.pid, "--json");
	char *output;
	int count = 0;

	ck_assert(wait_until(is_new_noticed, &(struct connecting){ &server, &watch }, PATIENCE));
	tell(&server, "keepalive\n");
	ck_assert(wait_for_word(watch.output, "\"before\":{\"keepalive\":false,\"", PATIENCE));
	process_stop(&server);
	ck_assert_int_eq(process_wait(&watch, PATIENCE), 0);
	output = read_whole(watch.output);
	expect_says(output, "\"change\":\"gone\",\"program\":\"python3\",\"pid\":");
	expect_says(output, "\"change\":\"changed\",");
	expect_says(output, "\"keepalive\":true,\"idle\":61,");
	for (char *line = strtok(output, "\n"); line && count < 8; line = strtok(NULL, "\n")) {
		ck_assert_msg(is_json(line), "%s", line);
		count++;
	}
	ck_assert_int_gt(count, 2);
}
END_TEST

START_TEST(wrong_numbers)
{
	struct called called = CALL("show", "--watch", word_of(getpid()));

	expect_status(&called, 2);
	expect_says(called.errors, "has two meanings: write --watch=");
	called = CALL("show", "--watch=0");
	expect_status(&called, 2);
	expect_says(called.errors, "--watch: \"0\" is not a number of seconds, 1..3600\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("watch");
	TCase *tests = harness_case(suite, "watch", 60);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		puts("1..0 # SKIP the locale C.UTF-8 is missing");
		return 0;
	}
	tcase_add_test(tests, follows);
	tcase_add_test(tests, keys);
	tcase_add_test(tests, incomplete);
	tcase_add_test(tests, sizes);
	tcase_add_test(tests, function_keys);
	tcase_add_loop_test(tests, signals, 0, COUNT(ends));
	tcase_add_test(tests, stopped);
	tcase_add_test(tests, background);
	tcase_add_test(tests, ignored_signals);
	tcase_add_test(tests, full_terminal);
	tcase_add_test(tests, processes_end);
	tcase_add_test(tests, no_such_process);
	tcase_add_test(tests, output_that_fails);
	tcase_add_test(tests, nobody_reads);
	tcase_add_test(tests, changes_for_people);
	tcase_add_test(tests, changes_in_raw_lines);
	tcase_add_test(tests, changes_in_json_lines);
	tcase_add_test(tests, wrong_numbers);
	return harness_run(suite);
}
