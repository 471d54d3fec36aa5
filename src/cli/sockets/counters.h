/* How often some things happened in a network namespace, from the kernel's counters. */
#ifndef KEEPALIVE_COUNTERS_H
#define KEEPALIVE_COUNTERS_H

#include <stdbool.h>

struct counters {
	bool known;
	long timeouts;        /* connections that a timer ended (TCPAbortOnTimeout) */
	long failed_attempts; /* connect() that the kernel ended, not the program (AttemptFails) */
	long resets;          /* connections that ended without a FIN of ours (EstabResets) */
	long unreachable;     /* reports that something is unreachable (InDestUnreachs) */
	long closed_unread;   /* closed by programs with data unread (TCPAbortOnClose) */
};

enum { COUNTERS_FILES = 3 };

/* Opens the files of the namespace that we are in; -1 for what is not there. */
void counters_open(int files[COUNTERS_FILES]);
void counters_close(int files[COUNTERS_FILES]);

/* Reads them; from anywhere. */
struct counters counters_read(const int files[COUNTERS_FILES]);

/* Returns what came since; not known unless both are. */
struct counters counters_since(const struct counters *before, const struct counters *after);

#endif
