/* keepalive audit: who would hang, in a network of the test's own, where the peers have other
 * addresses. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"
#include "programs/stock.h"

/* The columns of --raw. */
enum {
	NAME,
	KIND,
	PROGRAM,
	CONNS,
	NEVER,
	UNKNOWN,
	IDLE,
	DATA,
	LOOPBACK,
	LISTENERS,
	LISTENERS_OFF,
	REACH,
	REASON,
	REMEDY,
	NOW
};

/*
 * A network and processes of its own, with two addresses. `peers NAME WORD...` starts peers.py and
 * waits for it; `audit` is the command, whose status is printed after what it prints.
 */
static const char prelude[] =
	"ip link set lo up; ip addr add 10.77.0.1/24 dev lo; ip addr add 10.77.0.2/24 dev lo\n"
	"exec 8<>\"$directory/input\"\n"
	"peers() { mkfifo \"$directory/$1.out\"; python3 \"$script\" \"$@\" <&8 >\"$directory/$1.out\" &\n"
	"  read -r said <\"$directory/$1.out\"; [ \"$said\" = ready ]; }\n"
	"audit() { \"$keepalive\" audit \"$@\" && status=0 || status=$?; echo \"status $status\"; }\n"
	"peers sink serve\n";

/* To be asked before: true if there can be such a thing here. */
static bool have_worlds(void)
{
	if (have_network_namespaces())
		return true;
	harness_skip("no network namespace can be made here");
	return false;
}

static struct called in_world(const char *script)
{
	static int worlds;
	char *directory = strdup(scratch_path("world-%d-%d", getpid(), worlds++));
	const char *flags = getuid() ? "-Urnpf" : "-npf";
	struct called called;

	run_tool((const char *const[]){ "mkdir", "-p", directory, NULL }, NULL);
	run_tool((const char *const[]){ "mkfifo", joined(directory, "/input"), NULL }, NULL);
	called.output = process_run_both(
		&(struct command){
			.argv = (const char *const[]){ "unshare", flags, "--kill-child",
						       "--mount-proc", "sh", "-euc",
						       joined(prelude, script), NULL },
			.environment = { joined("directory=", directory),
					 joined("script=", source_path("tests/cli/peers.py")),
					 joined("keepalive=", build_path("keepalive")),
					 joined("refuse=", build_path("tests/cli/refuse")),
					 joined("shim=", shim_path()) } },
		&called.status, &called.errors);
	ck_assert_msg(!called.status, "status %d: %s%s", called.status, called.errors,
		      called.output);
	return called;
}

static void expect_cells(const struct called *called, const char *name, const int *numbers)
{
	struct row row = find_row(called->output, NAME, name);

	for (int i = 0; i < 3; i++)
		ck_assert_msg(atoi(row.cell[CONNS + i]) == numbers[i], "%s: column %d is %s: %s",
			      name, CONNS + i, row.cell[CONNS + i], called->output);
}
#define EXPECT(called, name, connections, never, unknown)                                          \
	expect_cells(called, name, (const int[]){ connections, never, unknown })

START_TEST(counts)
{
	struct called called;
	struct row row;

	if (!have_worlds())
		return;
	called = in_world("peers bad off off on; peers good on on on\n"
			  "audit -rn\n");
	EXPECT(&called, "bad", 3, 2, 0);
	EXPECT(&called, "good", 3, 0, 0);
	EXPECT(&called, "sink", 6, 0, 0);
	row = find_row(called.output, NAME, "good");
	ck_assert_str_eq(row.cell[KIND], "program");
	ck_assert_str_eq(row.cell[IDLE], "150000");
	ck_assert_int_gt(atoi(row.cell[DATA]), 800 * 1000);
	/* Only root can see BPF programs. */
	ck_assert_str_eq(row.cell[REACH], getuid() ? "unknown" : "none");
	ck_assert_str_eq(row.cell[REMEDY], "");
	row = find_row(called.output, NAME, "bad");
	ck_assert_str_eq(row.cell[IDLE], "");
	expect_says(row.cell[REMEDY], "keepalive\\x20run\\x20");
	/* The worst first. */
	ck_assert_int_eq(strncmp(called.output, "bad ", 4), 0);
	expect_says(called.output, "status 1\n");
	ck_assert_str_eq(called.errors, "");
}
END_TEST

