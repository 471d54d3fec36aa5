/* What can be read, but was probably not meant. */
#ifndef KEEPALIVE_DOUBTS_H
#define KEEPALIVE_DOUBTS_H

#include "cli/ui/nearest.h"
#include "cli/ui/wanted.h"

/* Bare numbers of milliseconds in flags. Reports each, and returns how many there are. */
unsigned int doubts_of_flags(const struct wanted *wanted);

/* The same for variables whose names are nearly ours. */
unsigned int doubts_of_environment(void);

/* The key of the configuration file that a misspelt one was probably meant to be, as
 * nearest_suggestion. */
struct suggestion doubts_suggest_key(struct text key);

#endif
