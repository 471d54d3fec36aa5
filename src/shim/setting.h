/* Sets one option on one socket; the only file that sets any on the program's sockets. */
#ifndef KEEPALIVE_SETTING_H
#define KEEPALIVE_SETTING_H

#include "core/policy.h"
#include "shim/report.h"

/* The decision for a socket about which nothing else is known. */
extern struct decision setting_base;

/* Call this once, before any of the functions below; *policy must stay. */
void setting_configure(const struct policy *policy);

/* Sets all of setting_base on a new socket. errno may change. */
void setting_set_base(int fd);

/*
 * Sets the option as decided; if nothing is configured, to the kernel's value. Returns false if the
 * kernel refuses. `report` may be NULL. errno may change.
 */
bool setting_set(int fd, size_t id, const struct decision *decision, struct report *report);

/* Returns true if only listeners get the option: it means something else on other sockets. */
bool setting_is_for_listeners(size_t id);

/*
 * getsockopt(). Returns true if the option still has the value of that decision, so the program has
 * not set it.
 */
bool setting_is_as_left(int fd, size_t id, const struct decision *decision);

/*
 * getsockopt(). Returns true if the option has the value of a fresh socket, so nobody has set it.
 */
bool setting_is_fresh(int fd, size_t id);

#endif