START_TEST(all_is_well)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers good on on; audit\n");
	expect_says(called.output, "status 0\n");
	expect_says(called.output, "4 connections to other hosts: 0 never notice a dead peer\n");
	expect_says(called.output, " 150s ");
	ck_assert_ptr_null(strstr(called.output, "[1]"));
	ck_assert_str_eq(called.errors, "");
}
END_TEST

/* A connection to the host itself has no cable. */
START_TEST(loopback)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers local loopback same six; audit -rn\n");
	EXPECT(&called, "local", 0, 0, 0);
	ck_assert_str_eq(find_row(called.output, NAME, "local").cell[LOOPBACK], "3");
	ck_assert_str_eq(find_row(called.output, NAME, "sink").cell[LOOPBACK], "3");
	expect_says(called.output, "status 0\n");
}
END_TEST

static const struct {
	const char *words;
	int numbers[3];
	const char *status;
} states[] = {
	{ "closing", { 1, 1, 0 }, "status 1\n" },
	{ "shut", { 1, 1, 0 }, "status 1\n" },
	{ "data", { 1, 1, 0 }, "status 1\n" },
	/* One is waiting in the queue of the listener; connect() of the others ends by itself. */
	{ "connecting", { 1, 1, 0 }, "status 1\n" },
	{ "unbound loopback", { 0, 0, 0 }, "status 0\n" },
	{ "shared", { 1, 1, 0 }, "status 1\n" },
};

START_TEST(state)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world(joined("peers it ", joined(states[_i].words, "\naudit -rn it\n")));
	expect_cells(&called, "it", states[_i].numbers);
	expect_says(called.output, states[_i].status);
}
END_TEST

/* What none of the processes has is counted, and is no all-clear. */
START_TEST(without_a_process)
{
	struct called called;
	struct row row;

	if (!have_worlds())
		return;
	called = in_world("peers flying flight; audit -rn; audit\n");
	row = find_row(called.output, NAME, "(unknown)");
	ck_assert_str_eq(row.cell[KIND], "unknown");
	EXPECT(&called, "(unknown)", 1, 1, 0);
	expect_says(called.output, "status 1\n");
	expect_says(called.output, "] (unknown): no process that you may inspect has these");
}
END_TEST

START_TEST(without_its_first_thread)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers headless headless; audit -rn; audit headless\n");
	EXPECT(&called, "(unknown)", 1, 1, 0);
	expect_says(called.output, "status 1\n");
	ck_assert_ptr_null(strstr(called.output, "status 0\n"));
	expect_says(called.errors, "(headless): ");
	expect_says(called.errors, "its first thread has ended, others run on");
}
END_TEST

/* A sandbox that refuses the descriptors: netlink still says who has no keepalive. */
START_TEST(refused)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world(
		"peers bad off on; peers good on\n"
		"keepalive_itself=$keepalive\n"
		"audit() { \"$refuse\" EPERM pidfd_getfd \"$keepalive_itself\" audit \"$@\" &&\n"
		"  status=0 || status=$?; echo \"status $status\"; }\n"
		"audit -rn\naudit -J good\n");
	EXPECT(&called, "bad", 2, 1, 1);
	EXPECT(&called, "good", 1, 0, 1);
	ck_assert_str_eq(find_row(called.output, NAME, "good").cell[IDLE], "unknown");
	expect_says(called.output, "status 1\n");
	ck_assert_ptr_null(strstr(called.output, "status 0\n"));
	expect_says(called.errors, "(good): some values are unknown: a seccomp filter");
	compact_json(called.output);
	expect_says(called.output, "\"detect_idle\":\"unknown\"");
	expect_says(called.output, "\"unknown\":1,");
}
END_TEST

