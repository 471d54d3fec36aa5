/* keepalive show: which sockets are listed, and in which order. */
#define _GNU_SOURCE
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

enum { USAGE = 2, ROWS_MAX = 64, WORDS_MAX = 12 };

/* The columns that tests ask for, in this order. */
enum { FD, STATE, LOCAL, PEER, IDLE_END, DATA_END, COLUMNS };
#define COLUMN_NAMES "fd,state,local,peer,detect_idle,detect_data"

struct rows {
	int count;
	struct row row[ROWS_MAX];
};

/* What show prints of a process with these flags. */
static struct rows list(pid_t pid, const char *const *flags)
{
	const char *words[WORDS_MAX] = { "show", "-rn", "-o", COLUMN_NAMES, word_of(pid) };
	struct rows rows = { 0 };
	struct called called;

	for (int i = 0; flags[i]; i++)
		words[i + 5] = flags[i];
	called = call(words);
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	while (next_row(&called.output, &rows.row[rows.count])) {
		ck_assert_int_eq(rows.row[rows.count].cells, COLUMNS);
		rows.count++;
	}
	return rows;
}
#define LIST(pid, ...) list(pid, (const char *const[]){ __VA_ARGS__, NULL })

/* Which rows a filter is to leave. */
typedef bool is_meant(const struct row *row);

static bool is_waiting(const struct row *row)
{
	return !strcmp(row->cell[STATE], "CLOSE-WAIT") || !strcmp(row->cell[STATE], "SYN-SENT");
}

static bool is_ipv6_connection(const struct row *row)
{
	return !strncmp(row->cell[PEER], "[::1]", 5) && strcmp(row->cell[STATE], "LISTEN");
}

static bool is_local_connection(const struct row *row)
{
	return !strncmp(row->cell[PEER], "127.0.0.1:", 10);
}

static bool is_never(const struct row *row)
{
	/* One that is not connected yet ends by itself. */
	return !*row->cell[IDLE_END] && strcmp(row->cell[STATE], "LISTEN") &&
	       strcmp(row->cell[STATE], "CLOSED") && strcmp(row->cell[STATE], "SYN-SENT");
}

static bool is_local_and_never(const struct row *row)
{
	return is_local_connection(row) && is_never(row);
}

static bool is_any(const struct row *row)
{
	return strcmp(row->cell[STATE], "CLOSED");
}

static bool is_none(const struct row *row)
{
	(void)row;
	return false;
}

static const struct {
	const char *flags[7];
	is_meant *meant;
} filters[] = {
	{ { "--state", "CLOSE-WAIT,syn-sent" }, is_waiting },
	{ { "--state", "CLOSE-WAIT", "--state", "SYN-SENT" }, is_waiting },
	{ { "--peer", "::1" }, is_ipv6_connection },
	{ { "--peer", "127.0.0.0/8" }, is_local_connection },
	{ { "--peer", "::ffff:127.0.0.0/104" }, is_local_connection },
	{ { "--peer", "128.0.0.0/1" }, is_none },
	{ { "--never" }, is_never },
	{ { "--never", "--peer", "127.0.0.1/32" }, is_local_and_never },
	{ { "--port", "1-65535" }, is_any },
	{ { "--state", "FIN-WAIT-2" }, is_none },
};

START_TEST(socket_filters)
{
	struct process zoo = start_zoo(NULL);
	struct rows all = LIST(zoo.pid, NULL), left;
	int expected = 0;

	left = list(zoo.pid, filters[_i].flags);
	for (int i = 0; i < all.count; i++) {
		if (!filters[_i].meant(&all.row[i]))
			continue;
		ck_assert_int_lt(expected, left.count);
		ck_assert_str_eq(left.row[expected].cell[FD], all.row[i].cell[FD]);
		expected++;
	}
	ck_assert_int_eq(left.count, expected);
	process_stop(&zoo);
}
END_TEST

