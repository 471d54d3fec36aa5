/* keepalive events: how it begins, ends and writes, and its sample unit; tests/network has the
 * reasons. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

static struct process start_events(const char *const *flags)
{
	const char *argv[10] = { build_path("keepalive"), "events", "--every", "100ms" };
	struct process events;

	for (int i = 0; flags[i]; i++)
		argv[4 + i] = flags[i];
	events = process_start(&(struct command){ .argv = argv });
	ck_assert_msg(wait_for_word(events.errors, "following", 20), "%s",
		      read_whole(events.errors));
	return events;
}
#define EVENTS(...) start_events((const char *const[]){ __VA_ARGS__, NULL })

/* A connection of this process. */
struct connection {
	int near, far, port;
};

static struct connection make_connection(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct connection made = { .near = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };

	ck_assert_int_eq(bind(listener, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(listen(listener, 1), 0);
	getsockname(listener, (struct sockaddr *)&address, &length);
	ck_assert_int_eq(connect(made.near, (struct sockaddr *)&address, length), 0);
	made.far = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	close(listener);
	made.port = ntohs(address.sin_port);
	return made;
}

static void reset(struct connection *connection)
{
	struct linger linger = { .l_onoff = 1 };

	ck_assert_int_eq(setsockopt(connection->far, SOL_SOCKET, SO_LINGER, &linger, sizeof linger),
			 0);
	close(connection->far);
}

static int count_lines(const char *text)
{
	int lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

START_TEST(wrong_flags)
{
	static const char *const wrong[][3] = {
		{ "--every", "0", "0 is not" },
		{ "--every", "5", "" },
		{ "--every", "2h", "" },
		{ "--every", "soon", "is not a time" },
		{ "--number", "0", "is not a number" },
		{ "--number", "1x", "is not a number" },
		{ "--number", "-1", "is not a number" },
	};

	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct called called = CALL("events", wrong[i][0], wrong[i][1]);

		expect_status(&called, 2);
		ck_assert_str_eq(called.output, "");
		expect_says(called.errors, wrong[i][0]);
	}
}
END_TEST

/* As many lines as were asked for, each complete at once, and then the end. */
START_TEST(number)
{
	struct connection made[3] = { make_connection(), make_connection(), make_connection() };
	struct process events = EVENTS("--number", "2", word_of(getpid()));
	char *output, *line;

	for (int i = 0; i < 3; i++)
		reset(&made[i]);
	ck_assert_int_eq(process_wait(&events, 20), 0);
	output = read_whole(events.output);
	ck_assert_int_eq(count_lines(output), 2);
	ck_assert_int_gt(asprintf(&line, "[%d]", getpid()), 0);
	expect_says(output, line);
	expect_says(output, "  reset            ");
	expect_says(output, ", not closed by the program; keepalive off\n");
}
END_TEST

/* Not only at the next look. */
START_TEST(number_at_once)
{
	struct connection made = make_connection();
	struct process events = EVENTS("--every", "1h", "--number", "1", word_of(getpid()));

	reset(&made);
	close(made.near);
	ck_assert_int_eq(process_wait(&events, 20), 0);
	ck_assert_int_eq(count_lines(read_whole(events.output)), 1);
}
END_TEST

START_TEST(json)
{
	struct connection made = make_connection();
	struct process events = EVENTS("--number", "1", "--json", word_of(getpid()));
	char *output, peer[48];

	reset(&made);
	ck_assert_int_eq(process_wait(&events, 20), 0);
	output = read_whole(events.output);
	ck_assert_int_eq(count_lines(output), 1);
	snprintf(peer, sizeof peer, "\"peer\":\"127.0.0.1:%d\"", made.port);
	expect_says(output, peer);
	ck_assert_msg(is_json(output), "%s", output);
}
END_TEST

START_TEST(ended_by_signals)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };

	for (size_t i = 0; i < COUNT(signals); i++) {
		struct connection made;
		struct process events;

		/* Shells without job control start what is in the background with SIGINT ignored.
		 */
		signal(signals[i], SIG_DFL);
		events = EVENTS("--all");
		ck_assert_int_eq(kill(events.pid, signals[i]), 0);
		ck_assert_int_eq(process_wait(&events, 10), 0);
		/* As by nohup. */
		made = make_connection();
		signal(signals[i], SIG_IGN);
		events = EVENTS("--number", "1", word_of(getpid()));
		signal(signals[i], SIG_DFL);
		ck_assert_int_eq(kill(events.pid, signals[i]), 0);
		reset(&made);
		ck_assert_int_eq(process_wait(&events, 20), 0);
		expect_says(read_whole(events.output), "  reset ");
	}
}
END_TEST

