/* Keeps fork() and our own short-lived descriptors apart. No locks: each waits for a while only. */
#include "shim/guard.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "shim/kernel.h"

enum { PAUSES = 1000, PAUSE_NANOSECONDS = 50 * 1000 };

static atomic_int descriptors; /* threads that have one of ours open */
static atomic_int forks;       /* threads that are in fork() */

/* A child that was forked in the middle of either can count below zero later: that is nobody, too.
 */
static bool is_anybody(atomic_int *count)
{
	return atomic_load(count) > 0;
}

static void pause_briefly(void)
{
	struct kernel_time a_moment = { 0, PAUSE_NANOSECONDS };

	kernel_call(SYS_ppoll, 0, 0, (long)&a_moment, 0, 0);
}

void guard_descriptor_begin(void)
{
	atomic_fetch_add(&descriptors, 1);
	for (int i = 0; i < PAUSES && is_anybody(&forks); i++) {
		atomic_fetch_sub(&descriptors, 1);
		pause_briefly();
		atomic_fetch_add(&descriptors, 1);
	}
}

void guard_descriptor_end(void)
{
	atomic_fetch_sub(&descriptors, 1);
}

void guard_fork_begin(void)
{
	atomic_fetch_add(&forks, 1);
	for (int i = 0; i < PAUSES && is_anybody(&descriptors); i++)
		pause_briefly();
}

void guard_fork_end(bool in_child)
{
	if (!in_child) {
		atomic_fetch_sub(&forks, 1);
		return;
	}
	/* The other threads are not there. */
	atomic_store(&descriptors, 0);
	atomic_store(&forks, 0);
}
