/* keepalive show: a table that fits the terminal. */
#define _GNU_SOURCE
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "cli/cli.h"
#include "cli/terminal.h"
#include "lib/expect.h"
#include "lib/harness.h"

enum { LINE_MAX_SIZE = 512, TCP_IS_ESTABLISHED = 1, TCP_IS_LISTENING = 10 };

/* All default columns, as far as a program's output is concerned. */
#define ALL_HEADINGS "PROGRAM PID LOCAL PEER STATE KEEPALIVE TIMER DETECT_IDLE DETECT_DATA"

/* A name of 20 columns in 30 bytes. */
#define WIDE_NAME                                                                                  \
	"\xe9\x95\xb7\xe3\x81\x84\xe5\x90\x8d\xe5\x89\x8d\xe3\x81\xae"                             \
	"\xe3\x82\xb5\xe3\x83\xbc\xe3\x83\x90\xe3\x83\xbc\xe4\xb8\x80"
#define ELLIPSIS "\xe2\x80\xa6"

static char *show_on_terminal(int columns, const char *locale, const char *const *arguments)
{
	const char *argv[16] = { build_path("keepalive"), "show" };
	char *variable = joined("LC_ALL=", locale);

	for (int i = 0; arguments[i]; i++)
		argv[i + 2] = arguments[i];
	return terminal_run(
		&(struct command){ .argv = argv, .environment = { variable, "NO_COLOR=1" } },
		columns, 0);
}
#define SHOW_ON(columns, locale, ...)                                                              \
	show_on_terminal(columns, locale, (const char *const[]){ __VA_ARGS__, NULL })

/* The columns that a line takes. */
static int width_of(const char *line)
{
	wchar_t wide[LINE_MAX_SIZE];
	size_t length = mbstowcs(wide, line, LINE_MAX_SIZE);

	ck_assert_msg(length < LINE_MAX_SIZE, "not in this locale: %s", line);
	return wcswidth(wide, length);
}

/* Fails the test if a line is wider; how many lines there are. */
static int expect_narrow(const char *output, int columns)
{
	char *copy = strdup(output);
	int count = 0;

	for (char *line = strtok(copy, "\r\n"); line; line = strtok(NULL, "\r\n"), count++)
		ck_assert_msg(width_of(line) <= columns, "%d of %d columns: %s", width_of(line),
			      columns, line);
	free(copy);
	return count;
}

/* The words of the first line, with one blank between them. To be freed. */
static char *headings_of(const char *output)
{
	char *line = strndup(output, strcspn(output, "\r\n")), *headings = calloc(1, LINE_MAX_SIZE);

	for (char *word = strtok(line, " "); word; word = strtok(NULL, " "))
		sprintf(headings + strlen(headings), "%s%s", *headings ? " " : "", word);
	free(line);
	return headings;
}

/* The same for process ids of 3 to 7 digits. */
static const struct {
	int columns;
	const char *headings;
} widths[] = {
	{ 200, ALL_HEADINGS },
	{ 81, "PROGRAM PID LOCAL PEER KEEPALIVE DETECT_IDLE DETECT_DATA" },
	{ 60, "PROGRAM PEER KEEPALIVE DETECT_IDLE DETECT_DATA" },
	{ 38, "PROGRAM PEER DETECT_IDLE" },
	{ 22, "PROGRAM DETECT_IDLE" },
	{ 8, "PROGRAM" },
};

/* Columns leave by importance, and all rows are there, each in one line. */
START_TEST(columns_leave)
{
	struct process zoo = start_zoo(NULL);
	char *all = CALL("show", word_of(zoo.pid)).output;
	char *output = SHOW_ON(widths[_i].columns, "C.UTF-8", word_of(zoo.pid));

	ck_assert_int_eq(expect_narrow(output, widths[_i].columns), expect_narrow(all, 1000));
	ck_assert_str_eq(headings_of(output), widths[_i].headings);
	ck_assert_str_eq(headings_of(all), ALL_HEADINGS);
	process_stop(&zoo);
}
END_TEST

