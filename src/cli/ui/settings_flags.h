/* The flags of the settings, which several verbs take. */
#ifndef KEEPALIVE_SETTINGS_FLAGS_H
#define KEEPALIVE_SETTINGS_FLAGS_H

#include "cli/verb.h"
#include "core/option.h"

/* Their numbers: FLAG_SETTING + id for a row of the option table, and those without a row. */
enum {
	FLAG_SETTING = 100,
	FLAG_OVERRIDE = FLAG_SETTING + OPTIONS,
	FLAG_SANDBOXED,
	FLAG_CONFIG,
	FLAG_LOG,
	FLAG_LOG_LEVEL,
	FLAGS_END
};

/* The name of the flag of a row: its key with - for _. */
struct flag_name {
	char at[sizeof option_table[0].key];
};
struct flag_name flag_name(const struct option_row *option);

/* Returns the flags of the rows of the option table, and of the file. */
const struct flag *settings_flags(void);

/* The flags of override, sandboxed and the log. */
extern const struct flag logging_flags[];

#endif
