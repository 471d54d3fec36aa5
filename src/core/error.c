/* Errors of the configuration: found by the parser, printed by its caller. */
#include "core/error.h"

enum { WORD_MAX = 60, PATH_SHOWN = 250 };

void errors_add(struct errors *errors, const struct error *error)
{
	if (error_is_warning(error->code))
		errors->warnings++;
	else
		errors->count++;
	if (errors->take)
		errors->take(errors->context, error);
}

void range_write(const struct option_row *option, struct line *line)
{
	static const char unit_name[][4] = {
		[UNIT_SWITCH] = "",
		[UNIT_SECONDS] = " s",
		[UNIT_MILLISECONDS] = " ms",
		[UNIT_PIECES] = "",
	};

	line_add_number(line, (uint32_t)option->minimum);
	line_add(line, "..");
	line_add_number(line, (uint32_t)option->maximum);
	line_add(line, unit_name[option->unit]);
}

static void write_short_time(struct text number, struct line *line)
{
	line_add(line, "is ");
	line_add_text(line, number, WORD_MAX);
	line_add(line, "ms; did you mean ");
	line_add_text(line, number, WORD_MAX);
	line_add(line, "s? If not, write ");
	line_add_text(line, number, WORD_MAX);
	line_add(line, "ms");
}

static void write_problem(const struct error *error, struct line *line)
{
	static const char said[][64] = {
		[ERROR_NOT_A_SWITCH] = "is neither on nor off",
		[ERROR_NOT_A_TIME] = "is not a time (units: ms, s, min, h)",
		[ERROR_NOT_A_NUMBER] = "is not a number",
		[ERROR_FRACTION] = "is not a whole number of seconds",
		[ERROR_UNKNOWN_KEY] = "is an unknown key",
		[ERROR_NO_KEY] = "has no key before the =",
		[ERROR_NO_EQUALS] = "is not of the form key = value",
		[ERROR_NO_VALUE] = "has no value",
		[ERROR_NOT_AN_ADDRESS] = "is not an address or network",
		[ERROR_NOT_A_PORT] = "is not a port or a range of ports",
		[ERROR_NOT_A_ROLE] = "is neither client nor server",
		[ERROR_NOT_A_USER] = "is not a user name or number",
		[ERROR_SECTION] = "is not of the form [rule NAME]",
		[ERROR_IN_A_RULE_ONLY] = "is allowed only in a [rule]",
		[ERROR_NOT_IN_A_RULE] = "is allowed only above the first [rule]",
		[ERROR_MEMORY] = "does not fit in the memory for rules",
		[ERROR_LOG] = "is not off, stderr, syslog or an absolute path",
		[ERROR_LOG_LEVEL] = "is not error, info or debug",
		[ERROR_LONG_LINE] = "line is too long",
		[ERROR_NO_FILE] = "does not exist",
		[ERROR_NO_PERMISSION] = "permission denied",
		[ERROR_UNREADABLE] = "cannot be read",
		[ERROR_NOT_A_FILE] = "is not a regular file",
		[ERROR_OWNER] = "is refused: its owner is neither root nor this user",
		[ERROR_WRITABLE] = "is refused: it is writable by others (chmod go-w)",
		[ERROR_GROUP_WRITABLE] = "is refused: it is writable by its group (chmod go-w)",
		[ERROR_LARGE_FILE] = "is refused: it is larger than 1 MiB",
		[ERROR_UNKNOWN_USER] = "is not a user in /etc/passwd",
	};

	if (error->code == ERROR_RANGE) {
		line_add(line, "is outside ");
		range_write(error->option, line);
	} else if (error->code == ERROR_SHORT_TIME) {
		write_short_time(error->word, line);
	} else {
		line_add(line, said[error->code]);
	}
	if (error->rule_dropped)
		line_add(line, "; the rule is ignored");
}

void error_write_reason(const struct error *error, struct line *line)
{
	if (error->key.length) {
		line_add_text(line, error->key, WORD_MAX);
		line_add(line, ": ");
	}
	if (error->word.length) {
		line_add(line, "\"");
		line_add_text(line, error->word, WORD_MAX);
		line_add(line, "\" ");
	}
	write_problem(error, line);
}

void error_write(const struct error *error, struct line *line)
{
	if (error->file.length) {
		line_add_text(line, error->file, PATH_SHOWN);
		if (error->line) {
			line_add(line, ":");
			line_add_number(line, error->line);
		}
		line_add(line, ": ");
	}
	error_write_reason(error, line);
}
