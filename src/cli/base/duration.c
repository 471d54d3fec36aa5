/* Durations, written for people. */
#include "cli/base/duration.h"

#include <stdio.h>
#include <string.h>

/* Appends a number with its unit, unless it is 0. */
static void add_part(struct duration *duration, long long number, const char *unit)
{
	size_t length = strlen(duration->at);

	if (number)
		snprintf(duration->at + length, sizeof duration->at - length, "%s%lld%s",
			 length ? " " : "", number, unit);
}

struct duration duration_of(long long milliseconds)
{
	struct duration duration = { "" };
	long long seconds = (milliseconds + 500) / 1000;

	if (milliseconds < 0) {
		snprintf(duration.at, sizeof duration.at, "never");
	} else if (milliseconds < 600 * 1000) {
		snprintf(duration.at, sizeof duration.at, "%gs",
			 (double)((milliseconds + 50) / 100) / 10);
	} else {
		add_part(&duration, seconds / 3600, "h");
		add_part(&duration, seconds / 60 % 60, "min");
		add_part(&duration, seconds % 60, "s");
	}
	return duration;
}

struct duration duration_rough(long long milliseconds)
{
	long long seconds = (milliseconds + 500) / 1000;

	if (milliseconds < 10 * 1000)
		return duration_of(milliseconds);
	if (seconds < 600)
		return duration_of(seconds * 1000);
	return duration_of((seconds + 30) / 60 * 60 * 1000);
}
