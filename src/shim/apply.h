/* Which options a socket gets at a hook: by what is configured, and by what it is. */
#ifndef KEEPALIVE_APPLY_H
#define KEEPALIVE_APPLY_H

#include "core/policy.h"

/* A socket at a hook. */
struct event {
	const char *hook; /* for the log */
	int fd;
	struct endpoint endpoint;
	size_t option; /* that the program has set, where it is about that */
};

/* To be called once, before any of the functions below; *policy has to stay. */
void apply_configure(const struct policy *policy);

/*
 * The functions below may be called wherever a hook may be. What the kernel refuses is left as it
 * is, and the rest is set. errno may change. What "the program has set" is noted in the table of
 * descriptors, or else seen by what the option reads.
 */

/* On a socket that has all of setting_base: what the endpoint gets now, unless the program has set
 * its own. */
void apply_to_own(const struct event *event);

/* On a socket from elsewhere: what nobody has set. */
void apply_to_foreign(const struct event *event);

/*
 * On a listener: what only listeners get, unless the program has set its own; before that, what
 * apply_to_own() does if it is `own`.
 */
void apply_to_listener(const struct event *event, bool own);

/*
 * On an accepted connection, which has what its listener had when the connection came: what is
 * decided for it and differs. `older`: it may be older than the listener's settings, so all of them
 * are compared. Returns false if nothing had to be set.
 */
bool apply_to_accepted(const struct event *event, int listener, bool older);

/* True if something is configured that only listeners get, whoever they are. */
bool apply_sets_listeners(void);

/* With override, after the program has set event->option: what is configured is put back. */
void apply_override(const struct event *event);

/*
 * True if the socket most likely has all of setting_base: more of its options read like that than
 * as on a fresh socket.
 */
bool apply_seems_own(int fd);

/* False if there is no way to tell: nothing is configured but keepalive itself. */
bool apply_tells_own(void);

#endif
