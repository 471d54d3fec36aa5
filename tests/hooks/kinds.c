/* Which kinds of socket are configured, and which are left alone. */
#include "hooks/drive.h"

static const struct trial trials[] = {
	{ .victim = "kinds" },
	{ .victim = "kinds past" },
	{ .victim = "raw" },
	{ .victim = "raw past" },
};

int main(void)
{
	return harness_run(trial_suite("kinds", trials, sizeof trials / sizeof *trials));
}
