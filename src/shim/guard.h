/*
 * Keeps fork() out of critical work: a child made while another thread is in the start-up would
 * never finish its own, and a child made while another thread has a descriptor of ours open would
 * keep it open.
 */
#ifndef KEEPALIVE_GUARD_H
#define KEEPALIVE_GUARD_H

#include <stdbool.h>

/*
 * Call these around such work. Waits until no fork() is in progress, for about a tenth of a second
 * at most.
 */
void guard_begin(void);
void guard_end(void);

/*
 * Call these around fork(). Waits until no thread does such work, as long at most. Threads do it
 * only at start-up and when the log is written.
 */
void guard_fork_begin(void);
void guard_fork_end(bool in_child);

#endif
