/* keepalive show: the TCP sockets of running processes, and when they would notice a dead peer. */
#include <ctype.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/sockets/proc.h"
#include "cli/sockets/refusal.h"
#include "cli/ui/columns.h"
#include "cli/ui/nearest.h"
#include "cli/ui/operand.h"
#include "cli/ui/rows.h"
#include "cli/ui/words.h"

enum { FLAG_ALL = FLAG_OWN, FLAG_CHILDREN, FLAG_OUTPUT };

static const struct flag flags[] = {
	{ FLAG_ALL, 'a', "all", NULL, "also sockets of processes that you may not inspect" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "include the children of the processes" },
	{ FLAG_OUTPUT, 'o', "output", "COLUMNS",
	  "print these columns; after a +, besides the default ones" },
	TABLE_FLAGS,
	{ 0 },
};

struct show {
	struct style style;
	bool all, children;
	bool reach; /* the column REACH was named */
	int shown[COLUMNS];
	size_t shown_count;
	struct rows rows;
	struct numbers processes; /* the ids of those that were shown */
	bool closed; /* processes that may not be looked at were left out without a word */
	int status;
};

static int find_column(const struct verb *verb, struct text name)
{
	struct nearest nearest = nearest_to(name);

	for (int i = 0; i < COLUMNS; i++)
		if (nearest_try(&nearest, show_columns[i].name))
			return i;
	flags_wrong(verb, "--output: \"%.*s\" is not a column%s", (int)name.length, name.at,
		    nearest_suggestion(&nearest, "").at);
}

static void choose_columns(const struct verb *verb, struct show *show, const char *list)
{
	show->shown_count = 0;
	if (*list == '+') {
		memcpy(show->shown, show_columns_usual, sizeof show_columns_usual);
		show->shown_count = SHOW_COLUMNS_USUAL;
		list++;
	}
	while (*list) {
		size_t length = strcspn(list, ","), i = 0;
		int column = find_column(verb, text_head(text_of(list), length));

		show->reach |= column == COLUMN_REACH;
		/* Once: JSON has its name once. */
		while (i < show->shown_count && show->shown[i] != column)
			i++;
		show->shown[i] = column;
		show->shown_count += i == show->shown_count;
		list += length + (list[length] == ',');
	}
	if (!show->shown_count)
		flags_wrong(verb, "--output: no column");
}

static void take(void *context, const struct tcp_socket *socket)
{
	if (socket->protocol)
		rows_add(context, socket);
}

/* True if there was something to tell. */
static bool show_opened(struct show *show, const struct process *process)
{
	size_t rows = scols_table_get_nlines(show->rows.table);
	const char *reason;
	int refused;

	show->rows.unknown = false;
	refused = sockets_visit(process, &(struct look){ .options = rows_options(&show->rows),
							 .take = take,
							 .context = &show->rows });
	reason = show->rows.unknown || refused ? unknown_reason(process, refused) : NULL;
	if (reason) {
		warnx("%d (%s): some values are unknown: %s", process->pid, process->program,
		      reason);
		show->status = STATUS_FAILED;
	}
	return reason || scols_table_get_nlines(show->rows.table) > rows;
}

/*
 * Of what cannot be shown the user is told, if it is what was asked for. Root expects to be told of
 * all that is there; others know that they are not.
 */
static bool is_told(enum process_error code, const struct operand *operand)
{
	if (code == PROCESS_GONE)
		return operand && operand->kind == OPERAND_PID;
	return operand || !geteuid();
}

/* Once: it may be named twice, or be the child of another. Nobody asked for one without an operand.
 */
static bool show_process(void *context, const struct relative *who, const struct operand *operand)
{
	struct show *show = context;
	enum process_error code;
	struct process process;
	bool told;

	if (!numbers_add(&show->processes, (uintptr_t)who->pid))
		return true;
	code = process_open_child(&process, who);
	if (code == PROCESS_FINE) {
		told = show_opened(show, &process);
		process_close(&process);
		return told;
	}
	told = is_told(code, operand);
	if (told) {
		process_report(&process, code);
		show->status = STATUS_FAILED;
	}
	show->closed |= !told && code == PROCESS_CLOSED;
	return told;
}

