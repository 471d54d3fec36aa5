/* Which processes show and apply take: process ids, names of programs, units of systemd. */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/cli.h"
#include "programs/stock.h"

enum { SEEN_MAX = 64, PATH_SIZE = 256 };

/* A name that no other program on this machine has. */
static char *name_of(const char *kind)
{
	return joined(joined(kind, "-"), word_of(getpid()));
}

/* A program of that name in the scratch directory, run by `interpreter`, which is a path. */
static char *write_script(const char *name, const char *interpreter, const char *content)
{
	char *line = joined("#!", joined(interpreter, "\n"));
	char *path = strdup(scratch_file(name, joined(line, content)));

	ck_assert_int_eq(chmod(path, 0755), 0);
	return path;
}

static const char *python(void)
{
	static char path[PATH_SIZE];
	int status;
	char *output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "python3", "-c",
						       "import sys; print(sys.executable)",
						       NULL } },
		&status);

	snprintf(path, sizeof path, "%.*s", (int)strcspn(output, "\n"), output);
	return path;
}

static struct process start_ready(const char *path)
{
	struct process process =
		process_start(&(struct command){ .argv = (const char *const[]){ path, NULL } });

	ck_assert(wait_for_word(process.output, "ready", 20));
	return process;
}

static void expect_error(const struct called *called, int status, const char *word)
{
	expect_status(called, status);
	expect_says(called->errors, word);
}

/* The processes that are shown, once each. */
static int shown(const struct called *called, pid_t a, pid_t b)
{
	char *rest = strdup(called->output);
	bool seen_a = false, seen_b = false;
	struct row row;

	while (next_row(&rest, &row)) {
		seen_a |= atoi(row.cell[0]) == a;
		seen_b |= atoi(row.cell[0]) == b;
		ck_assert_msg(atoi(row.cell[0]) == a || atoi(row.cell[0]) == b, "%s is shown",
			      row.cell[0]);
	}
	return seen_a + seen_b;
}

/* The base name of its executable, which for a script is the interpreter's. */
static char *executable_of(pid_t pid)
{
	char *link = joined(joined("/proc/", word_of(pid)), "/exe");
	static char target[PATH_SIZE];
	ssize_t length = readlink(link, target, sizeof target - 1);

	ck_assert_int_gt((int)length, 0);
	return strrchr(target, '/') + 1;
}

/* What a script was called as; all processes of that name, and of a pattern. */
START_TEST(by_name)
{
	char *name = name_of("zoo"), *other = name_of("zoology");
	char *content = read_whole(source_path("tests/cli/zoo.py"));
	struct process one = start_ready(write_script(name, python(), content));
	struct process two = start_ready(scratch_path("%s", name));
	struct process third = start_ready(write_script(other, python(), content));
	struct called called = CALL("show", "-rn", "-o", "pid", name);

	expect_status(&called, 0);
	ck_assert_int_eq(shown(&called, one.pid, two.pid), 2);
	called = CALL("show", "-rn", "-o", "pid", other);
	ck_assert_int_eq(shown(&called, third.pid, 0), 1);
	called = CALL("show", "-rn", "-o", "pid", joined(joined("zoo?*", "-"), word_of(getpid())));
	ck_assert_int_eq(shown(&called, third.pid, 0), 1);
	called = CALL("show", "-rn", "-o", "pid", executable_of(one.pid));
	find_row(called.output, 0, word_of(one.pid));
	/* Besides a process id, and one that is missing. */
	called = CALL("show", "-rn", "-o", "pid", other, word_of(one.pid), name_of("missing"));
	expect_error(&called, 1, ": no process has this name");
	ck_assert_int_eq(shown(&called, third.pid, one.pid), 2);
	process_stop(&one);
	process_stop(&two);
	process_stop(&third);
	called = CALL("show", name);
	expect_error(&called, 1, joined(name, ": no process has this name"));
	ck_assert_str_eq(called.output, "");
}
END_TEST

static const struct stock nginx = {
	.name = "nginx",
	.argv = { NGINX_ARGV },
	.config = NGINX_CONFIG(""),
	.talk = { { SAY, "GET / HTTP/1.0\r\n\r\n" }, { PASSES, "GET /" } },
};

/* A daemon as it is known to its operator: its master, and the workers that have the connections.
 */
