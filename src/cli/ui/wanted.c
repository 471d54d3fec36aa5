/* The settings that a command line asks for. */
#include "cli/ui/wanted.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/ui/settings_flags.h"
#include "cli/ui/words.h"
#include "core/error.h"

/* The numbers of their flags, behind those of the option table. */
enum { FLAG_OVERRIDE = FLAG_SETTING + OPTIONS, FLAG_SANDBOXED, FLAG_CONFIG, FLAG_LOG,
       FLAG_LOG_LEVEL, FLAGS_END };

enum { HELP_SIZE = 96 };

const struct flag logging_flags[] = {
	{ FLAG_OVERRIDE, 0, "override", "on|off", "set the values again when the program sets its own" },
	{ FLAG_SANDBOXED, 0, "sandboxed", "on|off", "set options even in a sandbox that may kill PROGRAM" },
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

/* Ends the process unless there is no code. */
static void expect_read(const struct verb *verb, const char *flag, const struct option_row *option,
			const char *argument, enum error_code code)
{
	struct error error = { .code = code, .option = option,
				       .word = text_of(argument) };
	struct line line = { 0 };

	if (!code)
		return;
	error_write_reason(&error, &line);
	flags_wrong(verb, "--%s: %.*s", flag, (int)line.length, line.at);
}

static void take_option(struct wanted *wanted, const struct verb *verb, size_t id,
			const char *argument)
{
	const struct option_row *option = &option_table[id];
	struct text word = text_trim(text_of(argument));

	if (!word.length)
		flags_wrong(verb, "--%s: no value", flag_name(option).at);
	expect_read(verb, flag_name(option).at, option, argument,
		    option_parse(option, word, &wanted->settings.value[id]));
	wanted->word[id] = argument;
}

bool wanted_take(struct wanted *wanted, const struct verb *verb, int flag, const char *argument)
{
	struct text word = text_trim(text_of(argument ? argument : ""));
	struct logging logging;
	struct value value;

	if (flag < FLAG_SETTING || flag >= FLAGS_END)
		return false;
	switch (flag) {
	case FLAG_OVERRIDE:
		expect_read(verb, "override", NULL, argument,
			    switch_parse(word, &wanted->settings.override));
		wanted->override = argument;
		break;
	case FLAG_SANDBOXED:
		expect_read(verb, "sandboxed", NULL, argument, switch_parse(word, &value));
		wanted->sandboxed = argument;
		break;
	case FLAG_CONFIG:
		wanted->config = argument;
		break;
	case FLAG_LOG:
		expect_read(verb, "log", NULL, argument, log_parse(word, &logging));
		wanted->log = argument;
		break;
	case FLAG_LOG_LEVEL:
		expect_read(verb, "log-level", NULL, argument, log_level_parse(word, &logging));
		wanted->log_level = argument;
		break;
	default:
		take_option(wanted, verb, (size_t)(flag - FLAG_SETTING), argument);
	}
	return true;
}

void wanted_variables(const struct wanted *wanted,
		      void (*take)(void *context, const char *name, const char *word),
		      void *context)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (wanted->word[id])
			take(context, option_table[id].variable[0], wanted->word[id]);
	if (wanted->override)
		take(context, "KEEPALIVE_OVERRIDE", wanted->override);
	if (wanted->sandboxed)
		take(context, "KEEPALIVE_SANDBOXED", wanted->sandboxed);
	if (wanted->config)
		take(context, "KEEPALIVE_CONF", wanted->config);
	if (wanted->log)
		take(context, "KEEPALIVE_LOG", wanted->log);
	if (wanted->log_level)
		take(context, "KEEPALIVE_LOG_LEVEL", wanted->log_level);
}

char *path_absolute(const char *path, int status)
{
	char *here = *path == '/' ? strdup("") : get_current_dir_name(), *whole;

	if (!here || asprintf(&whole, "%s%s%s", here, *here ? "/" : "", path) < 0)
		err(status, "%s", path);
	free(here);
	return whole;
}
