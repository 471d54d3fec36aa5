/* One option on one socket; the only file that sets any on the program's sockets. */
#ifndef KEEPALIVE_SETTING_H
#define KEEPALIVE_SETTING_H

#include "core/policy.h"
#include "shim/report.h"

/* What is decided for a socket of which nothing is known but that it is one. */
extern struct decision setting_base;

/* To be called once, before any of the functions below; *policy has to stay. */
void setting_configure(const struct policy *policy);

/* All of setting_base, on a socket that has just been made. errno may change. */
void setting_set_base(int fd);

/*
 * Sets the option as decided; where nothing is configured for it, to the kernel's own value.
 * Returns false if the kernel refuses. `report` may be NULL. errno may change.
 */
bool setting_set(int fd, size_t id, const struct decision *decision, struct report *report);

/* Only listeners get the option: it means something else on others. */
bool setting_is_for_listeners(size_t id);

/* getsockopt(): the program has not set the option, which is as that decision left it. */
bool setting_is_as_left(int fd, size_t id, const struct decision *decision);

/* getsockopt(): the program has not set the option, which reads as on a fresh socket. */
bool setting_is_fresh(int fd, size_t id);

#endif
