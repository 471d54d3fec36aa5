/*
 * Decides which options a socket gets at a hook: by the configuration, and by what the socket is.
 */
#ifndef KEEPALIVE_APPLY_H
#define KEEPALIVE_APPLY_H

#include "core/policy.h"

/* A socket at a hook. */
struct event {
	const char *hook; /* for the log */
	int fd;
	struct endpoint endpoint;
	size_t option; /* the option that the program has set; for apply_override() */
};

/* Call this once, before any of the functions below; *policy must stay. */
void apply_configure(const struct policy *policy);

/*
 * The functions below may be called wherever a hook may be. An option that the kernel refuses is
 * skipped. errno may change. "The program has set" an option if the table of descriptors says so,
 * or if its value shows it.
 */

/*
 * For a socket that has all of setting_base: sets what the endpoint requires, unless the program
 * has set its own.
 */
void apply_to_own(const struct event *event);

/* For a foreign socket: sets the options that nobody has set. */
void apply_to_foreign(const struct event *event);

/*
 * For a listener: sets the options of listeners, unless the program has set its own. If it is
 * `own`, does the same as apply_to_own() first.
 */
void apply_to_listener(const struct event *event, bool own);

/*
 * For an accepted connection, which inherited the options that its listener had when the connection
 * arrived: sets those that differ from its decision. `older`: the connection may be older than the
 * settings of its listener, so all are compared. Returns false if nothing had to be set.
 */
bool apply_to_accepted(const struct event *event, int listener, bool older);

/* Returns true if an option of listeners is configured for all of them. */
bool apply_sets_listeners(void);

/* With override, after the program has set event->option: sets the configured value again. */
void apply_override(const struct event *event);

/*
 * Returns true if the socket probably has all of setting_base: more of its options have those
 * values than the values of a fresh socket.
 */
bool apply_seems_own(int fd);

/* Returns false if apply_seems_own() cannot tell: only keepalive itself is configured. */
bool apply_tells_own(void);

#endif