/* Either end may have the port. */
START_TEST(ports)
{
	struct process zoo = start_zoo(NULL);
	struct rows all = LIST(zoo.pid, NULL), left;
	const char *port = "0";
	int local = 0, peer = 0;

	for (int i = 0; i < all.count; i++)
		if (!strcmp(all.row[i].cell[STATE], "CLOSE-WAIT"))
			port = strrchr(all.row[i].cell[PEER], ':') + 1;
	left = LIST(zoo.pid, "--port", joined(port, ",1"));
	for (int i = 0; i < left.count; i++) {
		bool is_local = !strcmp(strrchr(left.row[i].cell[LOCAL], ':') + 1, port);

		local += is_local;
		peer += !is_local;
		ck_assert(is_local || !strcmp(strrchr(left.row[i].cell[PEER], ':') + 1, port));
	}
	ck_assert_int_eq(local, 1);
	ck_assert_int_eq(peer, 1);
	process_stop(&zoo);
}
END_TEST

/* What the command prints where it may take no descriptor. */
static struct called call_refused(const char *const *arguments)
{
	const char *argv[WORDS_MAX + 4] = { build_path("tests/cli/refuse"), "EPERM", "pidfd_getfd",
					    build_path("keepalive") };
	struct called called;

	for (int i = 0; arguments[i]; i++)
		argv[i + 4] = arguments[i];
	called.output =
		process_run_both(&(struct command){ .argv = argv }, &called.status, &called.errors);
	return called;
}
#define CALL_REFUSED(...) call_refused((const char *const[]){ __VA_ARGS__, NULL })

/* A server with a listener and a connection; without a socket that netlink does not know. */
static struct process start_server(void)
{
	static const char script[] = "import socket, sys; s = socket.socket()\n"
				     "s.bind(('127.0.0.1', 0)); s.listen()\n"
				     "c = socket.create_connection(s.getsockname())\n"
				     "a = s.accept(); print('ready', flush=True)\n"
				     "sys.stdin.readline()";
	struct process server = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c", script, NULL } });

	ck_assert(wait_for_word(server.output, "ready", 20));
	return server;
}

/* No descriptor is taken of a socket that netlink shows to be another than those asked for. */
START_TEST(others_are_left_alone)
{
	struct process server = start_server();
	const char *pid = word_of(server.pid);
	struct called called = CALL_REFUSED("show", "-rn", pid);

	expect_status(&called, 1);
	called = CALL_REFUSED("show", "-rn", "--state", "CLOSE-WAIT", pid);
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "");
	called = CALL_REFUSED("show", "-rn", "--never", "--state", "LISTEN", pid);
	expect_status(&called, 0);
	/* Keepalive is off, and then its times do not matter. */
	called = CALL_REFUSED("show", "-rno", "keepalive,detect_idle", "--state", "ESTABLISHED",
			      pid);
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "off \noff \n");
	called = CALL_REFUSED("show", "-rn", "--peer", "192.0.2.1", pid);
	expect_status(&called, 0);
	process_stop(&server);
}
END_TEST

START_TEST(names_of_programs)
{
	struct process zoo = start_zoo(NULL);
	const char *pid = word_of(zoo.pid);
	struct called all = CALL("show", "-rno", "pid,fd", pid), called;

	called = CALL("show", "-rno", "pid,fd", "--program", "pyth?n*,nobody", pid);
	expect_status(&called, 1);
	ck_assert_str_eq(called.output, all.output);
	ck_assert_str_eq(called.errors, "keepalive: --program nobody: no process found\n");
	called = CALL("show", "-rno", "pid", "--program", "python3*", "--sort", "pid");
	expect_says(called.output, pid);
	called = CALL("show", "-rn", "--program", "nobody");
	expect_status(&called, 1);
	ck_assert_str_eq(called.output, "");
	/* A process that is not meant is no process without sockets. */
	called = CALL("show", "-rn", "--program", "nobody", pid);
	ck_assert_str_eq(called.errors, "keepalive: --program nobody: no process found\n");
	process_stop(&zoo);
}
END_TEST

/* The sockets are there, and none is meant: that is an answer, and no failure. */
START_TEST(nothing_left)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL("show", "--peer", "192.0.2.0/24", word_of(zoo.pid));

	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "");
	ck_assert_str_eq(called.errors, "keepalive: no TCP socket meets the conditions\n");
	called = CALL("show", "--json", "--peer", "192.0.2.0/24", word_of(zoo.pid));
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	ck_assert_str_eq(compact_json(called.output), "{\"sockets\":[]}");
	process_stop(&zoo);
}
END_TEST

