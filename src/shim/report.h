/* Logs what was done to one socket at one hook. Costs a comparison if there is no log. */
#ifndef KEEPALIVE_REPORT_H
#define KEEPALIVE_REPORT_H

#include "core/policy.h"
#include "shim/log.h"

struct report {
	bool any;
	int fd;
	const char *hook;
	const struct endpoint *endpoint;
	struct line line;
};

/* The other functions accept NULL: no report. `hook` is the hook's name; `endpoint` may be NULL. */
void report_begin(struct report *report, const char *hook, int fd, const struct endpoint *endpoint);

/* The option was set; refused by the kernel with that errno; or left as the program set it. */
void report_set(struct report *report, const struct option_row *option,
		const struct choice *choice);
void report_refused(const struct report *report, const struct option_row *option,
		    const struct choice *choice, int error);
void report_left(const struct report *report, const struct option_row *option);

void report_end(struct report *report);

#endif
