/* Numbers, times and words: option_parse over the whole edge of each range. */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "lib/harness.h"
#include "lib/samples.h"

static enum error_code parse(enum option_id id, const char *word, struct value *value)
{
	*value = (struct value){ VALUE_ABSENT, -1, 0 };
	return option_parse(&option_table[id], text_of(word), value);
}

static void expect(enum option_id id, const char *word, enum value_state state, int number)
{
	struct value value;
	enum error_code code = parse(id, word, &value);

	ck_assert_msg(!code && value.state == state && value.number == number && !value.line,
		      "%s = %s: code %d, state %d, number %d, line %u", option_table[id].key, word,
		      code, value.state, value.number, value.line);
}

static void expect_problem(enum option_id id, const char *word, enum error_code code)
{
	struct value value;
	enum error_code got = parse(id, word, &value);

	ck_assert_msg(got == code && value.state == VALUE_ABSENT, "%s = %s: code %d, not %d",
		      option_table[id].key, word, got, code);
}

/* Both ends of each range are taken, what lies just outside is not. */
START_TEST(range)
{
	const struct option_row *option = &option_table[_i];
	enum option_id id = (enum option_id)_i;
	char word[32];

	if (option->unit == UNIT_SWITCH)
		return;
	snprintf(word, sizeof word, "%d", option->minimum);
	expect(id, word, VALUE_SET, option->minimum);
	snprintf(word, sizeof word, "%d", option->maximum);
	expect(id, word, VALUE_SET, option->maximum);
	snprintf(word, sizeof word, "%lld", option->maximum + 1LL);
	expect_problem(id, word, ERROR_RANGE);
	snprintf(word, sizeof word, "%d", option->minimum - 1);
	if (option->minimum > 1)
		expect_problem(id, word, ERROR_RANGE);
	expect(id, "0", VALUE_KERNEL, 0);
	expect(id, "00", VALUE_KERNEL, 0);
	expect(id, "default", VALUE_KERNEL, 0);
	expect_problem(id, "4294967295", ERROR_RANGE);
	expect_problem(id, "4294967296", ERROR_RANGE);
	expect_problem(id, "4294967297", ERROR_RANGE);
	expect_problem(id, "18446744073709551617", ERROR_RANGE);
	expect_problem(id, "99999999999999999999999999999999", ERROR_RANGE);
}
END_TEST

START_TEST(not_a_number)
{
	static const char *const words[] = { "-1",      "+1", "0x10", "1e3", "1.5",
					     "x",       "6O", "--",   "1 2", "60 x",
					     "DEFAULT", "s",  "60S",  "1;",  "１" };
	enum option_id id = (enum option_id)_i;
	enum error_code code =
		option_table[id].unit == UNIT_PIECES ? ERROR_NOT_A_NUMBER : ERROR_NOT_A_TIME;

	if (option_table[id].unit == UNIT_SWITCH)
		return;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		expect_problem(id, words[i], code);
	if (!option_table[id].derivable)
		expect_problem(id, "auto", code);
}
END_TEST