/* Nobody reads any more: it does not wait for a line that it could not write. */
START_TEST(reader_gone)
{
	int ends[2], status;
	const char *argv[] = { build_path("keepalive"), "events", NULL };
	int descriptors[] = { 0, -1, 2, -1 };
	struct process events;

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	descriptors[1] = ends[1];
	events = process_start(&(struct command){ .argv = argv, .descriptors = descriptors });
	close(ends[1]);
	close(ends[0]);
	status = process_wait(&events, 20);
	ck_assert_int_eq(status, 0);
}
END_TEST

/* Without standard output, the lines would go to whatever is opened first. */
START_TEST(without_output)
{
	const char *argv[] = { "sh", "-c", "exec \"$1\" events >&-", "sh", build_path("keepalive"),
			       NULL };
	struct process events = process_start(&(struct command){ .argv = argv });

	ck_assert_int_eq(process_wait(&events, 20), 1);
	expect_says(read_whole(events.errors), "keepalive: standard output: Bad file descriptor\n");
}
END_TEST

/* A process that does not exist yet is waited for, and one that has no connections is no error. */
START_TEST(waiting)
{
	struct process events = EVENTS("no-such-program", "--all");

	expect_says(read_whole(events.errors),
		    "no-such-program: no process has this name; waiting");
	kill(events.pid, SIGTERM);
	ck_assert_int_eq(process_wait(&events, 10), 0);
	ck_assert_str_eq(read_whole(events.output), "");
}
END_TEST

/* A process id means the process that has it now: there must be one, and its end is ours. */
START_TEST(process_ids)
{
	static const char *const sleeper[] = { "sleep", "1000", NULL };
	struct called called = CALL("events", "2147483646");
	struct process process = process_start(&(struct command){ .argv = sleeper });
	struct process events = EVENTS(word_of(process.pid), "--every", "100ms");

	expect_status(&called, 1);
	expect_says(called.errors, "2147483646: no such process");
	process_stop(&process);
	ck_assert_int_eq(process_wait(&events, 20), 0);
	ck_assert_str_eq(read_whole(events.output), "");
}
END_TEST

/* A thread that is not the first has no process id. */
START_TEST(thread_id)
{
	static const char *const threads[] = {
		"python3", "-c",
		"import threading\n"
		"threading.Thread(target=lambda: print(threading.get_native_id(), '.', flush=True)\n"
		"    or threading.Event().wait()).start()",
		NULL
	};
	const char *argv[] = { build_path("keepalive"), "events", NULL, NULL };
	struct process process, events;

	if (!have_program("python3"))
		SKIP("python3 is missing");
	process = process_start(&(struct command){ .argv = threads });
	ck_assert(wait_for_word(process.output, ".", 20));
	argv[2] = word_of(atoi(read_whole(process.output)));
	events = process_start(&(struct command){ .argv = argv });
	ck_assert_int_eq(process_wait(&events, 20), 1);
	expect_says(read_whole(events.errors), ": no such process");
	process_stop(&process);
}
END_TEST

/* Nothing is followed in silence. */
START_TEST(no_answer)
{
	const char *argv[] = { build_path("tests/cli/refuse"),
			       "EPERM",
			       "sendto",
			       build_path("keepalive"),
			       "events",
			       "--all",
			       NULL };
	struct process events = process_start(&(struct command){ .argv = argv });

	ck_assert_int_eq(process_wait(&events, 20), 1);
	ck_assert_str_eq(read_whole(events.errors),
			 "keepalive: the ends of sockets cannot be followed: "
			 "Operation not permitted\n");
}
END_TEST

