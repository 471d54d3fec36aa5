/* keepalive show and apply beside processes in network namespaces of their own. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

/* What the namespace has, and within how many milliseconds its connections end. */
enum { RETRIES2 = 3, KEEPALIVE_TIME = 1234, SOON_MS = 10000 };

/* The columns that tests ask for, in this order. */
enum { IDLE, TIMER, LEFT, DATA, USER_TIMEOUT };

static const char columns[] = "idle,timer,left,detect_data,user_timeout";

/* Starts zoo.py in a new network namespace, which `unshare` makes by these flags. */
static struct process start_there(const char *user, const char *flags, const char *by)
{
	char *script;

	ck_assert_int_gt(asprintf(&script,
				  "ip link set lo up && cd /proc/sys/net/ipv4 &&"
				  " echo %d >tcp_retries2 && echo %d >tcp_keepalive_time &&"
				  " exec %s python3 \"$0\"",
				  RETRIES2, KEEPALIVE_TIME, by),
			 0);
	return process_start(&(struct command){
		.argv = (const char *const[]){ "unshare", flags, "sh", "-c", script,
					       source_path("tests/cli/zoo.py"), NULL },
		.user = user });
}

static struct called show(const char *user, pid_t pid)
{
	return call_as(user, NULL,
		       (const char *const[]){ "show", "-rn", "-o", columns, word_of(pid), NULL });
}

/* Three retransmissions instead of fifteen: seconds instead of minutes. */
static void expect_of_there(const struct called *called)
{
	struct row row;

	expect_status(called, 0);
	ck_assert_str_eq(called->errors, "");
	row = find_row(called->output, IDLE, "600");
	ck_assert_str_eq(row.cell[TIMER], "keepalive");
	ck_assert_int_gt(atoi(row.cell[LEFT]), 540 * 1000);
	ck_assert_int_gt(atoi(row.cell[DATA]), 1000);
	ck_assert_int_lt(atoi(row.cell[DATA]), SOON_MS);
}

static char *look_inside(pid_t pid)
{
	int status;
	char *output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "nsenter", "--net", "--target", word_of(pid),
						       build_path("keepalive"), "show", "-rn", "-o",
						       "fd,detect_idle,detect_data", word_of(pid),
						       NULL } },
		&status);

	ck_assert_int_eq(status, 0);
	return output;
}

START_TEST(of_root)
{
	struct process zoo, ours = start_zoo(NULL);
	struct called called;
	struct row row;
	char *there = NULL, *again;
	bool same;
	int tries = 0;

	if (getuid())
		SKIP("only root may enter any network namespace");
	zoo = start_there(NULL, "--net", "");
	if (!wait_for_word(zoo.output, "ready", 20))
		SKIP("no network namespace can be made here");
	called = show(NULL, zoo.pid);
	expect_of_there(&called);
	called = show(NULL, ours.pid);
	row = find_row(called.output, IDLE, "600");
	ck_assert_int_gt(atoi(row.cell[DATA]), SOON_MS);
	/* The command prints the same inside and outside: between two looks inside that agree. */
	do {
		free(there);
		there = look_inside(zoo.pid);
		called = CALL("show", "-rn", "-o", "fd,detect_idle,detect_data", word_of(zoo.pid));
		again = look_inside(zoo.pid);
		same = !strcmp(there, again);
		free(again);
	} while (!same && tries++ < 20);
	ck_assert_str_eq(called.output, there);
	/* What the kernel has there is put back. */
	called = CALL("apply", "-rn", "--config=", "--idle", "default", word_of(zoo.pid));
	expect_status(&called, 0);
	row = find_row(called.output, 7, "600");
	ck_assert_str_eq(row.cell[8], word_of(KEEPALIVE_TIME));
	process_stop(&zoo);
	process_stop(&ours);
}
END_TEST

/* One of the same user's, in a user namespace of its own, as containers without root have it. */
START_TEST(of_an_ordinary_user)
{
	const char *user = getuid() ? NULL : "nobody";
	struct process zoo = start_there(user, "-Urn", "");
	struct called called;

	if (!wait_for_word(zoo.output, "ready", 20))
		SKIP("no user namespace can be made here");
	called = show(user, zoo.pid);
	expect_of_there(&called);
	process_stop(&zoo);
}
END_TEST

/* Its sockets may be read, but not what is of the namespace. */
START_TEST(that_may_not_be_entered)
{
	struct process zoo;
	struct called called;
	struct row row;

	if (getuid() || !have_program("setpriv"))
		SKIP("it takes root and setpriv");
	zoo = start_there(NULL, "--net", "setpriv --reuid nobody --regid nogroup --clear-groups");
	if (!wait_for_word(zoo.output, "ready", 20))
		SKIP("no network namespace can be made here");
	called = show("nobody", zoo.pid);
	expect_status(&called, 1);
	expect_says(called.errors, "no permission to enter its network namespace");
	row = find_row(called.output, IDLE, "600");
	ck_assert_str_eq(row.cell[TIMER], "unknown");
	ck_assert_str_eq(row.cell[LEFT], "unknown");
	ck_assert_str_eq(row.cell[DATA], "unknown");
	/* Nor with a user timeout: whether the peer's window is closed is not known without
	 * netlink. */
	row = find_row(called.output, IDLE, "900");
	ck_assert_str_eq(row.cell[DATA], "unknown");
	called = call_as("nobody", NULL,
			 (const char *const[]){ "apply", "-rn", "--config=", "--idle", "default",
						word_of(zoo.pid), NULL });
	expect_status(&called, 1);
	row = find_row(called.output, 7, "600");
	ck_assert_str_eq(row.cell[8], "600");
	process_stop(&zoo);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("namespaces");
	TCase *tests = harness_case(suite, "namespaces", 60);

	if (!have_program("python3") || !have_program("ip")) {
		puts("1..0 # SKIP python3 or ip is missing");
		return 0;
	}
	tcase_add_test(tests, of_root);
	tcase_add_test(tests, of_an_ordinary_user);
	tcase_add_test(tests, that_may_not_be_entered);
	return harness_run(suite);
}
