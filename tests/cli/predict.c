/* The arithmetic of when a dead peer is noticed, on what was measured and on its limits. */
#include <stdio.h>
#include <string.h>

#include "cli/forecast/predict.h"
#include "lib/harness.h"

enum { DAY = 24 * 60 * 60 };

static const struct timing usual = {
	.keepalive = true,
	.idle = 7200,
	.interval = 75,
	.count = 9,
	.rto_max = 120000,
	.syn_count = 6,
	.syn_linear = 4,
	.retries2 = 15,
};

typedef void predict(const struct timing *timing, struct prediction *prediction);

/* "1000 2000 | 3000": what is sent, and the end. */
static const char *told(predict *what, const struct timing *timing)
{
	static char text[2048];
	struct prediction prediction;
	int length = 0;

	what(timing, &prediction);
	ck_assert_int_le(prediction.sent, MOMENTS_MAX);
	for (int i = 0; i < prediction.sent; i++)
		length += snprintf(text + length, sizeof text - (size_t)length, "%lld ",
				   prediction.at[i]);
	if (prediction.sent)
		ck_assert_int_eq(prediction.last, prediction.at[prediction.sent - 1]);
	snprintf(text + length, sizeof text - (size_t)length, "| %lld", prediction.end);
	return text;
}

START_TEST(idle)
{
	static const struct {
		int idle, interval, count, user_timeout;
		const char *told;
	} row[] = {
		{ 2, 1, 3, 0, "2000 3000 4000 | 5000" },
		{ 1, 1, 1, 0, "1000 | 2000" },
		{ 1, 3, 2, 0, "1000 4000 | 7000" },
		{ 2, 1, 5, 1000, "2000 | 3000" },
		{ 2, 1, 5, 1, "2000 | 3000" },
		{ 2, 1, 5, 3000, "2000 | 3000" },
		{ 2, 1, 5, 3001, "2000 3000 | 4000" },
		{ 2, 1, 5, 4500, "2000 3000 4000 | 5000" },
		{ 2, 1, 5, 7500, "2000 3000 4000 5000 6000 7000 | 8000" },
		{ 2, 1, 3, 4900, "2000 3000 4000 | 5000" },
		{ 2, 1, 3, 5000, "2000 3000 4000 | 5000" },
		{ 32767, 32767, 2, 0, "32767000 65534000 | 98301000" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.idle = row[i].idle;
		timing.interval = row[i].interval;
		timing.count = row[i].count;
		timing.user_timeout = row[i].user_timeout;
		ck_assert_str_eq(told(predict_idle, &timing), row[i].told);
		timing.keepalive = false;
		ck_assert_str_eq(told(predict_idle, &timing), "| -1");
	}
}
END_TEST

/* The user timeout that an idle connection may have, in milliseconds, is longer than 24 days. */
START_TEST(idle_for_days)
{
	struct timing timing = usual;
	struct prediction prediction;

	timing.idle = timing.interval = 1;
	timing.user_timeout = 20 * DAY * 1000;
	predict_idle(&timing, &prediction);
	ck_assert_int_eq(prediction.sent, 20 * DAY - 1);
	ck_assert_int_eq(prediction.at[MOMENTS_MAX - 1], MOMENTS_MAX * 1000);
	ck_assert_int_eq(prediction.last, timing.user_timeout - 1000);
	ck_assert_int_eq(prediction.end, timing.user_timeout);
	timing.user_timeout = 2147483647;
	predict_idle(&timing, &prediction);
	ck_assert_int_eq(prediction.end, 2147484000);
}
END_TEST

START_TEST(fewest_lost)
{
	static const struct {
		int idle, interval, user_timeout, hz, fewest;
	} row[] = {
		/* Timers of a minute are on a grid of 2.048 seconds, those of 10 take 10.24. */
		{ 60, 10, 119900, 250, 6 },
		{ 60, 1, 62900, 250, 1 },
		{ 60, 1, 62900, 1000, 1 },
		{ 2, 1, 4900, 250, 3 },
		{ 2, 1, 5001, 250, 3 },
		{ 2, 1, 1, 250, 1 },
		/* Those of an hour are minutes late. */
		{ 3600, 10, 3659900, 250, 1 },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.idle = row[i].idle;
		timing.interval = row[i].interval;
		timing.user_timeout = row[i].user_timeout;
		timing.hz = row[i].hz;
		ck_assert_msg(predict_fewest_lost(&timing) == row[i].fewest, "%d/%d, %d ms: %d",
			      row[i].idle, row[i].interval, row[i].user_timeout,
			      predict_fewest_lost(&timing));
	}
}
END_TEST

START_TEST(data)
{
	static const struct {
		int user_timeout, rto_max, retries2;
		const char *told;
	} row[] = {
		{ 100, 120000, 15, "8 204 | 304" },
		{ 500, 120000, 15, "8 204 612 | 704" },
		{ 3000, 120000, 15, "8 204 612 1428 3060 | 3204" },
		{ 4000, 120000, 15, "8 204 612 1428 3060 | 4204" },
		{ 7000, 120000, 15, "8 204 612 1428 3060 6324 | 7204" },
		{ 5000, 1000, 15, "8 204 612 1428 2428 3428 4428 | 5204" },
		/* By the time that the kernel takes the retries for, 14.4 s, and timers that are
		   late. */
		{ 0, 1000, 15,
		  "8 204 612 1428 2428 3428 4428 5428 6428 7428 8428 9428 10428 11428 12428 13428 "
		  "| 14428" },
		{ 0, 120000, 0, "8 204 | 612" },
		{ 0, 120000, 3, "8 204 612 1428 3060 | 6324" },
		{ 0, 120000, 4, "8 204 612 1428 3060 | 6324" },
		{ 0, 120000, 5, "8 204 612 1428 3060 6324 | 12852" },
		{ 0, 120000, 15,
		  "8 204 612 1428 3060 6324 12852 25908 52020 104244 208692 328692 448692 568692 "
		  "688692 808692 | 928692" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.user_timeout = row[i].user_timeout;
		timing.rto_max = row[i].rto_max;
		timing.retries2 = row[i].retries2;
		ck_assert_str_eq(told(predict_data, &timing), row[i].told);
		/* Keepalive has no say in it. */
		timing.keepalive = false;
		timing.count = 1;
		ck_assert_str_eq(told(predict_data, &timing), row[i].told);
	}
}
END_TEST

START_TEST(persist)
{
	static const struct {
		int user_timeout, rto_max, retries2;
		const char *told;
	} row[] = {
		{ 1, 120000, 15, "204 | 205" },
		{ 3000, 120000, 15, "204 612 1428 3060 | 3204" },
		{ 6000, 1000, 15, "204 612 1428 2428 3428 4428 5428 | 6204" },
		/* The number of probes ends it, and the user timeout is too long to matter. */
		{ 40000, 1000, 15,
		  "204 612 1428 2428 3428 4428 5428 6428 7428 8428 9428 10428 11428 12428 13428 "
		  "| 14428" },
		{ 0, 1000, 15,
		  "204 612 1428 2428 3428 4428 5428 6428 7428 8428 9428 10428 11428 12428 13428 "
		  "| 14428" },
		{ 10000, 1000, 5, "204 612 1428 2428 3428 | 4428" },
		{ 0, 120000, 3, "204 612 1428 | 3060" },
		{ 0, 120000, 0, "| 204" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.user_timeout = row[i].user_timeout;
		timing.rto_max = row[i].rto_max;
		timing.retries2 = row[i].retries2;
		ck_assert_str_eq(told(predict_persist, &timing), row[i].told);
	}
}
END_TEST

START_TEST(connecting)
{
	static const struct {
		int syn_count, linear, user_timeout, rto_max;
		const char *told;
	} row[] = {
		{ 1, 4, 0, 120000, "1000 2000 | 3000" },
		{ 2, 4, 0, 120000, "1000 2000 3000 4000 5000 | 7000" },
		{ 3, 4, 0, 120000, "1000 2000 3000 4000 5000 7000 11000 | 19000" },
		{ 6, 4, 0, 120000,
		  "1000 2000 3000 4000 5000 7000 11000 19000 35000 67000 | 131000" },
		/* As it was before Linux 6.5. */
		{ 1, 0, 0, 120000, "1000 | 3000" },
		{ 6, 0, 0, 120000, "1000 3000 7000 15000 31000 63000 | 127000" },
		{ 3, 4, 0, 1000, "1000 2000 3000 | 4000" },
		{ 6, 4, 0, 2000, "1000 2000 3000 4000 5000 7000 9000 11000 | 13000" },
		{ 6, 4, 500, 120000, "1000 | 1000" },
		{ 6, 4, 3000, 120000, "1000 2000 | 3000" },
		{ 6, 4, 10000, 120000, "1000 2000 3000 4000 5000 7000 | 10000" },
		{ 1, 4, 4000, 120000, "1000 2000 3000 | 4000" },
		{ 1, 4, 30000, 120000, "1000 2000 3000 4000 5000 | 7000" },
		{ 2, 4, 30000, 120000, "1000 2000 3000 4000 5000 7000 | 11000" },
		{ 2, 0, 30000, 120000, "1000 3000 | 7000" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.syn_count = row[i].syn_count;
		timing.syn_linear = row[i].linear;
		timing.user_timeout = row[i].user_timeout;
		timing.rto_max = row[i].rto_max;
		ck_assert_str_eq(told(predict_connect, &timing), row[i].told);
	}
}
END_TEST

/* However late timers are on the way, the last one is cut to the user timeout. */
START_TEST(data_for_hours)
{
	struct timing timing = usual;
	struct prediction prediction;

	timing.rto_max = 1000;
	timing.user_timeout = 90 * 60 * 1000;
	predict_data(&timing, &prediction);
	ck_assert_int_eq(prediction.end, 204 + timing.user_timeout);
	timing.syn_count = 127;
	timing.syn_linear = 0;
	timing.user_timeout = 100 * 1000;
	predict_connect(&timing, &prediction);
	ck_assert_int_eq(prediction.end, timing.user_timeout);
}
END_TEST

/* All that can be set comes to an end, in what is sent too. */
START_TEST(extremes)
{
	static const int user_timeout[] = { 0, 1, 2147483647 }, rto_max[] = { 1000, 120000 };
	static predict *const what[] = { predict_idle, predict_data, predict_persist,
					 predict_connect };

	for (int i = 0; i < 3 * 2 * 4; i++) {
		struct timing timing = usual;
		struct prediction prediction;

		timing.user_timeout = user_timeout[i % 3];
		timing.rto_max = rto_max[i / 3 % 2];
		timing.interval = 1;
		timing.count = timing.syn_count = 127;
		timing.retries2 = timing.syn_linear = 255;
		what[i / 6](&timing, &prediction);
		ck_assert_int_ge(prediction.sent, 1);
		ck_assert_int_ge(prediction.end, prediction.last);
		for (int k = 1; k < prediction.sent && k < MOMENTS_MAX; k++)
			ck_assert_int_gt(prediction.at[k], prediction.at[k - 1]);
	}
}
END_TEST

/* A jiffy is what the least timeout is rounded up to. */
START_TEST(other_clocks)
{
	static const struct {
		int hz;
		const char *told;
	} row[] = {
		{ 100, "20 210 630 | 710" }, { 250, "8 204 612 | 704" },  { 0, "8 204 612 | 704" },
		{ 300, "6 203 609 | 703" },  { 1000, "2 201 603 | 701" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct timing timing = usual;

		timing.hz = row[i].hz;
		timing.user_timeout = 500;
		ck_assert_str_eq(told(predict_data, &timing), row[i].told);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("predict");
	TCase *tcase = harness_case(suite, "predict", 30);

	tcase_add_test(tcase, idle);
	tcase_add_test(tcase, idle_for_days);
	tcase_add_test(tcase, fewest_lost);
	tcase_add_test(tcase, data);
	tcase_add_test(tcase, persist);
	tcase_add_test(tcase, connecting);
	tcase_add_test(tcase, data_for_hours);
	tcase_add_test(tcase, extremes);
	tcase_add_test(tcase, other_clocks);
	return harness_run(suite);
}