/* Of somebody else's processes nothing but their number is known, and what netlink tells. */
START_TEST(somebody_else)
{
	struct called called;

	if (!have_worlds())
		return;
	if (getuid() || !have_program("setpriv"))
		SKIP("it takes root and setpriv");
	called = in_world(
		"peers bad off on; cp \"$keepalive\" \"$directory/command\"\n"
		"keepalive=\"$directory/command\"; chmod 755 \"$directory\"\n"
		"audit() { setpriv --reuid nobody --regid nogroup --clear-groups \\\n"
		"  \"$keepalive\" audit \"$@\" && status=0 || status=$?; echo \"status $status\"; }\n"
		"audit -rn; audit bad\n");
	EXPECT(&called, "(unknown)", 4, 1, 3);
	ck_assert_ptr_null(strstr(called.output, "status 0\n"));
	expect_says(called.errors, "processes are left out: only root and their own users may");
	expect_says(called.errors, "(bad): only root and its own user may inspect its sockets");
}
END_TEST

/* What /proc hides is missing, and cannot even be counted. */
START_TEST(hidden)
{
	struct called called;

	if (!have_worlds())
		return;
	if (getuid() || !have_program("setpriv"))
		SKIP("it takes root and setpriv");
	called = in_world(
		"mount -o remount,hidepid=2 /proc\n"
		"cp \"$keepalive\" \"$directory/command\"; chmod 755 \"$directory\"\n"
		"audit() { setpriv --reuid nobody --regid nogroup --clear-groups \\\n"
		"  \"$directory/command\" \"$@\" && status=0 || status=$?; echo \"status $status\"; }\n"
		"audit audit; audit audit --prometheus\n");
	ck_assert_int_eq(strncmp(strstr(called.output, "status "), "status 1\n", 9), 0);
	expect_says(called.output, "keepalive_complete 0\n");
	expect_says(called.errors, "/proc hides the processes of other users: ");
}
END_TEST

START_TEST(another_network)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world(
		"cat >\"$directory/there\" <<'END'\n"
		"ip link set lo up; ip addr add 10.77.0.1/24 dev lo; ip addr add 10.77.0.2/24 dev lo\n"
		"peers there-sink serve; peers there off flight; read -r forever\n"
		"END\n"
		"mkfifo \"$directory/ready\"\n"
		"{ echo 'peers() { mkfifo \"$directory/$1.out\"; python3 \"$script\" \"$@\" <&8 \\\n"
		"    >\"$directory/$1.out\" & read -r said <\"$directory/$1.out\"; }'\n"
		"  sed 's/; read/; echo ready >\"$directory\\/ready\"; read/' \"$directory/there\"; } \\\n"
		"  >\"$directory/all\"\n"
		"unshare --net sh -eu \"$directory/all\" <&8 &\n"
		"read -r said <\"$directory/ready\"\n"
		"audit -rn\n");
	EXPECT(&called, "there", 1, 1, 0);
	EXPECT(&called, "(unknown)", 1, 1, 0);
	EXPECT(&called, "there-sink", 2, 0, 0);
	expect_says(called.output, "status 1\n");
}
END_TEST

/* Who started the command may have left SIGCHLD ignored. */
START_TEST(ignored_children)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world(
		"unshare --net sleep 1000 &\n"
		"until [ $(readlink /proc/[0-9]*/ns/net | sort -u | wc -l) = 2 ]\n"
		"do sleep 0.02; done\n"
		"python3 -c 'import os, signal, sys\n"
		"signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
		"os.execv(sys.argv[1], sys.argv[1:])' \"$keepalive\" audit || echo failed\n");
	ck_assert_str_eq(called.errors, "");
	ck_assert_ptr_null(strstr(called.output, "failed"));
}
END_TEST

/* A socket stays in the network namespace in which it was made. */
START_TEST(moved)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers moved moved; audit -rn; audit\n");
	EXPECT(&called, "moved", 1, 1, 0);
	ck_assert_ptr_null(strstr(called.output, "(unknown)"));
	expect_says(called.output, "\n2 connections to other hosts: 1 never notices a dead peer\n");
}
END_TEST

