/* Durations, written for people. */
#include "cli/base/duration.h"

#include <stdio.h>

struct duration duration_of(long long milliseconds)
{
	struct duration duration;
	long long seconds = (milliseconds + 500) / 1000;
	char *at = duration.at;
	size_t size = sizeof duration.at;

	if (milliseconds < 0)
		snprintf(at, size, "never");
	else if (milliseconds < 600 * 1000)
		snprintf(at, size, "%gs", (double)((milliseconds + 50) / 100) / 10);
	else if (seconds < 3600)
		snprintf(at, size, "%lldmin %llds", seconds / 60, seconds % 60);
	else
		snprintf(at, size, "%lldh %lldmin %llds", seconds / 3600, seconds / 60 % 60,
			 seconds % 60);
	return duration;
}
