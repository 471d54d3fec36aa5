/* The options of the command line that are settings; apart, as getopt.h has a struct option_row too. */
#ifndef KEEPALIVE_SETTINGS_FLAGS_H
#define KEEPALIVE_SETTINGS_FLAGS_H

#include "cli/verb.h"

/* A flag for each row of the option table, in their order from FLAG_SETTING on, and what goes with them. */
const struct flag *settings_flags(void);

extern const struct flag logging_flags[];

#endif