/* The command that is printed does what it is to do. */
START_TEST(commands_work)
{
	struct called called;

	if (!have_worlds())
		return;
	called =
		in_world("peers bad off off; peers 'a;exit 7' off; peers 'x*' off\n"
			 "PATH=${keepalive%/*}:$PATH; audit -rn\n"
			 "keepalive audit -J | python3 -c 'import json, sys\n"
			 "for row in json.load(sys.stdin)[\"services\"]:\n"
			 "    if row[\"now\"]: print(row[\"now\"])' >\"$directory/commands\" || :\n"
			 "cat \"$directory/commands\"\n"
			 "sh -eu \"$directory/commands\" >\"$directory/applied\"\n"
			 "keepalive audit >/dev/null && echo repaired\n");
	EXPECT(&called, "bad", 2, 2, 0);
	expect_says(called.output, "\nkeepalive apply bad --idle 60 --interval 10 --count 6\n");
	ck_assert_ptr_null(strstr(strstr(called.output, "\nkeepalive apply"), "exit 7"));
	expect_says(called.output, "\nrepaired\n");
}
END_TEST

/* apply takes the name of an executable, too: it would change other programs. */
START_TEST(other_programs)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world(
		"python=$(python3 -c 'import os; print(os.path.basename(os.readlink(\n"
		"    \"/proc/self/exe\")))')\n"
		"peers \"$python\" off; peers other off; audit -rn | sed \"s/^$python /python /\"\n");
	expect_says(find_row(called.output, NAME, "other").cell[NOW], "apply\\x20other\\x20");
	expect_says(find_row(called.output, NAME, "python").cell[NOW], "apply\\x20");
	ck_assert_ptr_null(
		strstr(find_row(called.output, NAME, "python").cell[NOW], "apply\\x20python"));
}
END_TEST

START_TEST(for_programs)
{
	struct called called;
	struct called empty;

	if (!have_worlds())
		return;
	called = in_world("peers bad off loopback; \"$keepalive\" audit -J || :\n");
	empty = CALL("audit", "--json", word_of(getpid()));
	ck_assert(is_json(called.output));
	compact_json(called.output);
	expect_says(called.output, "\"name\":\"bad\",\"kind\":\"program\",\"program\":\"bad\","
				   "\"conns\":1,\"never\":1,\"unknown\":0,\"detect_idle\":null,");
	/* With its name, this would start another one, without its arguments. */
	expect_says(called.output, "\"remedy\":\"keepalive run --idle 60 --interval 10 --count 6 "
				   "COMMAND\"");
	expect_says(called.output,
		    "\"summary\":[{\"conns\":2,\"never\":1,\"unknown\":0,\"loopback\":2,"
		    "\"unread_processes\":0,\"complete\":true}");
	ck_assert(is_json(empty.output));
	expect_status(&empty, 0);
	compact_json(empty.output);
	expect_says(empty.output, "\"services\":[]");
}
END_TEST

/* With the table no line is longer than 80 columns. */
START_TEST(fits_a_terminal)
{
	struct called called;

	if (!have_worlds())
		return;
	if (!have_program("script") || !have_program("stty"))
		SKIP("script or stty is missing");
	called = in_world("peers a-name-with-15b off on; NO_COLOR=1 TERM=dumb\n"
			  "export NO_COLOR TERM\n"
			  "script -qec \"stty cols 80; '$keepalive' audit\" /dev/null <&8 || :\n");
	expect_says(called.output, "a-name-with-15b");
	for (char *line = strtok(called.output, "\r\n"); line; line = strtok(NULL, "\r\n"))
		ck_assert_msg(strlen(line) <= 80, "%s", line);
}
END_TEST

