/* The log, if one is configured. */
#include "shim/log.h"

#include <sys/syscall.h>
#include <time.h>

#include "core/calendar.h"
#include "shim/kernel.h"
#include "shim/output.h"

/* Of the facility daemon. */
enum { PRIORITY_ERROR = 27, PRIORITY_INFO = 30, PRIORITY_DEBUG = 31 };

enum log_level log_level;

static enum log_target target;
static char path[LOG_PATH_SIZE];
static struct text program;

void log_start(const struct logging *logging, struct text name)
{
	if (logging->target == LOG_UNSET || logging->target == LOG_OFF)
		return;
	target = logging->target;
	for (size_t i = 0; i < LOG_PATH_SIZE; i++)
		path[i] = logging->path[i];
	program = name;
	if (target == LOG_STDERR)
		output_note_stderr();
	log_level = logging->level == LEVEL_UNSET ? LEVEL_INFO : logging->level;
}

bool log_wants_elsewhere(enum log_level level)
{
	return log_wants(level) && target != LOG_STDERR;
}

static void add_time(struct line *line)
{
	struct kernel_time now = { 0, 0 };
	uint32_t seconds, of_day;

	kernel_call(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0, 0, 0);
	seconds = (uint32_t)now.seconds;
	of_day = seconds % 86400;
	line_add_date(line, seconds / 86400);
	line_add(line, "T");
	line_add_two_digits(line, of_day / 3600);
	line_add(line, ":");
	line_add_two_digits(line, of_day / 60 % 60);
	line_add(line, ":");
	line_add_two_digits(line, of_day % 60);
	line_add(line, "Z ");
}

static void add_priority(struct line *line, enum log_level level)
{
	line_add(line, "<");
	line_add_number(line, level == LEVEL_ERROR  ? PRIORITY_ERROR
			      : level == LEVEL_INFO ? PRIORITY_INFO
						    : PRIORITY_DEBUG);
	line_add(line, ">");
}

void log_begin(struct line *line, enum log_level level)
{
	line->length = 0;
	if (target == LOG_SYSLOG)
		add_priority(line, level);
	if (target == LOG_FILE)
		add_time(line);
	line_add(line, "libkeepalive[");
	line_add_number(line, (uint32_t)kernel_call(SYS_getpid, 0, 0, 0, 0, 0));
	line_add(line, "]: ");
	line_add_text(line, program, 60);
	line_add(line, ": ");
}

void log_end(struct line *line)
{
	if (target != LOG_SYSLOG)
		line_end(line);
	if (target == LOG_STDERR && output_stderr_is_the_same())
		output_to_stderr(line);
	else if (target == LOG_SYSLOG)
		output_to_syslog(line);
	else if (target == LOG_FILE)
		output_to_file(path, line);
}