/* Where it cannot be known whether a connection notices a dead peer, it is listed as unknown. */
START_TEST(never_is_unknown)
{
	struct process zoo = start_zoo(NULL);
	struct called called = CALL_REFUSED("show", "-rno", "detect_idle,timer", "--never",
					    "--sort=-detect_idle", word_of(zoo.pid));
	char *output = called.output;

	expect_status(&called, 1);
	expect_says(output, "unknown keepalive\n");
	/* Never comes first, and what is unknown last. */
	ck_assert_int_eq(output[0], ' ');
	ck_assert_ptr_null(strstr(strstr(output, "unknown"), "\n "));
	process_stop(&zoo);
}
END_TEST

/* Where control groups of version 2 are; or a directory in which none can be made. */
static const char *mount_of_groups(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry = NULL;

	while (mounts && (entry = getmntent(mounts)) && strcmp(entry->mnt_type, "cgroup2"))
		;
	return entry ? strdup(entry->mnt_dir) : "/proc";
}

static bool move_into(const char *group, pid_t pid)
{
	char *path = joined(group, "/cgroup.procs");
	FILE *file = fopen(path, "we");

	if (!file)
		return false;
	fprintf(file, "%d", pid);
	return !fclose(file);
}

/* By the name of its control group, as systemd and container engines give it. */
START_TEST(names_of_units)
{
	const char *unit = joined("keepalive-", word_of(getpid())), *pid;
	char *group = joined(mount_of_groups(), joined("/", joined(unit, ".service")));
	struct called all, called;
	struct process zoo;

	if (getuid() || mkdir(group, 0755))
		SKIP("no control group can be made here");
	zoo = start_zoo(NULL);
	pid = word_of(zoo.pid);
	if (!move_into(group, zoo.pid)) {
		process_stop(&zoo);
		rmdir(group);
		SKIP("processes cannot enter a control group");
	}
	all = CALL("show", "-rno", "pid,fd", pid);
	called = CALL("show", "-rno", "pid,fd", "--unit", unit);
	ck_assert_str_eq(called.output, all.output);
	called = CALL("show", "-rno", "pid,fd", "--unit", joined(unit, ".ser*"), pid);
	ck_assert_str_eq(called.output, all.output);
	called = CALL("show", "-rn", "--unit", "no-such-unit.service", pid);
	expect_status(&called, 1);
	ck_assert_str_eq(called.errors,
			 "keepalive: --unit no-such-unit.service: no process found\n");
	process_stop(&zoo);
	ck_assert_int_eq(rmdir(group), 0);
}
END_TEST

/* One cell of each row, with a blank after it. To be freed. */
static char *order_of(pid_t pid, const char *column, const char *sort)
{
	return CALL("show", "-no", column, "--sort", sort, word_of(pid)).output;
}

/* Fails the test unless the words come in this order, and the first comes first. */
static void expect_order(const char *output, const char *const *words)
{
	const char *at = output;

	ck_assert_msg(!strncmp(output + strspn(output, " "), words[0], strlen(words[0])), "%s",
		      output);
	for (; *words; words++) {
		at = strstr(at, *words);
		ck_assert_msg(at, "%s is not in its place: %s", *words, output);
	}
}
#define EXPECT_ORDER(output, ...) expect_order(output, (const char *const[]){ __VA_ARGS__, NULL })

START_TEST(orders)
{
	struct process zoo = start_zoo(NULL);
	char *output;

	/* By number, not by text. */
	EXPECT_ORDER(order_of(zoo.pid, "idle", "idle"), "600s\n", "900s\n", "7200s\n");
	EXPECT_ORDER(order_of(zoo.pid, "idle", "-idle"), "7200s\n", "900s\n", "600s\n");
	EXPECT_ORDER(order_of(zoo.pid, "idle", "IDLE:desc"), "7200s\n", "900s\n", "600s\n");
	/* The column need not be shown. */
	EXPECT_ORDER(order_of(zoo.pid, "interval", "idle:asc"), "7s\n", "30s\n", "75s\n");
	/* Never is longest; CLOSED has no time at all. */
	output = order_of(zoo.pid, "state,detect_idle", "detect_idle");
	EXPECT_ORDER(output, "ESTABLISHED ", " 10min 35s\n", " 15min 30s\n", " never\n", "CLOSED");
	ck_assert_ptr_null(strstr(strstr(output, "CLOSED"), "never"));
	output = order_of(zoo.pid, "state,detect_idle", "detect_idle:desc");
	ck_assert_ptr_nonnull(strstr(strtok(strdup(output), "\n"), "never"));
	EXPECT_ORDER(strstr(output, " 15min 30s\n") + 1, "15min 30s\n", " 10min 35s\n", "CLOSED");
	output = order_of(zoo.pid, "state", "state");
	EXPECT_ORDER(output, "CLOSE-WAIT\n", "CLOSED\n", "ESTABLISHED\n", "LISTEN\n", "SYN-SENT\n");
	EXPECT_ORDER(order_of(zoo.pid, "keepalive", "keepalive"), "600/7/5\n", "900/30/2\n",
		     "off\n");
	output = order_of(zoo.pid, "local", "local");
	EXPECT_ORDER(output, "0.0.0.0:*\n", "127.0.0.1:", "[::");
	process_stop(&zoo);
}
END_TEST

