/* Dates: every day that the log can see, against the C library. */
#include <string.h>
#include <time.h>

#include "core/calendar.h"
#include "lib/harness.h"

enum { DAY = 24 * 60 * 60, LAST_DAY = UINT32_MAX / DAY };

START_TEST(every_day)
{
	for (uint32_t day = 0; day <= LAST_DAY; day++) {
		time_t noon = (time_t)day * DAY + DAY / 2;
		struct line line = { 0 };
		struct tm parts;
		char expected[32];

		gmtime_r(&noon, &parts);
		ck_assert_uint_eq(strftime(expected, sizeof expected, "%Y-%m-%d", &parts), 10);
		line_add_date(&line, day);
		ck_assert_uint_eq(line.length, 10);
		ck_assert_mem_eq(line.at, expected, 10);
	}
}
END_TEST

START_TEST(two_digits)
{
	struct line line = { 0 };

	for (uint32_t number = 8; number < 12; number++)
		line_add_two_digits(&line, number);
	ck_assert_uint_eq(line.length, 8);
	ck_assert_mem_eq(line.at, "08091011", 8);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("calendar");
	TCase *tcase = harness_case(suite, "calendar", 60);

	tcase_add_test(tcase, every_day);
	tcase_add_test(tcase, two_digits);
	return harness_run(suite);
}
