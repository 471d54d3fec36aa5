/* Whether a firewall or load balancer that forgets idle connections forgets one with these
 * settings. */
#ifndef KEEPALIVE_IDLE_TIMEOUT_H
#define KEEPALIVE_IDLE_TIMEOUT_H

#include <stdbool.h>

#include "cli/forecast/notes.h"
#include "cli/forecast/predict.h"

struct verdict {
	int idle_timeout; /* after which it forgets, in seconds */
	bool kept;        /* however late the kernel's timers are */
	int period;       /* seconds between answered probes at the earliest */
	int latest;       /* and at the latest */
	int survived;     /* number of probes that may be lost in a row, however late timers are */
};

/* The verdict on a connection with these settings. */
struct verdict idle_timeout_judge(const struct timing *timing, int idle_timeout);

/* Appends the notes that a verdict needs. */
void idle_timeout_note(struct notes *notes, const struct verdict *verdict);

/* Prints it for people. */
void idle_timeout_tell(const struct timing *timing, const struct verdict *verdict);

#endif