static const struct {
	const char *words[4];
	const char *message;
} wrong[] = {
	{ { "--state", "LISTN" }, "--state: \"LISTN\" is not a state; did you mean LISTEN?\n" },
	{ { "--state", "estab" }, "did you mean ESTABLISHED?\n" },
	{ { "--state", "LISTEN,,CLOSED" }, "--state: \"\" is not a state\n" },
	{ { "--state", "TIME-WAIT" }, "--state: connections in TIME-WAIT have no process" },
	{ { "--state=" }, "--state: empty\n" },
	{ { "--port", "http" }, "--port: \"http\" is not a port or a range of ports, 1..65535\n" },
	{ { "--port", "0" }, "\"0\" is not a port" },
	{ { "--port", "90-80" }, "\"90-80\" is not a port" },
	{ { "--port", "65536" }, "\"65536\" is not a port" },
	{ { "--peer", "10.0.0.0/33" }, "--peer: \"10.0.0.0/33\" is not an address or a network\n" },
	{ { "--peer", "localhost" }, "\"localhost\" is not an address or a network\n" },
	{ { "--program", "/usr/bin/nc" }, "--program: \"/usr/bin/nc\" is not a name\n" },
	{ { "--unit", "system.slice" }, "a slice can be an operand\n" },
	{ { "--sort", "detect" }, "\"detect\" is not a column; did you mean DETECT_" },
	{ { "--sort", "pid:down" }, "--sort: \"pid:down\" does not end in :asc or :desc\n" },
	{ { "--sort" }, "--sort needs an argument\n" },
	{ { "--never=1" }, "--never takes no argument\n" },
	{ { "--peers", "::1" }, "did you mean --peer?\n" },
};

START_TEST(wrong_words)
{
	const char *words[6] = { "show" };
	struct called called;

	for (int i = 0; wrong[_i].words[i]; i++)
		words[i + 1] = wrong[_i].words[i];
	called = call(words);
	expect_status(&called, USAGE);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, wrong[_i].message);
}
END_TEST

/* What is sorted by need not be shown. */
START_TEST(sorted_by_the_library)
{
	struct process with = start_zoo(shim_path()), without = start_zoo(NULL);
	struct called called = CALL("show", "-rn", "-o", "pid", "--sort", "shim", word_of(with.pid),
				    word_of(without.pid));
	struct row row;

	ck_assert(next_row(&called.output, &row));
	ck_assert_str_eq(row.cell[0], word_of(without.pid));
	called = CALL("show", "-rn", "-o", "pid", "--sort", "shim:desc", word_of(without.pid),
		      word_of(with.pid));
	ck_assert(next_row(&called.output, &row));
	ck_assert_str_eq(row.cell[0], word_of(with.pid));
	process_stop(&with);
	process_stop(&without);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("filter");
	TCase *tests = harness_case(suite, "filter", 60);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	tcase_add_loop_test(tests, socket_filters, 0, COUNT(filters));
	tcase_add_test(tests, ports);
	tcase_add_test(tests, others_are_left_alone);
	tcase_add_test(tests, names_of_programs);
	tcase_add_test(tests, nothing_left);
	tcase_add_test(tests, never_is_unknown);
	tcase_add_test(tests, names_of_units);
	tcase_add_test(tests, orders);
	tcase_add_loop_test(tests, wrong_words, 0, COUNT(wrong));
	tcase_add_test(tests, sorted_by_the_library);
	return harness_run(suite);
}
