/* What is wrong with the configuration, and where: found by the parser, shown by its caller. */
#include "core/complaint.h"

enum { WORD_MAX = 60, PATH_SHOWN = 250 };

void complain(struct complaints *complaints, const struct complaint *complaint)
{
	if (problem_is_warning(complaint->problem))
		complaints->warnings++;
	else
		complaints->count++;
	if (complaints->take)
		complaints->take(complaints->context, complaint);
}

void range_write(const struct option *option, struct line *line)
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

static void write_problem(const struct complaint *complaint, struct line *line)
{
	static const char said[][64] = {
		[PROBLEM_NOT_A_SWITCH] = "is neither on nor off",
		[PROBLEM_NOT_A_TIME] = "is not a time (units: ms, s, min, h)",
		[PROBLEM_NOT_A_NUMBER] = "is not a number",
		[PROBLEM_FRACTION] = "is not a whole number of seconds",
		[PROBLEM_UNKNOWN_KEY] = "is an unknown key",
		[PROBLEM_NO_KEY] = "has no key before the =",
		[PROBLEM_NO_EQUALS] = "is not of the form key = value",
		[PROBLEM_NO_VALUE] = "has no value",
		[PROBLEM_NOT_AN_ADDRESS] = "is not an address or network",
		[PROBLEM_NOT_A_PORT] = "is not a port or a range of ports",
		[PROBLEM_NOT_A_ROLE] = "is neither client nor server",
		[PROBLEM_NOT_A_USER] = "is not a user name or number",
		[PROBLEM_SECTION] = "is not of the form [rule NAME]",
		[PROBLEM_IN_A_RULE_ONLY] = "is allowed only in a [rule]",
		[PROBLEM_NOT_IN_A_RULE] = "is allowed only above the first [rule]",
		[PROBLEM_MEMORY] = "does not fit in the memory for rules",
		[PROBLEM_LOG] = "is not off, stderr, syslog or an absolute path",
		[PROBLEM_LOG_LEVEL] = "is not error, info or debug",
		[PROBLEM_LONG_LINE] = "line is too long",
		[PROBLEM_NO_FILE] = "does not exist",
		[PROBLEM_NO_PERMISSION] = "permission denied",
		[PROBLEM_UNREADABLE] = "cannot be read",
		[PROBLEM_NOT_A_FILE] = "is not a regular file",
		[PROBLEM_OWNER] = "is refused: its owner is neither root nor this user",
		[PROBLEM_WRITABLE] = "is refused: it is writable by others (chmod go-w)",
		[PROBLEM_GROUP_WRITABLE] = "is refused: it is writable by its group (chmod go-w)",
		[PROBLEM_LARGE_FILE] = "is refused: it is larger than 1 MiB",
		[PROBLEM_UNKNOWN_USER] = "is not a user in /etc/passwd",
	};

	if (complaint->problem == PROBLEM_RANGE) {
		line_add(line, "is outside ");
		range_write(complaint->option, line);
	} else if (complaint->problem == PROBLEM_SHORT_TIME) {
		write_short_time(complaint->word, line);
	} else {
		line_add(line, said[complaint->problem]);
	}
	if (complaint->rule_dropped)
		line_add(line, "; the rule is ignored");
}

void complaint_write_problem(const struct complaint *complaint, struct line *line)
{
	if (complaint->key.length) {
		line_add_text(line, complaint->key, WORD_MAX);
		line_add(line, ": ");
	}
	if (complaint->word.length) {
		line_add(line, "\"");
		line_add_text(line, complaint->word, WORD_MAX);
		line_add(line, "\" ");
	}
	write_problem(complaint, line);
}

void complaint_write(const struct complaint *complaint, struct line *line)
{
	if (complaint->file.length) {
		line_add_text(line, complaint->file, PATH_SHOWN);
		if (complaint->line) {
			line_add(line, ":");
			line_add_number(line, complaint->line);
		}
		line_add(line, ": ");
	}
	complaint_write_problem(complaint, line);
}