/* Stock servers as they come, and under the library. */
START_TEST(stock_servers)
{
	static const char script[] =
		"mkdir \"$directory/nginx\"\n"
		"cat >\"$directory/nginx/conf\" <<END\n"
		"user root root; daemon off; pid $directory/nginx/pid; error_log stderr crit;\n"
		"worker_processes 2;\nevents { }\n"
		"http { access_log off; client_body_temp_path $directory/nginx/body;\n"
		"  proxy_temp_path $directory/nginx/proxy; fastcgi_temp_path $directory/nginx/fastcgi;\n"
		"  uwsgi_temp_path $directory/nginx/uwsgi; scgi_temp_path $directory/nginx/scgi;\n"
		"  server { listen 10.77.0.1:8080; return 200 ok; } }\n"
		"END\n"
		"nginx() { $1 nginx -p \"$directory/nginx\" -c \"$directory/nginx/conf\" & }\n"
		"redis() { $1 redis-server --bind 10.77.0.1 --port 6379 --save '' --protected-mode no \\\n"
		"  --dir \"$directory\" >/dev/null & }\n"
		"await() { until ss -Htnl \"sport = $1\" | grep -q .; do sleep 0.02; done; }\n"
		"calls() { python3 -c 'import socket, sys\n"
		"source = (\"10.77.0.2\", 0)\n"
		"keep = [socket.create_connection((\"10.77.0.1\", int(port)), 9, source)\n"
		"    for port in sys.argv[1:]]\n"
		"keep[0].send(b\"GET / HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n\"); keep[0].recv(99)\n"
		"keep[-1].send(b\"PING\\r\\n\"); keep[-1].recv(99)\n"
		"print(\"ready\", flush=True); sys.stdin.read()' 8080 8080 6379 <&8 >\"$directory/calls\" &\n"
		"  until grep -q ready \"$directory/calls\"; do sleep 0.02; done; }\n"
		"nginx \"$under\"; redis \"$under\"; await :8080; await :6379; calls\n"
		"until [ $(ss -Htn state established 'sport = 8080' | wc -l) = 2 ]; do sleep 0.02; done\n"
		"audit -rn nginx redis-server\n";
	const char *plain = joined("under=env\n", script);
	const char *with = joined("under=\"$keepalive run --idle 60 --interval 10 --count 6 "
				  "--override on --\"\n",
				  script);
	struct called called;

	if (!have_worlds())
		return;
	if (!have_program("nginx") || !have_program("redis-server") || !have_program("ss"))
		SKIP("nginx, redis-server or ss is missing");
	called = in_world(plain);
	EXPECT(&called, "nginx", 2, 2, 0);
	EXPECT(&called, "redis-server", 1, 0, 0);
	ck_assert_str_eq(find_row(called.output, NAME, "redis-server").cell[IDLE], "600000");
	ck_assert_str_eq(find_row(called.output, NAME, "nginx").cell[LISTENERS_OFF], "1");
	expect_says(called.output, "status 1\n");
	called = in_world(with);
	EXPECT(&called, "nginx", 2, 0, 0);
	ck_assert_str_eq(find_row(called.output, NAME, "nginx").cell[IDLE], "120000");
	ck_assert_str_eq(find_row(called.output, NAME, "nginx").cell[REACH],
			 getuid() ? "unknown" : "library");
	ck_assert_str_eq(find_row(called.output, NAME, "redis-server").cell[IDLE], "120000");
	expect_says(called.output, "status 0\n");
}
END_TEST

static void expect_line(const char *text, const char *line)
{
	expect_says(text, joined("\n", joined(line, "\n")));
}

/* What netlink tells, without a descriptor of any socket. */
START_TEST(metrics)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers bad off off on data loopback; peers flying flight\n"
			  "\"$keepalive\" audit --prometheus\n"
			  "\"$refuse\" EPERM pidfd_getfd \"$keepalive\" audit --prometheus |\n"
			  "  sed 's/^/refused /'\n");
	expect_line(called.output, "# TYPE keepalive_connections gauge");
	expect_line(called.output, "keepalive_connections{program=\"bad\",keepalive=\"on\"} 1");
	expect_line(called.output, "keepalive_connections{program=\"bad\",keepalive=\"off\"} 2");
	/* The timer of the data hides whether keepalive is on. */
	expect_line(called.output,
		    "keepalive_connections{program=\"bad\",keepalive=\"unknown\"} 1");
	expect_line(called.output, "keepalive_connections{program=\"sink\",keepalive=\"on\"} 5");
	expect_line(called.output, "keepalive_connections{keepalive=\"off\"} 1");
	expect_line(called.output, "keepalive_loopback_connections{program=\"bad\"} 1");
	expect_line(called.output, "keepalive_listeners{program=\"sink\"} 1");
	expect_line(called.output, "keepalive_unread_processes 0");
	expect_line(called.output, "keepalive_complete 1");
	expect_line(called.output,
		    "refused keepalive_connections{program=\"bad\",keepalive=\"off\"} 2");
	expect_line(called.output, "refused keepalive_complete 1");
	ck_assert_str_eq(called.errors, "");
}
END_TEST

