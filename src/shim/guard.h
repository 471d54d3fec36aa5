/*
 * Keeps fork() and our own short-lived descriptors apart: a child that is made while another thread
 * reads the configuration or writes to the log would have that descriptor for good.
 */
#ifndef KEEPALIVE_GUARD_H
#define KEEPALIVE_GUARD_H

#include <stdbool.h>

/*
 * Around the time for which a descriptor of ours is open. Waits for a fork() that is under way, and
 * goes on without if that takes longer than a tenth of a second.
 */
void guard_descriptor_begin(void);
void guard_descriptor_end(void);

/*
 * Around fork(). Waits until no thread has a descriptor of ours open, and goes on without if that
 * takes longer. Without a log there is nobody to wait for but a start-up.
 */
void guard_fork_begin(void);
void guard_fork_end(bool in_child);

#endif