/* What was named stays, also where it does not fit; beside it default columns leave. */
START_TEST(named_columns_stay)
{
	struct process zoo = start_zoo(NULL);
	const char *pid = word_of(zoo.pid);
	char *output = SHOW_ON(30, "C.UTF-8", "-o", "local,state,peer,timer,pid", pid);

	ck_assert_str_eq(headings_of(output), "LOCAL STATE PEER TIMER PID");
	output = SHOW_ON(80, "C.UTF-8", "-o", "+unacked,fd", pid);
	ck_assert_str_eq(headings_of(output),
			 "PROGRAM PID PEER KEEPALIVE DETECT_IDLE DETECT_DATA UNACKED FD");
	expect_narrow(output, 80);
	process_stop(&zoo);
}
END_TEST

/* Programs that read it get all, on a terminal too. */
START_TEST(nothing_is_cut_for_programs)
{
	struct process zoo = start_zoo(NULL);
	const char *pid = word_of(zoo.pid);
	char *raw = SHOW_ON(40, "C.UTF-8", "--raw", pid);
	char *json = SHOW_ON(40, "C.UTF-8", "--json", pid);

	ck_assert_str_eq(headings_of(raw),
			 "PROGRAM PID FD STATE LOCAL PEER KEEPALIVE IDLE INTERVAL COUNT "
			 "USER_TIMEOUT TIMER LEFT UNACKED DETECT_IDLE DETECT_DATA SHIM REACH");
	for (char *at = json; (at = strchr(at, '\r'));)
		*at = ' ';
	compact_json(json);
	expect_says(json, "\"keepalive\":true,\"idle\":600,\"interval\":7,\"count\":5,");
	expect_says(json, "\"timer\":\"keepalive\",\"left\":");
	process_stop(&zoo);
}
END_TEST

/* The cells of people: one for the times of keepalive, one for the timer. */
START_TEST(cells_for_people)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL("show", "-n", word_of(zoo.pid));
	struct called raw = CALL("show", "-rn", "-o", "keepalive,timer", word_of(zoo.pid));

	expect_says(called.output, " 600/7/5 ");
	expect_says(called.output, " 900/30/2 ");
	expect_says(called.output, " off ");
	ck_assert(strstr(called.output, " keepalive 10min ") ||
		  strstr(called.output, " keepalive 59"));
	expect_says(called.output, " keepalive 15min ");
	expect_says(raw.output, "\non keepalive\n");
	expect_says(raw.output, "\noff none\n");
	process_stop(&zoo);
}
END_TEST

/* A server with a name of characters that take two columns. */
static struct process start_wide(void)
{
	char *name = strdup(scratch_path("%s", WIDE_NAME)), port[8];
	struct process server;

	run_tool((const char *const[]){ "sh", "-c", "cp \"$(command -v nc)\" \"$0\"", name, NULL },
		 NULL);
	snprintf(port, sizeof port, "%d", free_port());
	server = process_start(&(struct command){
		.argv = (const char *const[]){ name, "-l", "127.0.0.1", port, NULL } });
	expect_socket(server.pid, TCP_IS_LISTENING, atoi(port), false);
	return server;
}

START_TEST(wide_names)
{
	struct process server;
	const char *pid;
	char *output;

	if (!have_program("nc"))
		SKIP("nc is missing");
	server = start_wide();
	pid = word_of(server.pid);
	output = SHOW_ON(200, "C.UTF-8", pid);
	expect_says(output, WIDE_NAME " ");
	/* Seven columns of it, and the mark. */
	output = SHOW_ON(33, "C.UTF-8", pid);
	expect_narrow(output, 33);
	ck_assert_ptr_null(strstr(output, WIDE_NAME));
	expect_says(output, ELLIPSIS);
	for (int columns = 8; columns < 110; columns++) {
		output = SHOW_ON(columns, "C.UTF-8", pid);
		ck_assert_int_eq(expect_narrow(output, columns), 2);
		free(output);
	}
	/* A pipe is as wide as need be. */
	output = call_as(NULL, (const char *const[]){ "LC_ALL=C.UTF-8", NULL },
			 (const char *const[]){ "show", pid, NULL })
			 .output;
	expect_says(output, WIDE_NAME " ");
	process_stop(&server);
}
END_TEST

