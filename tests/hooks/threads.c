/* The hooks where they meet threads, cancellation, signals and children. */
#include "hooks/drive.h"

static const struct trial trials[] = {
	{ .victim = "threads" },
	{ .victim = "signals" },
	{ .victim = "children" },
	{ .victim = "cancel" },
	{ .victim = "stack" },
	{ .victim = "crowd",
	  .expected = "wanted: %O\n0 different\n",
	  .control = "wanted: %F\n0 different\n" },
};

int main(void)
{
	return harness_run(trial_suite("threads", trials, sizeof trials / sizeof *trials));
}
