/* Says what is wrong with the configuration; at start-up, and never later. */
#ifndef KEEPALIVE_DIAGNOSE_H
#define KEEPALIVE_DIAGNOSE_H

#include "core/error.h"

/*
 * Prints errors on stderr as one line each, the first twenty of them, and into the log where
 * that is a file or the system's.
 */
struct errors diagnose_errors(void);

/* To be called behind the last error: says how many were not printed. */
void diagnose_rest(const struct errors *errors);

#endif
