/*
 * What can be read in settings, but was probably not meant: a bare number that is a time in
 * milliseconds, and the name of a variable that is nearly one of ours.
 */
#ifndef KEEPALIVE_DOUBTS_H
#define KEEPALIVE_DOUBTS_H

#include "cli/nearest.h"
#include "cli/wanted.h"

/* Each reports the doubts of one source, and returns how many there are. "" is no file. */
unsigned int doubts_of_flags(const struct wanted *wanted);
unsigned int doubts_of_environment(void);
unsigned int doubts_of_file(const char *path);

/* All three. */
unsigned int doubts_of_all(const struct wanted *wanted, const char *path);

/* The key of the configuration file that a misspelt one was probably meant to be, as
 * nearest_suggestion. */
struct suggestion doubts_suggest_key(struct text key);

#endif
