/* Says what is wrong with the configuration; at start-up, and never later. */
#ifndef KEEPALIVE_DIAGNOSE_H
#define KEEPALIVE_DIAGNOSE_H

#include "core/complaint.h"

/*
 * Prints complaints on stderr as one line each, the first twenty of them, and into the log where
 * that is a file or the system's.
 */
struct complaints diagnose_complaints(void);

/* To be called behind the last complaint: says how many were not printed. */
void diagnose_rest(const struct complaints *complaints);

#endif
