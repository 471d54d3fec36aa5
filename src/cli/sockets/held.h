/* The processes that apply holds open, each from the round in which it is found until it ends. */
#ifndef KEEPALIVE_HELD_H
#define KEEPALIVE_HELD_H

#include "cli/base/memory.h"
#include "cli/sockets/process.h"

/* { 0 } is none. */
struct held {
	struct process *process;
	size_t count, room;
	struct numbers closed; /* the ids of those that were reported as denied */
};

/* The process of that id, if it is held; else NULL. Holds until the next call of any of these. */
const struct process *held_find(const struct held *held, pid_t pid);

/*
 * Opens and holds a process that is not held yet; NULL if that fails. `*closed` becomes true, after
 * a message the first time, if it may not be looked at.
 */
const struct process *held_open(struct held *held, pid_t pid, bool *closed);

/* Reports such a process the first time. Returns false if the code is another. */
bool held_report(struct held *held, const struct process *process, enum process_error code);

/* Waits that long, or until one ends, and lets go of all that have ended, or may have. */
void held_wait(struct held *held, int milliseconds);

/* Allows us as many descriptors as may be: each process that is held takes one. */
void held_allow_descriptors(void);

#endif
