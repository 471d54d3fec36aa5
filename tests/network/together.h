/* Runs tests side by side, each in a process of its own: for those that do little but wait. */
#ifndef TESTS_TOGETHER_H
#define TESTS_TOGETHER_H

#include "lib/harness.h"

struct scenario {
	const char *name;
	const TTest *test;
	double timeout; /* seconds */
};

/* In place of harness_run; the results are one, in the order of the table. */
int together_run(const char *suite, const struct scenario *scenarios, int count);

#endif
