/* keepalive apply --dry-run: it says what apply then does, and does nothing. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "lib/harness.h"
#include "lib/inspect.h"

enum { SEEN_MAX = 64 };

/* The last lets the kernel refuse the option where it can: on sockets of MPTCP. */
static const char *const asked[][8] = {
	{ "--idle", "61", "--interval", "11s", "--count", "7", "--syn-count", "3" },
	{ "--keepalive", "off", "--idle", "default", "--count", "0" },
	{ "--user-timeout", "auto", "--interval", "9" },
	{ "--user-timeout", "9s", "--idle", "77" },
};

static struct called apply(pid_t pid, const char *flag, const char *const words[8])
{
	const char *arguments[16] = { "apply", word_of(pid), "-rn", flag };

	for (int i = 0; i < 8 && words[i]; i++)
		arguments[4 + i] = words[i];
	return call(arguments);
}

/* The columns of what it prints. */
enum { OPTION = 6, ERROR = 9, CELLS };

/*
 * The same rows. Where the kernel refuses an option it may give another reason for reading it than
 * for setting it.
 */
static int expect_same(char *dry, char *real)
{
	struct row one, other;
	int rows = 0;

	for (; next_row(&dry, &one); rows++) {
		ck_assert_msg(next_row(&real, &other), "it did less");
		ck_assert_int_eq(one.cells, CELLS);
		for (int i = 0; i < ERROR; i++)
			ck_assert_msg(!strcmp(one.cell[i], other.cell[i]), "%s: %s, then %s",
				      one.cell[OPTION], one.cell[i], other.cell[i]);
		ck_assert_int_eq(!*one.cell[ERROR], !*other.cell[ERROR]);
	}
	ck_assert_msg(!next_row(&real, &other), "it did more");
	return rows;
}

static int count_changed(const struct seen *before, const struct seen *after, int count)
{
	int changed = 0;

	for (int i = 0; i < count; i++)
		changed += memcmp(before[i].value, after[i].value, sizeof before[i].value) != 0;
	return changed;
}

START_TEST(before_it_is_done)
{
	struct process zoo = start_zoo(NULL);
	static struct seen before[SEEN_MAX], after[SEEN_MAX];
	int count = inspect_process(zoo.pid, before, SEEN_MAX);
	struct called dry = apply(zoo.pid, "--dry-run", asked[_i]), real;

	ck_assert_int_eq(inspect_process(zoo.pid, after, SEEN_MAX), count);
	ck_assert_int_eq(count_changed(before, after, count), 0);
	real = apply(zoo.pid, "--children", asked[_i]);
	ck_assert_int_eq(inspect_process(zoo.pid, after, SEEN_MAX), count);
	ck_assert_int_gt(count_changed(before, after, count), 0);
	ck_assert_int_ge(expect_same(dry.output, real.output), count);
	ck_assert_int_eq(dry.status, real.status);
	process_stop(&zoo);
}
END_TEST

START_TEST(not_while_watching)
{
	struct called called = CALL("apply", "1", "--dry-run", "--watch", "--idle", "61");

	expect_status(&called, 2);
	expect_says(called.errors, "--dry-run cannot be used with --watch");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("apply_dry");
	TCase *tests = harness_case(suite, "apply_dry", 60);

	if (!have_program("python3")) {
		puts("1..0 # SKIP python3 is missing");
		return 0;
	}
	tcase_add_loop_test(tests, before_it_is_done, 0, COUNT(asked));
	tcase_add_test(tests, not_while_watching);
	return harness_run(suite);
}
