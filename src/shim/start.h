/* Start-up: reads environment and file once, before the program's main(). */
#ifndef KEEPALIVE_START_H
#define KEEPALIVE_START_H

#include <stdatomic.h>
#include <stdbool.h>

enum start_state {
	START_NOT_YET,
	START_RUNNING, /* start-up in progress; hooks of all threads only forward */
	START_ACTIVE,
	START_OFF,       /* KEEPALIVE=off, or nothing is configured */
	START_SANDBOXED, /* the program has a seccomp filter that may not allow our system calls */
};

extern atomic_int start_state;

/* Runs the start-up if it has not run. Returns true if the hooks must act. Keeps errno. */
bool start_up(void);

/* In a child of fork(): if another thread was in the start-up, the next hook starts it again. */
void start_after_fork(void);

/* Returns true if the hooks must act. May be called at any time, also before our constructor. */
static inline bool shim_is_active(void)
{
	int state = atomic_load_explicit(&start_state, memory_order_acquire);

	return __builtin_expect(state == START_ACTIVE, 1) || (state == START_NOT_YET && start_up());
}

#endif
