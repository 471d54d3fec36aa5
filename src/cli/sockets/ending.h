/* Processes that are about to end: the kernel then denies access even to their owner. */
#ifndef KEEPALIVE_ENDING_H
#define KEEPALIVE_ENDING_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Returns true if all threads of a process are ending. From then on newer kernels let only root
 * look at it, though it can still be found. False if that cannot be read.
 */
bool process_is_ending(pid_t pid);

/* True if its first thread has ended, and others run on: /proc then has none of its descriptors. */
bool process_has_lost_leader(pid_t pid);

/* The same in words. */
#define LOST_LEADER "its sockets cannot be seen: its first thread has ended, others run on"

#endif
