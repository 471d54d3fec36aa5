/* The flags of the settings, which several verbs take. */
#include "cli/ui/settings_flags.h"

#include <stdio.h>

#include "cli/ui/words.h"
#include "core/error.h"

enum { HELP_SIZE = 96 };

const struct flag logging_flags[] = {
	{ FLAG_OVERRIDE, 0, "override", "on|off",
	  "set the values again when the program sets its own" },
	{ FLAG_SANDBOXED, 0, "sandboxed", "on|off",
	  "set options even in a sandbox that may kill PROGRAM" },
	{ FLAG_LOG, 0, "log", "TARGET", "where to log: off, stderr, syslog or a path" },
	{ FLAG_LOG_LEVEL, 0, "log-level", "LEVEL", "how much to log: error, info or debug" },
	{ 0 },
};

struct flag_name flag_name(const struct option_row *option)
{
	struct flag_name name;

	for (size_t i = 0; i < sizeof name.at; i++)
		name.at[i] = option->key[i] == '_' ? '-' : option->key[i];
	return name;
}

static const char *argument_of(const struct option_row *option)
{
	switch (option->unit) {
	case UNIT_SWITCH:
		return "on|off";
	case UNIT_PIECES:
		return "NUMBER";
	default:
		return option->derivable ? "TIME|auto" : "TIME";
	}
}

static void write_help(const struct option_row *option, char *help)
{
	struct line range = { 0 };

	if (option->unit != UNIT_SWITCH) {
		line_add(&range, ", ");
		range_write(option, &range);
	}
	snprintf(help, HELP_SIZE, "%s%.*s", option_words(option), (int)range.length, range.at);
}

const struct flag *settings_flags(void)
{
	static struct flag flags[OPTIONS + 2];
	static struct flag_name name[OPTIONS];
	static char help[OPTIONS][HELP_SIZE];

	for (int id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];

		name[id] = flag_name(option);
		write_help(option, help[id]);
		flags[id] = (struct flag){ FLAG_SETTING + id, 0, name[id].at, argument_of(option),
					   help[id] };
	}
	flags[OPTIONS] = (struct flag){ FLAG_CONFIG, 0, "config", "FILE",
					"use this configuration file; '' for none" };
	return flags;
}