START_TEST(nginx_by_name)
{
	struct called called;
	struct act act;
	struct seen seen;
	struct row row;

	if (stock_missing(&nginx))
		SKIP("%s is missing", stock_missing(&nginx));
	stock_start_server(&act, &nginx, false);
	act.line = stock_connect(act.listen_port);
	stock_talk(&act);
	seen = expect_socket(act.process.pid, TCP_ESTABLISHED, act.listen_port, false);
	ck_assert_int_ne(seen.pid, act.process.pid);
	called = CALL("show", "-rn", "-o", "pid,state,program", "nginx");
	row = find_row(called.output, 0, word_of(act.process.pid));
	ck_assert_str_eq(row.cell[1], "LISTEN");
	row = find_row(called.output, 0, word_of(seen.pid));
	ck_assert_str_eq(row.cell[2], "nginx");
	stock_end(&act);
}
END_TEST

START_TEST(without_tcp_sockets)
{
	char *name = name_of("parent"),
	     *script = joined("python3 ", source_path("tests/cli/zoo.py"));
	struct process parent = start_ready(write_script(name, "/bin/sh", joined(script, "\n:\n")));
	struct called called = CALL("show", word_of(parent.pid));

	expect_error(&called, 1, joined(word_of(parent.pid), ": no TCP sockets"));
	called = CALL("show", "--json", name);
	expect_error(&called, 1, joined(name, ": no TCP sockets"));
	expect_says(called.output, "[]");
	called = CALL("apply", word_of(parent.pid), "--idle", "61");
	expect_error(&called, 1, joined(word_of(parent.pid), ": no TCP sockets"));
	called = CALL("show", "--children", name);
	expect_status(&called, 0);
	expect_says(called.output, "CLOSE-WAIT");
	ck_assert_str_eq(called.errors, "");
	process_stop(&parent);
}
END_TEST

/* A process that has ended and was not waited for has no sockets, and nobody would close them. */
/* Its other thread has seen that the first one is a zombie. */
START_TEST(without_its_first_thread)
{
	static const char words[] = "import ctypes, os, socket, sys, threading, time\n"
				    "listener = socket.create_server(('127.0.0.1', 0))\n"
				    "def other():\n"
				    "    while ') Z ' not in open('/proc/self/stat').read():\n"
				    "        time.sleep(0.01)\n"
				    "    os.write(1, b'ready\\n')\n"
				    "    threading.Event().wait()\n"
				    "threading.Thread(target=other).start()\n"
				    "ctypes.CDLL(None).pthread_exit(None)\n";
	char *name = name_of("headless");
	struct process process = start_ready(write_script(name, python(), words));
	const char *const operands[] = { word_of(process.pid), name };

	for (size_t i = 0; i < COUNT(operands); i++) {
		struct called called = CALL("show", operands[i]);

		expect_error(
			&called, 1,
			": its sockets cannot be seen: its first thread has ended, others run on");
	}
	process_stop(&process);
}
END_TEST

START_TEST(ended_already)
{
	pid_t child = fork();
	struct called called;
	siginfo_t info;

	if (!child)
		_exit(0);
	ck_assert_int_eq(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT), 0);
	called = CALL("show", word_of(child));
	expect_error(&called, 1, joined(word_of(child), ": no such process"));
	called = CALL("apply", word_of(child), "--idle", "61", "--watch");
	expect_error(&called, 1, joined(word_of(child), ": no such process"));
	waitpid(child, NULL, 0);
}
END_TEST

START_TEST(not_itself)
{
	char *name = name_of("self"), *path = strdup(scratch_path("%s", name));
	struct called called;

	ck_assert_int_eq(symlink(build_path("keepalive"), path), 0);
	called.output = process_run_both(
		&(struct command){ .argv = (const char *const[]){ path, "show", name, NULL } },
		&called.status, &called.errors);
	expect_error(&called, 1, joined(name, ": no process has this name"));
}
END_TEST

static const struct {
	const char *word, *error;
	int status;
} wrong[] = {
	{ "", "empty operand", 2 },
	{ "0", "\"0\" is not a process id", 2 },
	{ "99999999999", "\"99999999999\" is not a process id", 2 },
	{ "2147483647", "2147483647: no such process", 1 },
	{ "/usr/sbin/nginx", "name a program or unit without its directory", 2 },
	{ "nginx.socket", "name the service that it starts", 2 },
	{ "postgresql@.service", "is a template: name an instance", 2 },
	{ "postgresql@*.service", "write the full name of the unit", 2 },
	{ "12x", "12x: no process has this name", 1 },
	{ "no-such-service", "no-such-service: no process has this name", 1 },
};

