/* Keeps fork() out of critical work. Without a lock: each side waits for a limited time. */
#include "shim/guard.h"

#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "shim/kernel.h"
#include "shim/thread.h"

enum { PAUSES = 1000, PAUSE_NANOSECONDS = 50 * 1000 };

static atomic_int workers; /* threads between guard_begin() and guard_end() */
static atomic_int forks;   /* threads in fork() */

/* The thread that called fork() last: its own pthread_atfork() handlers must not wait for it. */
static atomic_uintptr_t forker;

static void pause_briefly(void)
{
	struct kernel_time a_moment = { 0, PAUSE_NANOSECONDS };

	kernel_call(SYS_ppoll, 0, 0, (long)&a_moment, 0, 0);
}

static void enter(atomic_int *count)
{
	atomic_fetch_add(count, 1);
}

/* Decrements the count, not below zero: a thread that waited too long may have reset it. */
static void leave(atomic_int *count)
{
	int before = atomic_load(count);

	while (before > 0 && !atomic_compare_exchange_weak(count, &before, before - 1))
		continue;
}

/*
 * Resets the count of threads that may not exist: a child not made by our fork() has the count but
 * not the threads, and a signal handler may have jumped out of the work.
 */
static void give_up_on(atomic_int *count)
{
	atomic_store(count, 0);
}

static bool is_fork_elsewhere(void)
{
	return atomic_load(&forks) && atomic_load(&forker) != thread_number();
}

void guard_begin(void)
{
	enter(&workers);
	for (int i = 0; i < PAUSES; i++) {
		if (!is_fork_elsewhere())
			return;
		leave(&workers);
		pause_briefly();
		enter(&workers);
	}
	give_up_on(&forks);
}

void guard_end(void)
{
	leave(&workers);
}

void guard_fork_begin(void)
{
	atomic_store(&forker, thread_number());
	enter(&forks);
	for (int i = 0; i < PAUSES; i++) {
		if (!atomic_load(&workers))
			return;
		pause_briefly();
	}
	give_up_on(&workers);
}

void guard_fork_end(bool in_child)
{
	if (!in_child) {
		leave(&forks);
		return;
	}
	/* The child has no other threads. */
	atomic_store(&workers, 0);
	atomic_store(&forks, 0);
}
