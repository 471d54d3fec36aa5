/* Processes that take turns: each does a batch of work when it is asked to, and says how long. */
#ifndef TESTS_WORKER_H
#define TESTS_WORKER_H

#include <stddef.h>
#include <sys/types.h>

struct worker {
	int to, from;
	pid_t pid;
};

/* The time in nanoseconds; that of the processor, which other programs do not take from us. */
double now(void);
double processor_time(void);

double median(double *of, size_t count);

/*
 * Starts argv with nothing but LD_PRELOAD and `variables` (NAME=VALUE, up to a NULL) in its
 * environment, in the control group whose directory is `group` (NULL: ours).
 */
struct worker worker_start(const char *const *argv, const char *preload,
			   const char *const *variables, const char *group);

/* Lets it do a batch; returns its result. */
double worker_ask(const struct worker *worker);

void worker_stop(const struct worker *worker);

/* What a worker does: a batch for each byte on stdin, its result to stdout. Its exit status. */
int worker_work(double (*batch)(void));

#endif
