/* Reports errors of the configuration, at start-up only. */
#include "shim/diagnose.h"

#include "shim/log.h"
#include "shim/output.h"

enum { LINES_MAX = 20 };

static void add(struct line *line, const struct error *error, uint32_t omitted)
{
	if (error) {
		error_write(error, line);
	} else {
		line_add_number(line, omitted);
		line_add(line, " more errors");
	}
}

static void say(const struct error *error, uint32_t omitted)
{
	struct line line = { 0 };

	line_add(&line, "libkeepalive: ");
	add(&line, error, omitted);
	line_end(&line);
	output_to_stderr(&line);
	if (!log_wants_elsewhere(LEVEL_ERROR))
		return;
	log_begin(&line, LEVEL_ERROR);
	add(&line, error, omitted);
	log_end(&line);
}

static void take(void *context, const struct error *error)
{
	struct errors *errors = context;

	/* Warnings are for `keepalive check`: one file may serve machines with different users. */
	if (!error_is_warning(error->code) && errors->count <= LINES_MAX)
		say(error, 0);
}

struct errors diagnose_errors(void)
{
	return (struct errors){ .take = take };
}

void diagnose_rest(const struct errors *errors)
{
	if (errors->count > LINES_MAX)
		say(NULL, errors->count - LINES_MAX);
}
