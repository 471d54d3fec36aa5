/* Reports errors of the configuration, at start-up only. */
#ifndef KEEPALIVE_DIAGNOSE_H
#define KEEPALIVE_DIAGNOSE_H

#include "core/error.h"

/*
 * Returns a receiver that prints each error as one line on stderr, the first twenty only, and into
 * the log if that is a file or the system's.
 */
struct errors diagnose_errors(void);

/* Call this after the last error: prints how many were not printed. */
void diagnose_rest(const struct errors *errors);

#endif
