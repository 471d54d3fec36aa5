/* What keepalive explain tells of a situation, and whether that is what happens on a wire. */
#ifndef TESTS_TOLD_H
#define TESTS_TOLD_H

#include <stdbool.h>

#include "network/hang.h"

enum { SENT_MAX = 160 };

/* Longer than this no test waits; a program whose end is predicted for later is to hang until then.
 */
#define LONGEST 30.0

/* One situation as the command tells it. */
struct told {
	int sent;
	double at[SENT_MAX];
	double end; /* 0: never */
};

/* A program with some settings, and what is told of it. */
struct run {
	char name[200];
	struct told told;
	struct process process;
	int port;
	int packets;  /* of data, sent at once */
	double begun; /* when data was sent, of the epoch */
};

/* Asks in a host, with the same variables that the program gets. */
struct told ask(enum host host, const char *const *set, const char *situation, const char *sent);

/* Names a run after its settings. */
void name_run(struct run *run, const char *what, const char *const *set);

/* Whether its end is predicted for later than a test waits. */
bool hangs(const struct run *run);

/* The kernel's timers are late by an eighth at most; `more` is for what has to be scheduled. */
void expect_stage(const struct run *run, const char *what, double time, double predicted,
		  double more);

/* Holds times, from `from` on, against what was told; if it hangs, as far as it has come. */
void expect_as_told(const struct run *run, int sent, const double *time, double from, double end);

/* When it was freed, of the epoch; a run that hangs is left alone. */
double await(struct run *run);

/* False, and says so, if the kernel lacks an option that is set. */
bool possible(const char *const *set);

/* Stops those that hang. */
void stop(struct run *run, int count);

#endif
