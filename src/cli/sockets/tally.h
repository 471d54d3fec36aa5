/* How often some things happened in a network namespace, from the kernel's counters. */
#ifndef KEEPALIVE_TALLY_H
#define KEEPALIVE_TALLY_H

#include <stdbool.h>

struct tally {
	bool known;
	long timeouts;        /* connections that a timer ended (TCPAbortOnTimeout) */
	long failed_attempts; /* connect() that the kernel ended, not the program (AttemptFails) */
	long resets;          /* connections that ended without a FIN of ours (EstabResets) */
	long unreachable;     /* reports that something is unreachable (InDestUnreachs) */
	long closed_unread;   /* closed by programs with data unread (TCPAbortOnClose) */
};

enum { TALLY_FILES = 3 };

/* Opens the files of the namespace that we are in; -1 for what is not there. */
void tally_open(int files[TALLY_FILES]);
void tally_close(int files[TALLY_FILES]);

/* Reads them; from anywhere. */
struct tally tally_read(const int files[TALLY_FILES]);

/* Returns what came since; not known unless both are. */
struct tally tally_since(const struct tally *before, const struct tally *after);

#endif
