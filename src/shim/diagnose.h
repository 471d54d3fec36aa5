/* Says on stderr what is wrong with the configuration; at start-up, and never later. */
#ifndef KEEPALIVE_DIAGNOSE_H
#define KEEPALIVE_DIAGNOSE_H

#include "core/complaint.h"

/*
 * Prints complaints as one line each, the first twenty of them. Nothing is printed, and
 * the program neither waits nor gets a signal, where fd 2 is a network socket, takes nothing at
 * the moment, or has nobody at its other end.
 */
struct complaints diagnose_complaints(void);

/* To be called behind the last complaint: says how many were not printed. */
void diagnose_rest(const struct complaints *complaints);

#endif