static void show_operand(struct show *show, struct operand *operand)
{
	const char *error = operand_each(operand, show->children, show_process, show);

	if (!error)
		return;
	warnx("%s: %s", operand->word, error);
	show->status = STATUS_FAILED;
}

static void show_everything(struct show *show)
{
	pid_t *all = process_all();

	if (!all)
		errx(STATUS_FAILED, "%s", proc_problem());
	for (size_t i = 0; all[i]; i++)
		show_process(show, &(struct relative){ all[i], 0 }, NULL);
	free(all);
}

/*
 * Those of this network namespace that no process came up with. That they are still there then
 * shows that they did not end, or go to a new process, while we looked.
 */
static void show_others(struct show *show)
{
	struct diag *diag = diag_of(0);
	struct numbers unseen = { 0 };
	int count = 0;

	show_everything(show);
	for (size_t i = 0; i < diag->count; i++)
		if (!diag->socket[i].seen)
			numbers_add(&unseen, diag->socket[i].inode);
	diag_forget();
	diag = diag_of(0);
	show->rows.unknown = false;
	for (size_t i = 0; i < diag->count; i++) {
		struct tcp_socket other = socket_from_netlink(diag, &diag->socket[i]);

		if (!numbers_have(&unseen, other.kernel.inode))
			continue;
		rows_add(&show->rows, &other);
		count++;
	}
	numbers_free(&unseen);
	if (!show->rows.unknown)
		return;
	warnx("%d socket%s of processes that are unknown or that you may not inspect: only values "
	      "from "
	      "netlink are known",
	      count, count == 1 ? "" : "s");
	show->status = STATUS_FAILED;
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct show *show)
{
	const char *argument;
	int flag;

	memcpy(show->shown, show_columns_usual, sizeof show_columns_usual);
	show->shown_count = SHOW_COLUMNS_USUAL;
	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (style_take(&show->style, flag))
			continue;
		if (flag == FLAG_ALL)
			show->all = true;
		else if (flag == FLAG_CHILDREN)
			show->children = true;
		else
			choose_columns(verb, show, argument);
	}
}

static int show_sockets(const struct verb *verb, int argc, char **argv)
{
	static struct show show;
	struct operand *operands;
	size_t count;

	show_columns_name();
	read_command_line(verb, argc, argv, &show);
	count = (size_t)(argc - optind);
	operands = operands_read(verb, argv + optind, count);
	show.rows = (struct rows){ .style = &show.style,
				   .shown = show.shown,
				   .count = show.shown_count };
	show.rows.table =
		table_new("sockets", &show.style, show_columns, show.shown, show.shown_count);
	for (size_t i = 0; i < count; i++)
		show_operand(&show, &operands[i]);
	if (!count || show.all)
		show_everything(&show);
	if (show.all)
		show_others(&show);
	table_print(show.rows.table, &show.style);
	if (show.reach && *show.rows.reach.failure.text)
		warnx("REACH is unknown: %s", show.rows.reach.failure.text);
	if (show.closed && !show.all)
		warnx("some processes are left out: only root and their own users may inspect "
		      "them");
	return show.status;
}

const struct verb verb_show = {
	.name = "show",
	.usage = "[PID|PROGRAM|UNIT...] [FLAG...]",
	.summary = "list the TCP sockets of running processes",
	.details =
		"Lists the TCP sockets of the processes, or of all processes that you may inspect, with the\n"
		"values that the kernel has: options, timer, and the time until a dead peer is detected.\n"
		"\n"
		"A name means all programs with this name (nginx, 'php-fpm*'), a unit means all processes\n"
		"of the unit (nginx.service).\n"
		"\n"
		"Exit status: 0; 1 if a process does not exist, cannot be read or has no TCP sockets, or if\n"
		"a value is unknown because the kernel does not allow it to be read; 2 if the command line\n"
		"is wrong.\n",
	.flags = flags,
	.columns = show_columns,
	.run = show_sockets,
};
