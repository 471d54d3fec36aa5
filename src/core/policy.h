/* What is set on a socket: environment overrides rules, rules override the file's globals. */
#ifndef KEEPALIVE_POLICY_H
#define KEEPALIVE_POLICY_H

#include "core/rules.h"

/* The values that sockets have by default: by option, in the option's unit. */
struct kernel_values {
	int number[OPTIONS];
};

/* Fills in the values of Linux if no sysctl is changed. */
void kernel_values_default(struct kernel_values *kernel);

/* The whole configuration, and the kernel's values. */
struct policy {
	struct settings environment;
	struct settings globals;
	struct rules rules;
	struct kernel_values kernel;
};

/* Returns true if decisions may need kernel values that only sysctls tell. */
bool policy_needs_kernel_values(const struct policy *policy);

/* Returns false if no socket is ever changed. */
bool policy_acts(const struct policy *policy);

/* Returns true if settings of the program may be overridden. */
bool policy_overrides(const struct policy *policy);

struct choice {
	int number; /* the value to set; if not configured, the kernel's */
	bool configured;
	struct value value;      /* as configured, even if keepalive is off; or unset */
	const struct rule *rule; /* the rule that sets it; NULL: none */
};

struct decision {
	struct choice choice[OPTIONS];
	struct choice override; /* configured: override settings of the program */
};

/* Decides with what is known of the endpoint. */
void policy_decide(const struct policy *policy, const struct endpoint *endpoint,
		   struct decision *decision);

/*
 * The kernel checks the user timeout when a keepalive timer fires, so all values after tick count -
 * 1 up to tick count have the same effect. Timers fire late, never early (by up to an eighth of
 * their length), so the end of that span is its safe part. An exactly equal value can miss the tick
 * by a jiffy, which is at most 10 ms.
 */
enum { DERIVED_MARGIN_MS = 100 };

/*
 * Returns the user timeout in milliseconds (times in seconds) with which a connection to an idle
 * peer that has disappeared ends at the probe tick at idle + interval x count, as it would without
 * a user timeout.
 */
int derive_user_timeout(int idle, int interval, int count);

#endif
