/*
 * Programs that sandbox themselves with seccomp. The filter lists the system calls that the program
 * makes. Ours may be missing, and then the kernel kills the program. A filter cannot be asked what
 * it allows without making the call, so we make none from then on.
 */
#ifndef KEEPALIVE_SANDBOX_H
#define KEEPALIVE_SANDBOX_H

#include <stdbool.h>

/* Returns true if the filter that libseccomp has built kills for calls that it does not list. */
bool sandbox_kills(const void *filter);

/*
 * Call this before a filter is installed: the hooks only forward from now on. Returns false if they
 * did already, or if they must act in sandboxes too. If installing fails, call sandbox_failed(),
 * which undoes it.
 */
bool sandbox_begin(void);
void sandbox_failed(void);

/* Call this before the hooks act. `trusted`: they act in sandboxes too. */
void sandbox_configure(bool trusted);

#endif
