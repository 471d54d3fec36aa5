/* Says in the log what was done to one socket at one moment. Costs a comparison where it is off. */
#ifndef KEEPALIVE_REPORT_H
#define KEEPALIVE_REPORT_H

#include "core/policy.h"
#include "shim/log.h"

struct report {
	bool wanted;
	bool any;
	int fd;
	const char *moment;
	const struct endpoint *endpoint;
	struct line line;
};

/* `moment` names what happens to the socket; `endpoint` may be NULL. */
void report_begin(struct report *report, const char *moment, int fd,
		  const struct endpoint *endpoint);

/* The option was set, was refused by the kernel with that errno, or was left as the program has it. */
void report_set(struct report *report, const struct option *option, const struct choice *choice);
void report_refused(const struct report *report, const struct option *option,
		    const struct choice *choice, int error);
void report_left(const struct report *report, const struct option *option);

void report_end(struct report *report);

#endif