START_TEST(wrong_words)
{
	struct called called = CALL("show", wrong[_i].word);

	expect_error(&called, wrong[_i].status, wrong[_i].error);
	called = CALL("apply", wrong[_i].word, "--idle", "61");
	expect_error(&called, wrong[_i].status, wrong[_i].error);
}
END_TEST

/* Calls it where systemctl prints `answer`; or fails, where that is empty. */
static struct called show_unit(const char *unit, const char *answer)
{
	const char *script = "[ -n \"$ANSWER\" ] && printf '%s\\n' \"$ANSWER\"\n";
	const char *variables[] = { joined("PATH=", joined(scratch(), joined(":", getenv("PATH")))),
				    joined("ANSWER=", answer), NULL };

	write_script("systemctl", "/bin/sh", script);
	return call_as(NULL, variables,
		       (const char *const[]){ "show", "-rn", "-o", "pid,state", unit, NULL });
}

START_TEST(units_that_are_not_there)
{
	struct called called = show_unit("one.service", "");

	expect_error(&called, 1, "one.service: systemd does not answer");
	called = show_unit("one.service",
			   "LoadState=not-found\nActiveState=inactive\nControlGroup=");
	expect_error(&called, 1, "one.service: no such unit");
	called = show_unit("one.scope", "ControlGroup=\nLoadState=loaded\nActiveState=failed");
	expect_error(&called, 1, "one.scope: unit not running");
	called = show_unit("one.slice", "ControlGroup=/no/such/group\nActiveState=active");
	expect_error(&called, 1, "one.slice: unit not running");
	called = show_unit("one.service", "LoadState=loaded\nActiveState=active\nControlGroup=");
	expect_error(&called, 1, "one.service: unit without processes");
}
END_TEST

/* A control group of our own, as systemd would make it; named by whoever runs all tests. */
static char group[PATH_SIZE], inner[PATH_SIZE + sizeof "/inner"];

static bool make_group(void)
{
	return !mkdir(group, 0755) && !mkdir(inner, 0755);
}

static void remove_group(void)
{
	rmdir(inner);
	rmdir(group);
}

static void name_group(void)
{
	const char *hybrid = "/sys/fs/cgroup/unified";
	const char *root = access(hybrid, F_OK) ? "/sys/fs/cgroup" : hybrid;

	snprintf(group, sizeof group, "%s/keepalive-test-%d", root, getpid());
	snprintf(inner, sizeof inner, "%s/inner", group);
}

static void move_into(const char *place, pid_t pid)
{
	FILE *file = fopen(joined(place, "/cgroup.procs"), "w");

	ck_assert_ptr_nonnull(file);
	ck_assert_int_gt(fprintf(file, "%d\n", pid), 0);
	ck_assert_int_eq(fclose(file), 0);
}

/* All of its processes and nobody else's, however deep in its control group. */
START_TEST(units)
{
	struct process zoo = start_zoo(NULL), second = start_zoo(NULL), other = start_zoo(NULL);
	struct called called;
	char *answer;

	if (!make_group())
		SKIP("no control group can be made here");
	answer = joined("Id=a@b.service\nControlGroup=", strstr(group, "/keepalive-test"));
	called = show_unit("a@b.service", answer);
	expect_error(&called, 1, "a@b.service: unit not running");
	move_into(group, zoo.pid);
	move_into(inner, second.pid);
	called = show_unit("a@b.service", joined(answer, "\nActiveState=active\nLoadState=loaded"));
	expect_status(&called, 0);
	ck_assert_int_eq(shown(&called, zoo.pid, second.pid), 2);
	find_row(called.output, 1, "CLOSE-WAIT");
	process_stop(&zoo);
	process_stop(&second);
	process_stop(&other);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("operands");
	TCase *tests = harness_case(suite, "operands", 60);
	int status;

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	name_group();
	tcase_add_test(tests, by_name);
	tcase_add_test(tests, nginx_by_name);
	tcase_add_test(tests, without_tcp_sockets);
	tcase_add_test(tests, without_its_first_thread);
	tcase_add_test(tests, ended_already);
	tcase_add_test(tests, not_itself);
	tcase_add_loop_test(tests, wrong_words, 0, COUNT(wrong));
	tcase_add_test(tests, units_that_are_not_there);
	tcase_add_test(tests, units);
	status = harness_run(suite);
	remove_group();
	return status;
}
