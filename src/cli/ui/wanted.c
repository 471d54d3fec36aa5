/* The settings that a command line asks for. */
#include "cli/ui/wanted.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/error.h"

/* Ends the process unless there is no code. */
static void expect_read(const struct verb *verb, const char *flag, const struct option_row *option,
			const char *argument, enum error_code code)
{
	struct error error = { .code = code, .option = option, .word = text_of(argument) };
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
