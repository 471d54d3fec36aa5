/*
 * Keeps fork() away from what must not be cut in two: a child that is made while another thread
 * is in the start-up would never have one, and while another thread has a descriptor of ours open,
 * it would have that for good.
 */
#ifndef KEEPALIVE_GUARD_H
#define KEEPALIVE_GUARD_H

#include <stdbool.h>

/*
 * Around such a piece of work. Waits for a fork() that is under way, and goes on without if that
 * takes longer than a tenth of a second or so.
 */
void guard_begin(void);
void guard_end(void);

/*
 * Around fork(). Waits until no thread is at such work, and goes on without if that takes longer.
 * Nobody is, but in a start-up and where there is a log.
 */
void guard_fork_begin(void);
void guard_fork_end(bool in_child);

#endif
