/* Processes that are about to end: who may look at them is no word about their owner. */
#ifndef KEEPALIVE_ENDING_H
#define KEEPALIVE_ENDING_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * True if all of its threads are ending. From then on newer kernels refuse it to all but root, though
 * it can still be found. False where that cannot be read.
 */
bool process_is_ending(pid_t pid);

#endif
