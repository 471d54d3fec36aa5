/* The seconds of --watch. */
#ifndef KEEPALIVE_SECONDS_H
#define KEEPALIVE_SECONDS_H

#include "cli/ui/flags.h"

/* Returns the seconds in the argument of --watch, NULL: 1. Does not return if it has none. */
int seconds_read(const struct verb *verb, const char *word);

#endif