/* What is not known has no series; what is not complete says so. */
START_TEST(metrics_that_are_not_known)
{
	struct called called;

	if (!have_worlds())
		return;
	called = in_world("peers headless headless; peers unbound unbound loopback\n"
			  "\"$keepalive\" audit --prometheus\n");
	expect_line(called.output, "keepalive_unread_processes 1");
	expect_line(called.output, "keepalive_complete 0");
	expect_line(called.output, "keepalive_unread_sockets{program=\"unbound\"} 1");
	ck_assert_ptr_null(strstr(called.output, "keepalive_silence_seconds{program=\"unbound\"}"));
	expect_says(called.output, "keepalive_silence_seconds{program=\"sink\"} ");
}
END_TEST

/* Names come from others. */
START_TEST(metrics_for_prometheus)
{
	struct called called;

	if (!have_program("promtool"))
		SKIP("promtool is missing");
	if (!have_worlds())
		return;
	called = in_world(
		"peers 'a\"b\\c' off; peers \"$(printf 'e\\377\\001')\" off\n"
		"peers \"$(printf 'e\\376\\001')\" off; peers flying flight\n"
		"\"$keepalive\" audit --prometheus=\"$directory/a.prom\"\n"
		"cat \"$directory/a.prom\"\n"
		"promtool check metrics <\"$directory/a.prom\" && echo 'promtool takes it'\n");
	expect_says(called.output, "{program=\"a\\\"b\\\\c\",keepalive=\"off\"} 1\n");
	expect_says(called.output, "{program=\"e??\",keepalive=\"off\"} 2\n");
	expect_says(called.output, "promtool takes it\n");
	ck_assert_str_eq(called.errors, "");
}
END_TEST

/* The file is there, old or new, whole and readable for all; nothing else is left. */
START_TEST(metrics_in_a_file)
{
	char *directory = strdup(scratch_path("collector")), *file = joined(directory, "/a.prom");
	struct called called;
	int status;

	run_tool((const char *const[]){ "mkdir", directory, NULL }, NULL);
	scratch_file("collector/a.prom", "old\n");
	called = CALL("audit", joined("--prometheus=", file), word_of(getpid()));
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "");
	expect_says(read_whole(file), "keepalive_complete 1\n");
	called.output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "sh", "-c",
						       "cd \"$1\" && ls -A && stat -c %a *", "sh",
						       directory, NULL } },
		&status);
	ck_assert_str_eq(called.output, "a.prom\n644\n");
	called = CALL("audit", joined("--prometheus=", joined(directory, "/none/a.prom")),
		      word_of(getpid()));
	expect_status(&called, 1);
	expect_says(called.errors, "/none/a.prom: No such file or directory");
	/* What cannot be written leaves the old one. */
	scratch_file("collector/a.prom", "old\n");
	called.output = process_run(
		&(struct command){
			.argv =
				(const char *const[]){
					"sh", "-c",
					"(ulimit -f 0; \"$@\" || echo \"status $?\") 2>&1 | cat",
					"sh", build_path("keepalive"), "audit",
					joined("--prometheus=", file), word_of(getpid()), NULL } },
		&status);
	expect_says(called.output, "/a.prom: File too large\nstatus 1\n");
	ck_assert_str_eq(read_whole(file), "old\n");
	called = CALL("audit", "--prometheus=", word_of(getpid()));
	expect_status(&called, 2);
	called = CALL("audit", "--prometheus", "--json");
	expect_status(&called, 2);
}
END_TEST

