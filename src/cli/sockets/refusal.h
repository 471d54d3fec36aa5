/* Why the kernel does not let us look at a process. */
#ifndef KEEPALIVE_REFUSAL_H
#define KEEPALIVE_REFUSAL_H

#include "cli/sockets/process.h"

/* What was tried: to see which descriptors it has, or to have one of them. */
enum refused_step { STEP_SEE, STEP_TAKE };

/* What is behind the error that this step ended in, as half a sentence. */
const char *refusal_reason(const struct process *process, enum refused_step step, int error);

#endif