/* Without such characters in the locale, each of their bytes is escaped. */
START_TEST(wide_names_in_ascii)
{
	struct process server;
	char *output;

	if (!have_program("nc"))
		SKIP("nc is missing");
	server = start_wide();
	for (int columns = 8; columns < 200; columns += 7) {
		output = SHOW_ON(columns, "C", word_of(server.pid));
		for (const char *at = output; *at; at++)
			ck_assert_msg((unsigned char)*at < 0x80, "%s", output);
		ck_assert_int_eq(expect_narrow(output, columns), 2);
		free(output);
	}
	process_stop(&server);
}
END_TEST

/* An address is cut in its middle: the port stays. */
START_TEST(long_addresses)
{
	static const char script[] =
		"import socket, sys; s = socket.socket(socket.AF_INET6)\n"
		"s.bind(('2001:db8:1111:2222:3333:4444:5555:6666', 50123)); s.listen()\n"
		"c = socket.create_connection(s.getsockname()[:2]); a = s.accept()\n"
		"print('ready', flush=True); sys.stdin.readline()";
	struct process server;
	char *output;

	if (getuid() || !have_network_namespaces())
		SKIP("no network namespace can be made here");
	server = process_start(&(struct command){
		.argv = (const char *const[]){
			"unshare", "--net", "sh", "-c",
			"ip link set lo up && ip -6 addr add 2001:db8:1111:2222:3333:4444:5555:6666/"
			"128 "
			"dev lo nodad && exec python3 -c \"$0\"",
			script, NULL } });
	if (!wait_for_word(server.output, "ready", 20)) {
		process_stop(&server);
		SKIP("no IPv6 here");
	}
	output = SHOW_ON(200, "C.UTF-8", word_of(server.pid));
	expect_says(output, "[2001:db8:1111:2222:3333:4444:5555:6666]:50123 ");
	output = SHOW_ON(80, "C.UTF-8", word_of(server.pid));
	expect_narrow(output, 80);
	expect_says(output, "[2001:db8:11");
	expect_says(output, ELLIPSIS);
	expect_says(output, "]:50123 ");
	process_stop(&server);
}
END_TEST

/* A server that sets keepalive on what it accepts, and a client that does not. */
START_TEST(redis_and_nc)
{
	char port[8], *output;
	struct process redis, client;

	if (!have_program("redis-server") || !have_program("nc"))
		SKIP("redis-server or nc is missing");
	snprintf(port, sizeof port, "%d", free_port());
	redis = process_start(&(struct command){
		.argv = (const char *const[]){ "redis-server", "--bind", "127.0.0.1", "--save", "",
					       "--port", port, NULL } });
	expect_socket(redis.pid, TCP_IS_LISTENING, atoi(port), false);
	client = process_start(&(struct command){
		.argv = (const char *const[]){ "nc", "127.0.0.1", port, NULL } });
	expect_socket(redis.pid, TCP_IS_ESTABLISHED, atoi(port), false);
	output = SHOW_ON(80, "C.UTF-8", "--port", port, "--sort", "-detect_idle",
			 word_of(redis.pid), word_of(client.pid));
	ck_assert_int_eq(expect_narrow(output, 80), 4);
	expect_says(output, "\r\nredis-");
	expect_says(output, " 300/100/3 ");
	expect_says(output, " 10min ");
	expect_says(output, "\r\nnc ");
	/* Those that never notice come first. */
	ck_assert_ptr_null(strstr(strstr(output, " 10min "), "never"));
	process_stop(&client);
	process_stop(&redis);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("table");
	TCase *tests = harness_case(suite, "table", 120);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	if (!setlocale(LC_CTYPE, "C.UTF-8")) {
		puts("1..0 # SKIP the locale C.UTF-8 is missing");
		return 0;
	}
	tcase_add_loop_test(tests, columns_leave, 0, COUNT(widths));
	tcase_add_test(tests, named_columns_stay);
	tcase_add_test(tests, nothing_is_cut_for_programs);
	tcase_add_test(tests, cells_for_people);
	tcase_add_test(tests, wide_names);
	tcase_add_test(tests, wide_names_in_ascii);
	tcase_add_test(tests, long_addresses);
	tcase_add_test(tests, redis_and_nc);
	return harness_run(suite);
}
