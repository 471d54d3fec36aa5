/* The hooks where they meet threads, cancellation, signals and children. */
#include "victims/drive.h"

static const struct trial trials[] = {
	{ .victim = "threads" },
	{ .victim = "signals" },
	{ .victim = "children" },
	{ .victim = "cancel" },
};

int main(void)
{
	return harness_run(trial_suite("threads", trials, sizeof trials / sizeof *trials));
}
