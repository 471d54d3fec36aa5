/* A time on the command line. */
#include "cli/ui/time_flag.h"

#include "core/error.h"

int time_flag(const struct verb *verb, const char *flag, const struct option_row *row,
	      const char *argument)
{
	struct text word = text_trim(text_of(argument));
	struct value value = { 0 };
	struct error error = { .word = word, .option = row };
	struct line line = { 0 };

	if (!word.length)
		flags_wrong(verb, "--%s: no value", flag);
	error.code = option_parse(row, word, &value);
	if (!error.code && value.state != VALUE_SET)
		error.code = text_equals(word, "default") ? ERROR_NOT_A_TIME : ERROR_RANGE;
	if (!error.code)
		return value.number;
	error_write_reason(&error, &line);
	flags_wrong(verb, "--%s: %.*s", flag, (int)line.length, line.at);
}
