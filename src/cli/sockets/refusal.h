/* Why the kernel does not let us look at a process. */
#ifndef KEEPALIVE_REFUSAL_H
#define KEEPALIVE_REFUSAL_H

#include "cli/sockets/process.h"

/* The step that failed: listing its descriptors, or taking one of them. */
enum refused_step { STEP_SEE, STEP_TAKE };

/* Returns the reason for the error of this step, as half a sentence. */
const char *refusal_reason(const struct process *process, enum refused_step step, int error);

/*
 * Returns the reason why something of its sockets is unknown, `refused` being the result of
 * sockets_visit; NULL if a socket came meanwhile, or the process ended.
 */
const char *unknown_reason(const struct process *process, int refused);

/* Reports on stderr what process_open returned, unless it is PROCESS_FINE. */
void process_report(const struct process *process, enum process_error code);

#endif