/* Runs a script in processes and networks of its own; returns what it prints. */
static char *in_networks(const char *script)
{
	int status;
	char *output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "unshare", getuid() ? "-Urnpf" : "-npf",
						       "--kill-child", "--mount-proc", "sh", "-euc",
						       script, "sh", public_copy("keepalive"),
						       scratch(), NULL } },
		&status);

	ck_assert_msg(!status, "status %d: %s", status, output);
	return output;
}

#define NETWORKS                                                                                   \
	"add() { for i in 1 2 3 4 5 6 7 8; do unshare -n sleep 1000 & done; }\n"                   \
	"await() { until [ $(readlink /proc/[0-9]*/ns/net | sort -u | wc -l) = $1 ]; do sleep "    \
	"0.02; done; }\n"                                                                          \
	"follow() { \"$keepalive\" events 2>\"$scratch/$1\" & exec 7<\"$scratch/$1\"; }\n"         \
	"keepalive=$1 scratch=$2\n"

/* Each network takes some descriptors. */
START_TEST(many_networks)
{
	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	expect_says(in_networks(NETWORKS "mkfifo \"$scratch/many\"; add; await 9\n"
					 "ulimit -Sn 40; follow many; head -n 1 <&7\n"),
		    "keepalive: following 9 network namespaces\n");
}
END_TEST

/* What begins later and cannot be followed is reported, too. */
START_TEST(too_many_networks)
{
	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	expect_says(in_networks(NETWORKS "mkfifo \"$scratch/too-many\"; ulimit -n 40\n"
					 "follow too-many; read -r line <&7; echo \"$line\"\n"
					 "add; timeout 20 head -n 1 <&7\n"),
		    "keepalive: following 1 network namespace\n"
		    "keepalive: some network namespaces cannot be entered: connections there are "
		    "not followed\n");
}
END_TEST

/* So is what /proc does not list. */
START_TEST(hidden)
{
	if (getuid() || !have_program("setpriv") || !have_network_namespaces())
		SKIP("it takes root, setpriv and namespaces");
	expect_says(in_networks("mount -o remount,hidepid=2 /proc; mkfifo \"$2/hidden\"\n"
				"setpriv --reuid nobody --regid nogroup --clear-groups \"$1\" "
				"events 2>\"$2/hidden\" & head -n 1 <\"$2/hidden\"\n"),
		    "keepalive: /proc hides the processes of other users: ");
}
END_TEST

enum { AT_ONCE = 500, CONNECTIONS_MOST = 50000, SOCK_DIAG = 4 };

/* Returns true if one of the descriptors of a process is the socket with that inode. */
static bool has_socket(pid_t pid, unsigned long inode)
{
	char path[64], link[64], wanted[64];
	bool has = false;

	snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
	for (int fd = 0; fd < 64 && !has; fd++) {
		ssize_t length;

		snprintf(path, sizeof path, "/proc/%d/fd/%d", pid, fd);
		length = readlink(path, link, sizeof link - 1);
		link[length > 0 ? length : 0] = 0;
		has = !strcmp(link, wanted);
	}
	return has;
}

/* Returns true if the kernel had to drop a message to that process. */
static bool has_dropped(pid_t pid)
{
	FILE *file = fopen("/proc/self/net/netlink", "r");
	unsigned int protocol, drops;
	unsigned long inode;
	char line[200];
	bool has = false;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file))
		has |= sscanf(line, "%*s %u %*s %*s %*s %*s %*s %*s %u %lu", &protocol, &drops,
			      &inode) == 3 &&
		       protocol == SOCK_DIAG && drops && has_socket(pid, inode);
	fclose(file);
	return has;
}

/* The queue of an ordinary user is short: what is not read in time is lost, and a message says so.
 */
START_TEST(lost)
{
	const char *argv[] = { build_path("keepalive"), "events", "--every", "100ms", NULL };
	struct process events = process_start(&(struct command){ .argv = argv, .user = "nobody" });

	ck_assert(wait_for_word(events.errors, "following", 20));
	ck_assert_int_eq(kill(events.pid, SIGSTOP), 0);
	for (int i = 0; i < CONNECTIONS_MOST && (i % AT_ONCE || !has_dropped(events.pid)); i++) {
		struct connection made = make_connection();

		close(made.near);
		close(made.far);
	}
	ck_assert_int_eq(kill(events.pid, SIGCONT), 0);
	ck_assert_msg(wait_for_word(events.errors, "some events were lost", 20), "%s",
		      read_whole(events.errors));
	process_stop(&events);
}
END_TEST