START_TEST(times)
{
	expect(OPTION_IDLE, "60", VALUE_SET, 60);
	expect(OPTION_IDLE, "60s", VALUE_SET, 60);
	expect(OPTION_IDLE, "60 s", VALUE_SET, 60);
	expect(OPTION_IDLE, "2min", VALUE_SET, 120);
	expect(OPTION_IDLE, "1h", VALUE_SET, 3600);
	expect(OPTION_IDLE, "9h", VALUE_SET, 32400);
	expect(OPTION_IDLE, "3000ms", VALUE_SET, 3);
	expect(OPTION_IDLE, "0ms", VALUE_KERNEL, 0);
	expect(OPTION_USER_TIMEOUT, "60", VALUE_SET, 60);
	expect(OPTION_USER_TIMEOUT, "500ms", VALUE_SET, 500);
	expect(OPTION_USER_TIMEOUT, "60s", VALUE_SET, 60000);
	expect(OPTION_USER_TIMEOUT, "2min", VALUE_SET, 120000);
	expect(OPTION_USER_TIMEOUT, "596h", VALUE_SET, 2145600000);
	expect(OPTION_USER_TIMEOUT, "auto", VALUE_AUTO, 0);
	expect(OPTION_RTO_MAX, "1s", VALUE_SET, 1000);
	expect(OPTION_DEFER_ACCEPT, "1min", VALUE_SET, 60);
	expect_problem(OPTION_IDLE, "500ms", ERROR_FRACTION);
	expect_problem(OPTION_IDLE, "1001ms", ERROR_FRACTION);
	expect_problem(OPTION_IDLE, "10h", ERROR_RANGE);
	expect_problem(OPTION_IDLE, "5000000000ms", ERROR_RANGE);
	/* These would be small numbers again if they were multiplied in 32 bits. */
	expect_problem(OPTION_IDLE, "1193047h", ERROR_RANGE);
	expect_problem(OPTION_USER_TIMEOUT, "4294968s", ERROR_RANGE);
	expect_problem(OPTION_USER_TIMEOUT, "597h", ERROR_RANGE);
	expect_problem(OPTION_USER_TIMEOUT, "4294967295h", ERROR_RANGE);
	expect_problem(OPTION_IDLE, "1m", ERROR_NOT_A_TIME);
	expect_problem(OPTION_IDLE, "1sec", ERROR_NOT_A_TIME);
	expect_problem(OPTION_IDLE, "1min30s", ERROR_NOT_A_TIME);
	expect_problem(OPTION_IDLE, "ms", ERROR_NOT_A_TIME);
	expect_problem(OPTION_COUNT, "3s", ERROR_NOT_A_NUMBER);
}
END_TEST

START_TEST(switches)
{
	static const char *const on[] = { "on", "ON", "On", "yes", "true", "TRUE", "1" };
	static const char *const off[] = { "off", "OFF", "no", "No", "false", "0" };
	static const char *const neither[] = { "",     "o",  "onn",     "2",
					       "offf", "00", "enabled", "falsefalse" };

	for (size_t i = 0; i < sizeof on / sizeof *on; i++)
		expect(OPTION_KEEPALIVE, on[i], VALUE_SET, 1);
	for (size_t i = 0; i < sizeof off / sizeof *off; i++)
		expect(OPTION_KEEPALIVE, off[i], VALUE_SET, 0);
	for (size_t i = 0; i < sizeof neither / sizeof *neither; i++)
		expect_problem(OPTION_KEEPALIVE, neither[i], ERROR_NOT_A_SWITCH);
	expect(OPTION_KEEPALIVE, "default", VALUE_KERNEL, 0);
}
END_TEST

/* A word is as long as it says, and a zero byte in it ends nothing. */
START_TEST(bounds)
{
	struct value value;
	char word[] = { '6', '0', 0, 's' };

	ck_assert_int_eq(option_parse(&option_table[OPTION_IDLE], (struct text){ word, 2 }, &value),
			 0);
	ck_assert_int_eq(value.number, 60);
	ck_assert_int_eq(option_parse(&option_table[OPTION_IDLE], (struct text){ word, 4 }, &value),
			 ERROR_NOT_A_TIME);
	word[0] = 'o', word[1] = 'n';
	ck_assert_int_eq(
		option_parse(&option_table[OPTION_KEEPALIVE], (struct text){ word, 3 }, &value),
		ERROR_NOT_A_SWITCH);
}
END_TEST

/* Each name of an option stands in the table once. */
START_TEST(names)
{
	for (size_t a = 0; a < OPTIONS; a++)
		for (size_t b = 0; b < OPTIONS; b++) {
			ck_assert_int_eq(!strcmp(option_table[a].key, option_table[b].key), a == b);
			for (size_t i = 0; i < OPTION_VARIABLES; i++)
				for (size_t k = 0; k < OPTION_VARIABLES; k++)
					if (*option_table[a].variable[i] && (a != b || i != k))
						ck_assert_str_ne(option_table[a].variable[i],
								 option_table[b].variable[k]);
		}
}
END_TEST

/* What is held in arrays fits with its end: no compiler warns where that alone is cut off. */
START_TEST(texts_are_terminated)
{
	const struct option_row *option = &option_table[_i];

	ck_assert_int_eq(option->key[sizeof option->key - 1], 0);
	ck_assert_int_eq(option->kernel_name[sizeof option->kernel_name - 1], 0);
	ck_assert_int_eq(option->sysctl[sizeof option->sysctl - 1], 0);
	for (size_t i = 0; i < OPTION_VARIABLES; i++)
		ck_assert_int_eq(option->variable[i][OPTION_NAME_SIZE - 1], 0);
}
END_TEST