/* A device or a pipe is not replaced by a file, nor what a link leads to, and no part is left. */
START_TEST(metrics_in_something_else)
{
	static const char script[] =
		"cd \"$1\"; mkfifo pipe; echo old >file; ln -s file link; ln -s pipe to-pipe\n"
		"for to in pipe link to-pipe .; do\n"
		"  \"$2\" audit --prometheus=$to $$ && status=0 || status=$?; echo \"status $status\"\n"
		"done\n"
		"(ulimit -f 0; \"$2\" audit --prometheus=file $$ || echo \"status $?\") 2>&1 | cat\n"
		"[ -p pipe ] && [ -h link ] && [ -h to-pipe ] && cat file && ls -A\n";
	char *directory = strdup(scratch_path("something"));
	struct called called;

	run_tool((const char *const[]){ "mkdir", directory, NULL }, NULL);
	called.output = process_run_both(
		&(struct command){ .argv = (const char *const[]){ "sh", "-c", script, "sh",
								  directory,
								  build_path("keepalive"), NULL } },
		&called.status, &called.errors);
	ck_assert_str_eq(called.output, "status 1\nstatus 1\nstatus 1\nstatus 1\n"
					"keepalive: file: File too large\nstatus 1\n"
					"old\nfile\nlink\npipe\nto-pipe\n");
	expect_says(called.errors, "pipe: it exists, and is not a regular file\n");
	expect_says(called.errors, "link: it exists, and is not a regular file\n");
}
END_TEST

/* The rules in EXAMPLES. */
START_TEST(alerts)
{
	char *examples = read_whole(source_path("EXAMPLES"));
	char *rules = strstr(examples, "\n    groups:\n    - name: keepalive\n");
	char *file = strdup(scratch_file("rules.yml", ""));
	FILE *to = fopen(file, "w");
	struct called called;

	if (!have_program("promtool"))
		SKIP("promtool is missing");
	ck_assert(rules && to);
	for (char *line = strtok(rules, "\n"); line && !strncmp(line, "    ", 4);
	     line = strtok(NULL, "\n"))
		fprintf(to, "%s\n", line + 4);
	ck_assert_int_eq(fclose(to), 0);
	called.output = process_run_both(
		&(struct command){
			.argv = (const char *const[]){ "promtool", "check", "rules", file, NULL } },
		&called.status, &called.errors);
	expect_status(&called, 0);
	expect_says(called.output, "4 rules found");
}
END_TEST

START_TEST(wrong_words)
{
	struct called called = CALL("audit", "2147483647");

	expect_status(&called, 1);
	expect_says(called.errors, "2147483647: no such process");
	called = CALL("audit", "no-such-program-here");
	expect_status(&called, 1);
	expect_says(called.errors, "no-such-program-here: no process has this name");
	called = CALL("audit", "0");
	expect_status(&called, 2);
	called = CALL("audit", word_of(getpid()));
	expect_status(&called, 0);
	expect_says(called.output, "0 connections to other hosts");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("audit");
	TCase *tests = harness_case(suite, "audit", 60);

	if (!have_program("python3") || !have_program("ip")) {
		puts("1..0 # SKIP python3 or ip is missing");
		return 0;
	}
	tcase_add_test(tests, counts);
	tcase_add_test(tests, all_is_well);
	tcase_add_test(tests, loopback);
	tcase_add_loop_test(tests, state, 0, COUNT(states));
	tcase_add_test(tests, without_a_process);
	tcase_add_test(tests, without_its_first_thread);
	tcase_add_test(tests, refused);
	tcase_add_test(tests, somebody_else);
	tcase_add_test(tests, hidden);
	tcase_add_test(tests, another_network);
	tcase_add_test(tests, ignored_children);
	tcase_add_test(tests, moved);
	tcase_add_test(tests, commands_work);
	tcase_add_test(tests, other_programs);
	tcase_add_test(tests, for_programs);
	tcase_add_test(tests, fits_a_terminal);
	tcase_add_test(tests, stock_servers);
	tcase_add_test(tests, metrics);
	tcase_add_test(tests, metrics_that_are_not_known);
	tcase_add_test(tests, metrics_for_prometheus);
	tcase_add_test(tests, metrics_in_a_file);
	tcase_add_test(tests, metrics_in_something_else);
	tcase_add_test(tests, alerts);
	tcase_add_test(tests, wrong_words);
	return harness_run(suite);
}