/* Returns the address at which that process hears of ends; 0 if it does not. */
static unsigned int find_listener(pid_t pid)
{
	FILE *file = fopen("/proc/self/net/netlink", "r");
	unsigned int protocol, groups, port, found = 0;
	unsigned long inode;
	char line[200];

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof line, file))
		if (sscanf(line, "%*s %u %u %x %*s %*s %*s %*s %*s %lu", &protocol, &port, &groups,
			   &inode) == 4 &&
		    protocol == SOCK_DIAG && groups && has_socket(pid, inode))
			found = port;
	fclose(file);
	return found;
}

/* Who may administer a network, as in a container, may send such messages, too. */
START_TEST(forged)
{
	struct connection made = make_connection();
	struct process events = EVENTS("--number", "1", word_of(getpid()));
	struct {
		struct nlmsghdr head;
		struct inet_diag_msg told;
	} message = { .head = { .nlmsg_len = sizeof message, .nlmsg_type = SOCK_DIAG_BY_FAMILY },
		      .told = { .idiag_family = AF_INET, .idiag_state = TCP_CLOSE } };
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_pid = find_listener(events.pid) };
	int from = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	socklen_t length = sizeof message.told.id.idiag_cookie;

	ck_assert_int_eq(
		getsockopt(made.near, SOL_SOCKET, SO_COOKIE, message.told.id.idiag_cookie, &length),
		0);
	ck_assert(to.nl_pid);
	if (sendto(from, &message, sizeof message, 0, (struct sockaddr *)&to, sizeof to) < 0)
		SKIP("no messages can be sent: %m");
	reset(&made);
	ck_assert_int_eq(process_wait(&events, 20), 0);
	expect_says(read_whole(events.output), "  reset  ");
}
END_TEST

START_TEST(sample_unit)
{
	const char *build = build_path("keepalive"), *path;
	char *unit = read_whole(build_path("examples/keepalive-events.service")), *errors, *text;
	char *start = strstr(unit, "ExecStart=");
	int status;

	if (!have_program("systemd-analyze"))
		SKIP("systemd-analyze is missing");
	if (getuid() && access("/run/systemd", F_OK))
		SKIP("systemd-analyze needs /run/systemd, which only root can make");
	ck_assert_msg(start && !strncmp(start + 10, BINDIR "/keepalive events", 10), "%s", unit);
	/* The same with a program that is there. */
	ck_assert_int_gt(asprintf(&text, "%.*s%s%s", (int)(start + 10 - unit), unit, build,
				  strstr(start, " events")),
			 0);
	path = scratch_file("keepalive-events.service", text);
	for (int i = 0; i < 2; i++) {
		free(process_run_both(
			&(struct command){ .argv = (const char *const[]){ "systemd-analyze",
									  "verify", "--man=no",
									  path, NULL } },
			&status, &errors));
		if (!i)
			ck_assert_str_eq(errors, "");
		else
			ck_assert_msg(strstr(errors, "keepalive-events.service:"), "%s", errors);
		/* The control: it does read that file. */
		path = scratch_file("keepalive-events.service",
				    "[Service]\nExecStart=/bin/true\nRestrictNamespaces=nothing\n");
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("events");
	TCase *tcase = harness_case(suite, "events", 60);

	tcase_add_test(tcase, wrong_flags);
	tcase_add_test(tcase, number);
	tcase_add_test(tcase, number_at_once);
	tcase_add_test(tcase, json);
	tcase_add_test(tcase, ended_by_signals);
	tcase_add_test(tcase, reader_gone);
	tcase_add_test(tcase, without_output);
	tcase_add_test(tcase, waiting);
	tcase_add_test(tcase, process_ids);
	tcase_add_test(tcase, thread_id);
	tcase_add_test(tcase, no_answer);
	tcase_add_test(tcase, many_networks);
	tcase_add_test(tcase, too_many_networks);
	tcase_add_test(tcase, hidden);
	tcase_add_test(tcase, lost);
	tcase_add_test(tcase, forged);
	tcase_add_test(tcase, sample_unit);
	return harness_run(suite);
}
