/* Says what is wrong with the configuration; at start-up, and never later. */
#include "shim/diagnose.h"

#include "shim/log.h"
#include "shim/output.h"

enum { LINES_MAX = 20 };

static void add(struct line *line, const struct complaint *complaint, uint32_t unsaid)
{
	if (complaint) {
		complaint_write(complaint, line);
	} else {
		line_add_number(line, unsaid);
		line_add(line, " more errors");
	}
}

static void say(const struct complaint *complaint, uint32_t unsaid)
{
	struct line line = { 0 };

	line_add(&line, "libkeepalive: ");
	add(&line, complaint, unsaid);
	line_end(&line);
	output_to_stderr(&line);
	if (!log_wants_elsewhere(LEVEL_ERROR))
		return;
	log_begin(&line, LEVEL_ERROR);
	add(&line, complaint, unsaid);
	log_end(&line);
}

static void take(void *context, const struct complaint *complaint)
{
	struct complaints *complaints = context;

	/* Warnings are for `keepalive check`: one file may serve machines with different users. */
	if (!problem_is_warning(complaint->problem) && complaints->count <= LINES_MAX)
		say(complaint, 0);
}

struct complaints diagnose_complaints(void)
{
	return (struct complaints){ .take = take };
}

void diagnose_rest(const struct complaints *complaints)
{
	if (complaints->count > LINES_MAX)
		say(NULL, complaints->count - LINES_MAX);
}
