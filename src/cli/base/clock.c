/* The time since the machine started, which nobody sets. */
#include "cli/base/clock.h"

#include <time.h>

long long clock_now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}
