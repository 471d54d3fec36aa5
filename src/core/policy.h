/* What is to be set on a socket: environment over rules over the file's other keys. */
#ifndef KEEPALIVE_POLICY_H
#define KEEPALIVE_POLICY_H

#include "core/rules.h"

/* What sockets have where nobody set anything: by option, in the option's unit. */
struct kernel_values {
	int number[OPTIONS];
};

/* As Linux has them where no sysctl was changed. */
void kernel_values_default(struct kernel_values *kernel);

/* All that was said, and what holds where nothing was. */
struct policy {
	struct settings environment;
	struct settings globals;
	struct rules rules;
	struct kernel_values kernel;
};

/* True if decisions may need kernel values that only the sysctls tell. */
bool policy_needs_kernel_values(const struct policy *policy);

/* False if no socket can come to be touched. */
bool policy_acts(const struct policy *policy);

/* True if the program's own settings can come to be put back. */
bool policy_overrides(const struct policy *policy);

struct choice {
	int number;              /* what is to be set; not configured: what the kernel has */
	bool configured;
	struct value value;      /* what won, be keepalive off or not; absent: nobody said anything */
	const struct rule *rule; /* that says so, where it is a rule */
};

struct decision {
	struct choice choice[OPTIONS];
	struct choice override; /* configured: what the program sets itself is put back */
};

/* Decides by what is known of the endpoint. */
void policy_decide(const struct policy *policy, const struct endpoint *endpoint,
		   struct decision *decision);

/*
 * The user timeout, in milliseconds, with which an idle peer that is gone is given up at the probe
 * tick at idle + interval x count (seconds), as it would be without a user timeout.
 */
int derive_user_timeout(int idle, int interval, int count);

#endif
