/* Standard descriptors: a stderr that is none to write to, and descriptors closed or given anew. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hooks/drive.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* What stderr can be. The other end, or what tells of it, is kept here. */
static int other_end;

static int keep(int ours, int given)
{
	other_end = ours;
	return given;
}

static int give_file(void)
{
	const char *path = scratch_file("stderr", "");

	return keep(open(path, O_RDONLY | O_CLOEXEC), open(path, O_WRONLY | O_CLOEXEC));
}

static int give_pipe(void)
{
	int ends[2];

	ck_assert_int_eq(pipe2(ends, O_CLOEXEC), 0);
	return keep(ends[0], ends[1]);
}

static int give_broken_pipe(void)
{
	int given = give_pipe();

	close(other_end);
	return keep(-1, given);
}

static int give_full_pipe(void)
{
	static const char page[4096];
	int given = give_pipe();

	ck_assert_int_eq(fcntl(given, F_SETFL, O_NONBLOCK), 0);
	while (write(given, page, sizeof page) > 0)
		continue;
	ck_assert_int_eq(fcntl(given, F_SETFL, 0), 0);
	return given;
}

static int give_unix(void)
{
	int ends[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
	return keep(ends[0], ends[1]);
}

static int give_broken_unix(void)
{
	int given = give_unix();

	close(other_end);
	return keep(-1, given);
}

static int give_tcp(void)
{
	struct ends ends = tcp_ends();

	return keep(ends.client, ends.server);
}

static int give_udp(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int ours = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int given = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	ck_assert_int_eq(bind(ours, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(getsockname(ours, (struct sockaddr *)&address, &length), 0);
	ck_assert_int_eq(connect(given, (struct sockaddr *)&address, length), 0);
	return keep(ours, given);
}

/* The same over IPv6, where the machine has it. */
static int give_tcp_ipv6(void)
{
	struct ends ends = tcp_ends_ipv6();

	return keep(ends.client, ends.server);
}

static int give_terminal(void)
{
	int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	ck_assert_int_ge(master, 0);
	ck_assert_int_eq(grantpt(master), 0);
	ck_assert_int_eq(unlockpt(master), 0);
	return keep(master, open(ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC));
}

static int give_device_full(void)
{
	return keep(-1, open("/dev/full", O_WRONLY | O_CLOEXEC));
}

#define BAD_COUNT "KEEPALIVE_COUNT=x"
#define COUNT_ERROR "libkeepalive: KEEPALIVE_COUNT: \"x\" is not a number"

static const struct {
	int (*give)(void);
	const char *said; /* what arrives at the other end; NULL: that is not looked at */
	const char *shell, *victim;
} standard_errors[] = {
	{ give_file, COUNT_ERROR "\n", NULL, NULL },
	{ give_pipe, COUNT_ERROR "\n", NULL, NULL },
	{ give_unix, COUNT_ERROR "\n", NULL, NULL },
	{ give_terminal, COUNT_ERROR "\r\n", NULL, NULL },
	{ give_tcp, "", NULL, NULL },
	{ give_tcp_ipv6, "", NULL, NULL },
	{ give_udp, "", NULL, NULL },
	{ give_broken_pipe, NULL, NULL, NULL },
	{ give_broken_unix, NULL, NULL, NULL },
	{ give_full_pipe, NULL, NULL, NULL },
	{ give_device_full, NULL, NULL, NULL },
	/* A terminal that stops whoever writes to it out of the background, by SIGTTOU. */
	{ give_terminal, NULL, NULL, "background" },
	/* The file has its limit already: who writes to it nevertheless gets SIGXFSZ. */
	{ give_file, NULL, "head -c 65536 /dev/zero >&2; ulimit -f 2; " BECOME, NULL },
};

/* All that has come, and nothing where nobody can say. */
static void read_other_end(char *text, size_t size)
{
	ssize_t length = -1;

	if (other_end >= 0) {
		ck_assert_int_eq(fcntl(other_end, F_SETFL, O_NONBLOCK), 0);
		length = read(other_end, text, size - 1);
		close(other_end);
	}
	text[length > 0 ? length : 0] = 0;
}

START_TEST(standard_error)
{
	const struct trial trial = {
		.victim = standard_errors[_i].victim ? standard_errors[_i].victim : "socket",
		.environment = { BAD_COUNT },
		.give = standard_errors[_i].give,
		.given = 2,
		.shell = standard_errors[_i].shell,
	};
	struct outcome control, with;
	char text[1024];

	control = trial_run(&trial, victim_path(), NULL);
	read_other_end(text, sizeof text);
	if (standard_errors[_i].said)
		ck_assert_str_eq(text, "");
	ck_assert_int_eq(control.status, 0);
	with = trial_run(&trial, victim_path(), shim_path());
	read_other_end(text, sizeof text);
	if (standard_errors[_i].said)
		ck_assert_str_eq(text, standard_errors[_i].said);
	ck_assert_int_eq(with.status, 0);
	ck_assert_ptr_nonnull(strstr(with.report, "socket: 1 61/11/"));
	free(control.report), free(control.errors);
	free(with.report), free(with.errors);
}
END_TEST

/* Closed at the start, or by the program itself. */
static const struct trial closed_trials[] = {
	{ .victim = "closed" },
	{ .victim = "closed", .shell = BECOME " 2>&-" },
	{ .victim = "closed", .shell = BECOME " <&- >&- 2>&-" },
	{ .victim = "socket", .shell = BECOME " <&- >&- 2>&-" },
};

/* The settings are in a file: while it is read it has the number of what was closed. */
START_TEST(closed)
{
	static const char content[] = "idle = x\nidle = 61\ninterval = 11\ncount = 7\n"
				      "user_timeout = 31000\n";
	static const char *const not_ours[] = { "KEEPALIVE_IDLE=", "KEEPALIVE_INTERVAL=",
						"KEEPALIVE_COUNT=", "KEEPALIVE_USER_TIMEOUT=" };
	struct trial trial = closed_trials[_i];
	char *after;

	memcpy(trial.environment, not_ours, sizeof not_ours);
	trial.file = scratch_file("settings", content);
	trial_compare(&trial, victim_path());
	after = read_whole(trial.file);
	ck_assert_str_eq(after, content);
	free(after);
}
END_TEST

/* The program has made a data file of descriptor 2: not a word comes into it. */
START_TEST(reused)
{
	char victim[600];
	const struct trial trial = { .victim = victim,
				     .expected = "closed",
				     .environment = { "KEEPALIVE_SYN_COUNT=x" },
				     .errors = "libkeepalive: KEEPALIVE_SYN_COUNT: \"x\" is not a "
					       "number\n" };
	const char *path = scratch_file("data", "");
	char *data;

	snprintf(victim, sizeof victim, "reuse %s", path);
	trial_compare(&trial, victim_path());
	data = read_whole(path);
	ck_assert_str_eq(data, "");
	free(data);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("stderr");
	TCase *tcase = harness_case(suite, "stderr", 60);

	tcase_add_loop_test(tcase, standard_error, 0, COUNT(standard_errors));
	tcase_add_loop_test(tcase, closed, 0, COUNT(closed_trials));
	tcase_add_test(tcase, reused);
	return harness_run(suite);
}
