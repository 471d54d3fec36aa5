/* Keeps fork() away from what must not be cut in two. No lock: each side waits for a while only. */
#include "shim/guard.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "shim/kernel.h"

enum { PAUSES = 1000, PAUSE_NANOSECONDS = 50 * 1000 };

static atomic_int workers; /* threads between guard_begin() and guard_end() */
static atomic_int forks;   /* threads that are in fork() */

/* Can be below zero in a child that was forked by a signal handler in the middle of either. */
static bool is_anybody(atomic_int *count)
{
	return atomic_load(count) > 0;
}

static void pause_briefly(void)
{
	struct kernel_time a_moment = { 0, PAUSE_NANOSECONDS };

	kernel_call(SYS_ppoll, 0, 0, (long)&a_moment, 0, 0);
}

void guard_begin(void)
{
	atomic_fetch_add(&workers, 1);
	for (int i = 0; i < PAUSES && is_anybody(&forks); i++) {
		atomic_fetch_sub(&workers, 1);
		pause_briefly();
		atomic_fetch_add(&workers, 1);
	}
}

void guard_end(void)
{
	atomic_fetch_sub(&workers, 1);
}

void guard_fork_begin(void)
{
	atomic_fetch_add(&forks, 1);
	for (int i = 0; i < PAUSES && is_anybody(&workers); i++)
		pause_briefly();
}

void guard_fork_end(bool in_child)
{
	if (!in_child) {
		atomic_fetch_sub(&forks, 1);
		return;
	}
	/* The other threads are not there. */
	atomic_store(&workers, 0);
	atomic_store(&forks, 0);
}
