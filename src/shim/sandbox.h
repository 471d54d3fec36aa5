/*
 * Programs that put themselves into a seccomp sandbox. Their filter lists the system calls that
 * they make themselves; ours may not be among them, and then the kernel kills the program. Nobody
 * can ask a filter what it allows without making the call, so that we make none from then on.
 */
#ifndef KEEPALIVE_SANDBOX_H
#define KEEPALIVE_SANDBOX_H

#include <stdbool.h>

/* True if what libseccomp has built ends who makes a call that it does not list. */
bool sandbox_kills(const void *filter);

/*
 * Before a filter is installed: the hooks only forward from now on. False if they did already, or
 * are to act all the same. Where the filter was then refused, sandbox_failed() takes that back.
 */
bool sandbox_begin(void);
void sandbox_failed(void);

/* From the configuration, before the hooks act: true if they are to act in a sandbox, too. */
void sandbox_configure(bool trusted);

#endif
