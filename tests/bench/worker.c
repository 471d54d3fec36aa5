/* Processes that take turns: each does a batch of work when it is asked to, and says how long. */
#define _GNU_SOURCE
#include "bench/worker.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double time_by(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

double now(void)
{
	return time_by(CLOCK_MONOTONIC);
}

double processor_time(void)
{
	return time_by(CLOCK_PROCESS_CPUTIME_ID);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double median(double *of, size_t count)
{
	qsort(of, count, sizeof *of, by_size);
	return of[count / 2];
}

static void enter(const char *group)
{
	char path[4096];
	int fd;

	snprintf(path, sizeof path, "%s/cgroup.procs", group);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		_exit(127);
}

struct worker worker_start(const char *const *argv, const char *preload,
			   const char *const *variables, const char *group)
{
	char variable[1024];
	const char *environment[16] = { variable };
	int in[2], out[2];
	struct worker worker;

	snprintf(variable, sizeof variable, "LD_PRELOAD=%s", preload);
	for (int i = 0; variables[i]; i++)
		environment[i + 1] = variables[i];
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC) || (worker.pid = fork()) < 0)
		exit(1);
	if (!worker.pid) {
		if (group)
			enter(group);
		dup2(in[0], 0);
		dup2(out[1], 1);
		execve(argv[0], (char *const *)(uintptr_t)argv,
		       (char *const *)(uintptr_t)environment);
		_exit(127);
	}
	close(in[0]);
	close(out[1]);
	worker.to = in[1];
	worker.from = out[0];
	return worker;
}

double worker_ask(const struct worker *worker)
{
	double result = -1;

	if (write(worker->to, "g", 1) != 1 ||
	    read(worker->from, &result, sizeof result) != sizeof result)
		exit(1);
	return result;
}

void worker_stop(const struct worker *worker)
{
	close(worker->to);
	close(worker->from);
	waitpid(worker->pid, NULL, 0);
}

int worker_work(double (*batch)(void))
{
	char go;

	while (read(0, &go, 1) == 1) {
		double result = batch();

		if (write(1, &result, sizeof result) != sizeof result)
			return 1;
	}
	return 0;
}