static int read_option(int fd, const struct option_row *option)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, option->level, option->name, &value, &length) ? -1 : value;
}

static bool is_taken(int fd, const struct option_row *option, int value)
{
	return !setsockopt(fd, option->level, option->name, &value, sizeof value);
}

/* What the kernel's sysctls, or the table, say of a new socket. */
static int fresh_value(const struct option_row *option)
{
	char path[64], *content;
	int value = option->fresh;

	if (!option->sysctl[0])
		return value;
	snprintf(path, sizeof path, "/proc/sys/net/ipv4/%s", option->sysctl);
	content = read_whole(path);
	ck_assert_int_eq(sscanf(content, "%d", &value), 1);
	free(content);
	return value;
}

/* True if an unconnected socket reads as what was set. */
static bool reads_as_set(const struct option_row *option)
{
	return option->stage == STAGE_ANY && !option->rounded;
}

/* A new socket reads as the table says; the ends of the range are taken, and nothing beyond them.
 */
START_TEST(as_the_kernel_has_it)
{
	const struct option_row *option = &option_table[_i];
	bool is_checked = option->unit != UNIT_SWITCH && option->stage != STAGE_LISTENING;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), fresh;

	ck_assert_int_ge(fd, 0);
	if (read_option(fd, option) < 0 && errno == ENOPROTOOPT)
		SKIP("this kernel has no %s", option->kernel_name);
	fresh = fresh_value(option);
	ck_assert_int_eq(read_option(fd, option), fresh);
	ck_assert(is_taken(fd, option, option->maximum));
	ck_assert(!reads_as_set(option) || read_option(fd, option) == option->maximum);
	ck_assert(is_taken(fd, option, option->minimum));
	ck_assert(!reads_as_set(option) || read_option(fd, option) == option->minimum);
	ck_assert(is_taken(fd, option, option->minimum + 1));
	ck_assert(!reads_as_set(option) || read_option(fd, option) == option->minimum + 1);
	ck_assert(is_taken(fd, option, option->zero_unsets ? 0 : fresh));
	ck_assert_int_eq(read_option(fd, option), fresh);
	if (is_checked && option->maximum < INT_MAX)
		ck_assert(!is_taken(fd, option, option->maximum + 1));
	if (is_checked && option->minimum > 1)
		ck_assert(!is_taken(fd, option, option->minimum - 1));
	close(fd);
}
END_TEST

/* Each option has its row of sample values, where its name and numbers are the kernel's. */
START_TEST(samples_of_each)
{
	const struct option_row *option = &option_table[_i];
	const struct sample *sample = &samples[_i];
	struct value value;

	ck_assert_msg((size_t)_i < samples_count && !strcmp(option->key, sample->key),
		      "%s needs a row of sample values in tests/lib/samples.c, in this order",
		      option->key);
	ck_assert_str_eq(option->kernel_name, sample->kernel_name);
	ck_assert_int_eq(option->level, sample->level);
	ck_assert_int_eq(option->name, sample->name);
	ck_assert_int_eq(option->stage, (int)sample->reads);
	ck_assert_msg(!*option->sysctl == !sample->sysctl, "%s: sysctl", option->key);
	ck_assert_int_eq(option_parse(option, text_of(sample->word), &value), ERROR_NONE);
	ck_assert_int_eq(value.number, sample->configured);
	ck_assert_msg(sample->configured != sample->fresh && sample->configured != sample->own &&
			      sample->configured != sample->ruled,
		      "%s: the same twice", option->key);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("option");
	TCase *tcase = harness_case(suite, "parse", 10);

	tcase_add_loop_test(tcase, range, 0, OPTIONS);
	tcase_add_loop_test(tcase, not_a_number, 0, OPTIONS);
	tcase_add_test(tcase, times);
	tcase_add_test(tcase, switches);
	tcase_add_test(tcase, bounds);
	tcase_add_test(tcase, names);
	tcase_add_loop_test(tcase, texts_are_terminated, 0, OPTIONS);
	tcase_add_loop_test(tcase, as_the_kernel_has_it, 0, OPTIONS);
	tcase_add_loop_test(tcase, samples_of_each, 0, OPTIONS);
	return harness_run(suite);
}
