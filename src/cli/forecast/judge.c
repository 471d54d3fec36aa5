/* Whether settings do what is wished of them, and settings that do. */
#include "cli/forecast/judge.h"

#include <limits.h>
#include <stddef.h>

#include "core/policy.h"

/* The kernel's timers are late by up to an eighth of their length; rounded up, to be safe. */
static int latest(int seconds)
{
	return seconds + seconds / 8 + 1;
}

struct verdict judge_idle_timeout(const struct timing *timing, int idle_timeout)
{
	/* After an answer the kernel looks again an interval later, not sooner. */
	int period = timing->interval > timing->idle ? timing->interval : timing->idle;
	struct verdict verdict = { .idle_timeout = idle_timeout, .period = period };
	int most = predict_fewest_lost(timing) - 1;

	verdict.latest = latest(period);
	verdict.kept = timing->keepalive && verdict.latest < idle_timeout;
	/* If more are lost, the kernel itself ends the connection. */
	while (verdict.kept && verdict.survived < most &&
	       latest(period + (verdict.survived + 1) * timing->interval) < idle_timeout)
		verdict.survived++;
	verdict.ended = verdict.survived == most;
	return verdict;
}

static bool in_time(long long milliseconds, int seconds)
{
	return milliseconds != NEVER && milliseconds <= seconds * 1000LL;
}

bool judge_idle(const struct timing *timing, int within)
{
	return in_time(predict_idle_latest(timing), within);
}

long long judge_data_latest(const struct timing *timing)
{
	struct prediction data;

	predict_data(timing, &data);
	return data.end + data.end / 8;
}

bool judge_data(const struct timing *timing, int within)
{
	return in_time(judge_data_latest(timing), within);
}

bool judge(const struct timing *timing, const struct wish *wish)
{
	if (wish->within && !(judge_idle(timing, wish->within) && judge_data(timing, wish->within)))
		return false;
	return !wish->idle_timeout ||
	       (!wish->proxy && judge_idle_timeout(timing, wish->idle_timeout).kept);
}

/* Round values, the usual ones first: from them on down. */
static const int idles[] = { 60, 45, 30, 20, 15, 10, 8, 6, 5, 4, 3, 2, 1 };
static const int intervals[] = { 10, 8, 6, 5, 4, 3, 2, 1 };
static const int counts[] = { 6, 5, 4, COUNT_LEAST };

enum {
	IDLES = sizeof idles / sizeof *idles,
	INTERVALS = sizeof intervals / sizeof *intervals,
	COUNTS = sizeof counts / sizeof *counts
};

static void use(struct timing *timing, int idle, int interval, int count)
{
	timing->keepalive = true;
	timing->idle = idle;
	timing->interval = interval;
	timing->count = count;
	timing->user_timeout = derive_user_timeout(idle, interval, count);
}

/* Probes that come close together are lost together. */
static bool is_spread(const struct timing *timing)
{
	return timing->interval <= timing->idle &&
	       2 * timing->interval * timing->count >= timing->idle;
}

static bool does(const struct timing *timing, const struct wish *wish)
{
	return judge(timing, wish) &&
	       (!wish->idle_timeout ||
		judge_idle_timeout(timing, wish->idle_timeout).survived >= SURVIVED_LEAST);
}

static bool find(struct timing *timing, const struct wish *wish)
{
	for (size_t count = 0; count < COUNTS; count++)
		for (size_t idle = 0; idle < IDLES; idle++)
			for (size_t interval = 0; interval < INTERVALS; interval++) {
				use(timing, idles[idle], intervals[interval], counts[count]);
				if (is_spread(timing) && does(timing, wish))
					return true;
			}
	return false;
}

/* The shortest time for one wish alone that can be met. */
static int shortest(const struct timing *timing, bool within)
{
	struct timing quickest = *timing;
	struct wish wish = { 0 };
	int *seconds = within ? &wish.within : &wish.idle_timeout;

	use(&quickest, 1, 1, COUNT_LEAST);
	for (*seconds = 1; *seconds < INT_MAX && !does(&quickest, &wish);)
		++*seconds;
	return *seconds;
}

bool judge_suggest(struct timing *timing, const struct wish *wish, enum impossible *impossible,
		   int *least)
{
	struct wish alone = { .within = wish->within };

	if (find(timing, wish))
		return true;
	/* The quickest settings are best for both wishes, so one of these is impossible by itself.
	 */
	*impossible = find(timing, &alone) ? IMPOSSIBLE_IDLE_TIMEOUT : IMPOSSIBLE_WITHIN;
	*least = shortest(timing, *impossible == IMPOSSIBLE_WITHIN);
	return false;
}

int judge_packets(const struct timing *timing)
{
	enum { HOUR = 3600 };
	int period = timing->interval > timing->idle ? timing->interval : timing->idle;

	return 2 * (HOUR / period);
}
