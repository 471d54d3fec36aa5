/* A time on the command line. */
#ifndef KEEPALIVE_TIME_FLAG_H
#define KEEPALIVE_TIME_FLAG_H

#include "cli/ui/flags.h"
#include "core/option.h"

/*
 * Returns the argument of a flag, a time in the unit and range of the row. Does not return if it is
 * none.
 */
int time_flag(const struct verb *verb, const char *flag, const struct option_row *row,
	      const char *argument);

#endif
