/* Whether settings do what is wished of them, and which settings are suggested. */
#include "cli/forecast/judge.h"
#include "lib/harness.h"

static const struct timing usual = {
	.keepalive = true,
	.idle = 7200,
	.interval = 75,
	.count = 9,
	.rto_max = 120000,
	.syn_count = 6,
	.syn_linear = 4,
	.retries2 = 15,
	.hz = 250,
};

static struct timing of(int idle, int interval, int count, int user_timeout)
{
	struct timing timing = usual;

	timing.idle = idle;
	timing.interval = interval;
	timing.count = count;
	timing.user_timeout = user_timeout;
	return timing;
}

/* On a wire that was cut, connections with 60/10/6 were given up after up to 123.3 s. */
START_TEST(latest)
{
	struct timing timing = of(60, 10, 6, 119900);

	ck_assert_int_ge(predict_idle_latest(&timing), 123300);
	ck_assert_int_le(predict_idle_latest(&timing), 124000);
	ck_assert(judge_idle(&timing, 124));
	ck_assert(!judge_idle(&timing, 123));
	timing.keepalive = false;
	ck_assert_int_eq(predict_idle_latest(&timing), NEVER);
	ck_assert(!judge_idle(&timing, 2147483));
}
END_TEST

START_TEST(data)
{
	struct timing timing = of(60, 10, 6, 16000);

	/* 16.204 s, and up to an eighth more. */
	ck_assert_int_eq(judge_data_latest(&timing), 16204 + 16204 / 8);
	ck_assert(judge_data(&timing, 19));
	ck_assert(!judge_data(&timing, 18));
}
END_TEST

START_TEST(both_wishes)
{
	static const struct {
		struct wish wish;
		bool done;
	} row[] = {
		{ { 0, 0 }, true },     { { 140, 0 }, true },   { { 120, 0 }, false },
		{ { 0, 69 }, true },    { { 0, 68 }, false },   { { 140, 69 }, true },
		{ { 140, 68 }, false }, { { 120, 69 }, false },
	};
	struct timing timing = of(60, 10, 6, 119900);

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		ck_assert_msg(judge(&timing, &row[i].wish) == row[i].done, "row %zu", i);
	/* Data alone would wait for a quarter of an hour. */
	timing.user_timeout = 0;
	ck_assert(!judge(&timing, &(struct wish){ .within = 140 }));
}
END_TEST

/* All wishes: what is suggested does it, what is impossible is so by one second. */
START_TEST(suggestions)
{
	for (int within = 0; within <= 200; within++)
		for (int idle_timeout = 0; idle_timeout <= 100; idle_timeout++) {
			const struct wish wish = { within, idle_timeout };
			struct timing timing = usual;
			enum impossible impossible;
			int least;

			if (judge_suggest(&timing, &wish, &impossible, &least)) {
				ck_assert_msg(judge(&timing, &wish), "%d, %d", within,
					      idle_timeout);
				ck_assert_int_ge(timing.count, COUNT_LEAST);
				if (idle_timeout)
					ck_assert_int_ge(
						judge_idle_timeout(&timing, idle_timeout).survived,
						SURVIVED_LEAST);
				continue;
			}
			ck_assert_msg(impossible == IMPOSSIBLE_WITHIN
					      ? within && within < least && within < 5
					      : idle_timeout && idle_timeout < least &&
							idle_timeout < 5,
				      "%d, %d: least %d", within, idle_timeout, least);
			ck_assert_int_eq(least, 5);
		}
}
END_TEST

START_TEST(usual_values)
{
	struct timing timing = usual;
	enum impossible impossible;
	int least;

	ck_assert(judge_suggest(&timing, &(struct wish){ 0 }, &impossible, &least));
	ck_assert_int_eq(timing.idle, 60);
	ck_assert_int_eq(timing.interval, 10);
	ck_assert_int_eq(timing.count, 6);
	ck_assert_int_eq(timing.user_timeout, 119900);
	ck_assert_int_eq(judge_packets(&timing), 120);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("judge");
	TCase *tcase = harness_case(suite, "judge", 60);

	tcase_add_test(tcase, latest);
	tcase_add_test(tcase, data);
	tcase_add_test(tcase, both_wishes);
	tcase_add_test(tcase, suggestions);
	tcase_add_test(tcase, usual_values);
	return harness_run(suite);
}
