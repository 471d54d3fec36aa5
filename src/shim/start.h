/* Start-up: reads environment and file once, before the program's main. */
#ifndef KEEPALIVE_START_H
#define KEEPALIVE_START_H

#include <stdatomic.h>
#include <stdbool.h>

enum start_state {
	START_NOT_YET,
	START_RUNNING, /* hooks that are called meanwhile, from any thread, only forward */
	START_ACTIVE,
	START_OFF,       /* the configuration says so */
	START_SANDBOXED, /* the program has a sandbox that may not know our system calls */
};

extern atomic_int start_state;

/* Runs the start-up if nobody has; true if the hooks are to act. Keeps errno. */
bool start_up(void);

/* In a child of fork(): a start-up that another thread had begun is begun anew by the next hook. */
void start_after_fork(void);

/* True if the hooks are to act. May be called at any time, before our constructor too. */
static inline bool shim_is_active(void)
{
	int state = atomic_load_explicit(&start_state, memory_order_acquire);

	return __builtin_expect(state == START_ACTIVE, 1) || (state == START_NOT_YET && start_up());
}

#endif
