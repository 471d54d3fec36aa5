/* Logs what was done to one socket at one hook. Costs a comparison if there is no log. */
#include "shim/report.h"

enum { NAME_SHOWN = 40 };

static void add_place(const struct report *report, struct line *line)
{
	const struct endpoint *endpoint = report->endpoint;

	line_add(line, "fd ");
	line_add_number(line, (uint32_t)report->fd);
	line_add(line, ": ");
	line_add(line, report->hook);
	if (endpoint && endpoint->remote_known) {
		line_add(line, endpoint->role == ROLE_SERVER ? " from " : " to ");
		line_add_address(line, &endpoint->remote, endpoint->remote_port);
	}
	if (endpoint && endpoint->local_port) {
		line_add(line, " on port ");
		line_add_number(line, endpoint->local_port);
	}
	line_add(line, ": ");
}

static void add_choice(struct line *line, const struct option_row *option,
		       const struct choice *choice)
{
	line_add(line, option->key);
	line_add(line, " ");
	line_add_number(line, (uint32_t)choice->number);
	if (!choice->rule)
		return;
	line_add(line, " (rule ");
	line_add_text(line, rule_name(choice->rule), NAME_SHOWN);
	line_add(line, ")");
}

void report_begin(struct report *report, const char *hook, int fd, const struct endpoint *endpoint)
{
	report->any = false;
	report->fd = fd;
	report->hook = hook;
	report->endpoint = endpoint;
}

void report_set(struct report *report, const struct option_row *option, const struct choice *choice)
{
	if (!report || !log_wants(LEVEL_INFO))
		return;
	if (report->any) {
		line_add(&report->line, ", ");
	} else {
		log_begin(&report->line, LEVEL_INFO);
		add_place(report, &report->line);
		line_add(&report->line, "set ");
	}
	report->any = true;
	add_choice(&report->line, option, choice);
}

void report_refused(const struct report *report, const struct option_row *option,
		    const struct choice *choice, int error)
{
	struct line line;

	if (!report || !log_wants(LEVEL_ERROR))
		return;
	log_begin(&line, LEVEL_ERROR);
	add_place(report, &line);
	line_add(&line, "the kernel refused ");
	add_choice(&line, option, choice);
	line_add(&line, ": error ");
	line_add_number(&line, (uint32_t)error);
	log_end(&line);
}

void report_left(const struct report *report, const struct option_row *option)
{
	struct line line;

	if (!report || !log_wants(LEVEL_DEBUG))
		return;
	log_begin(&line, LEVEL_DEBUG);
	add_place(report, &line);
	line_add(&line, "left ");
	line_add(&line, option->key);
	line_add(&line, " as the program set it");
	log_end(&line);
}

void report_end(struct report *report)
{
	if (report->any)
		log_end(&report->line);
}
