/* keepalive show: the TCP sockets of running processes, and when they would notice a dead peer. */
#include <ctype.h>
#include <err.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/configuration.h"
#include "cli/memory.h"
#include "cli/predict.h"
#include "cli/process.h"
#include "cli/table.h"
#include "cli/words.h"

enum { FLAG_ALL = FLAG_OWN, FLAG_CHILDREN, FLAG_OUTPUT };

static const struct flag flags[] = {
	{ FLAG_ALL, 'a', "all", NULL, "all sockets, those of closed processes too" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "also the processes that those have started" },
	{ FLAG_OUTPUT, 'o', "output", "COLUMNS", "which columns; after a + more of them" },
	TABLE_FLAGS,
	{ 0 },
};

/* Behind these come those of the option table. */
enum column_id {
	COLUMN_PROGRAM, COLUMN_PID, COLUMN_FD, COLUMN_STATE, COLUMN_LOCAL, COLUMN_PEER,
	COLUMN_TIMER, COLUMN_LEFT, COLUMN_UNACKED, COLUMN_DETECT_IDLE, COLUMN_DETECT_DATA,
	COLUMN_SHIM, COLUMN_PROTOCOL, COLUMN_USER, COLUMN_INODE, COLUMN_OPTIONS,
	COLUMNS = COLUMN_OPTIONS + OPTIONS,
};

static char option_names[OPTIONS][sizeof option_table[0].key];

static struct column columns[COLUMNS + 1] = {
	[COLUMN_PROGRAM] = { "PROGRAM", "what it was called as", SCOLS_JSON_STRING, false, true },
	[COLUMN_PID] = { "PID", "process id", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_FD] = { "FD", "file descriptor", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_STATE] = { "STATE", "state of the connection", SCOLS_JSON_STRING, false, false },
	[COLUMN_LOCAL] = { "LOCAL", "own address and port", SCOLS_JSON_STRING, false, false },
	[COLUMN_PEER] = { "PEER", "address and port of the other end", SCOLS_JSON_STRING, false, false },
	[COLUMN_TIMER] = { "TIMER", "what the kernel waits for", SCOLS_JSON_STRING, false, false },
	[COLUMN_LEFT] = { "LEFT", "how long still; bare: ms", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_UNACKED] = { "UNACKED", "bytes that the peer has not acknowledged", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_IDLE] = { "DETECT_IDLE", "when a dead peer is noticed, idle; bare: ms", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_DATA] = { "DETECT_DATA", "the same with data on the way", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_SHIM] = { "SHIM", "whether the library is loaded", SCOLS_JSON_NUMBER, false, false },
	[COLUMN_PROTOCOL] = { "PROTOCOL", "tcp or mptcp", SCOLS_JSON_STRING, false, false },
	[COLUMN_USER] = { "USER", "user id of the socket's owner", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_INODE] = { "INODE", "the socket's inode", SCOLS_JSON_NUMBER, true, false },
};

static const int usual[] = {
	COLUMN_PROGRAM, COLUMN_PID, COLUMN_FD, COLUMN_STATE, COLUMN_LOCAL, COLUMN_PEER,
	COLUMN_OPTIONS + OPTION_KEEPALIVE, COLUMN_OPTIONS + OPTION_IDLE,
	COLUMN_OPTIONS + OPTION_INTERVAL, COLUMN_OPTIONS + OPTION_COUNT,
	COLUMN_OPTIONS + OPTION_USER_TIMEOUT, COLUMN_TIMER, COLUMN_LEFT, COLUMN_UNACKED,
	COLUMN_DETECT_IDLE, COLUMN_DETECT_DATA, COLUMN_SHIM,
};

enum { USUAL = sizeof usual / sizeof *usual, SHOWN_MAX = 2 * COLUMNS };

struct show {
	struct style style;
	bool all, children;
	int shown[SHOWN_MAX];
	size_t shown_count;
	struct libscols_table *table;
	struct timing kernel;   /* what sockets do not have of their own */
	pid_t answered;         /* the process that was asked for the library last */
	enum answer answer;
	struct numbers processes; /* the ids of those that were shown */
	bool closed;            /* there are processes that may not be looked at */
	int status;
};

static void name_columns(void)
{
	for (int id = 0; id < OPTIONS; id++) {
		const struct option *option = &option_table[id];

		for (size_t i = 0; option->key[i]; i++)
			option_names[id][i] = (char)toupper((unsigned char)option->key[i]);
		columns[COLUMN_OPTIONS + id] = (struct column){
			option_names[id], option_words(option), SCOLS_JSON_NUMBER,
			option->unit != UNIT_SWITCH, false
		};
	}
}

static int find_column(const char *name, size_t length)
{
	for (int i = 0; i < COLUMNS; i++)
		if (strlen(columns[i].name) == length && !strncasecmp(columns[i].name, name, length))
			return i;
	return -1;
}

static void choose_columns(const struct verb *verb, struct show *show, const char *list)
{
	show->shown_count = 0;
	if (*list == '+') {
		memcpy(show->shown, usual, sizeof usual);
		show->shown_count = USUAL;
		list++;
	}
	while (*list) {
		size_t length = strcspn(list, ",");
		int column = find_column(list, length);

		if (column < 0)
			flags_wrong(verb, "--output: \"%.*s\" is not a column", (int)length, list);
		if (show->shown_count == SHOWN_MAX)
			flags_wrong(verb, "--output: too many columns");
		show->shown[show->shown_count++] = column;
		list += length;
		list += *list == ',';
	}
	if (!show->shown_count)
		flags_wrong(verb, "--output: no column");
}

static const char *timer_name(enum diag_timer timer)
{
	static const char *const names[] = {
		[TIMER_NONE] = "none", [TIMER_RETRANSMIT] = "retransmit",
		[TIMER_KEEPALIVE] = "keepalive", [TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PERSIST] = "persist",
	};
	const int count = sizeof names / sizeof *names;

	return (int)timer >= 0 && (int)timer < count ? names[timer] : "";
}

static void set_duration(const struct show *show, struct libscols_line *line, size_t column,
			 long long milliseconds)
{
	if (!style_is_bare(&show->style))
		table_set(line, column, "%s", duration_of(milliseconds).at);
	else if (milliseconds >= 0)
		table_set(line, column, "%lld", milliseconds);
	if (milliseconds == NEVER)
		table_mark(line, column);
}

static void set_option(const struct show *show, struct libscols_line *line, size_t column,
		       size_t id, int value)
{
	if (value < 0)
		return;
	table_set_option(&show->style, line, column, &option_table[id], value);
	if (id == OPTION_KEEPALIVE && !value)
		table_mark(line, column);
}

static int value_or(int value, int otherwise)
{
	return value >= 0 ? value : otherwise;
}

static void set_detection(const struct show *show, struct libscols_line *line, size_t column,
			  const struct tcp_socket *socket, bool data)
{
	struct timing timing = show->kernel;
	struct prediction prediction;
	const int *value = socket->value;

	if (!socket->readable || value[OPTION_KEEPALIVE] < 0)
		return;
	timing.keepalive = value[OPTION_KEEPALIVE];
	timing.idle = value_or(value[OPTION_IDLE], timing.idle);
	timing.interval = value_or(value[OPTION_INTERVAL], timing.interval);
	timing.count = value_or(value[OPTION_COUNT], timing.count);
	timing.user_timeout = value_or(value[OPTION_USER_TIMEOUT], 0);
	timing.rto_max = value_or(value[OPTION_RTO_MAX], timing.rto_max);
	(data ? predict_data : predict_idle)(&timing, &prediction);
	set_duration(show, line, column, prediction.end);
}

/* To be asked once for each process, which may have many sockets. */
static enum answer library_answer(struct show *show, const struct process *process)
{
	if (!process)
		return ANSWER_UNKNOWN;
	if (show->answered != process->pid)
		show->answer = process_has_library(process);
	show->answered = process->pid;
	return show->answer;
}

static void set_library(struct show *show, struct libscols_line *line, size_t column,
			const struct process *process)
{
	enum answer answer = library_answer(show, process);

	if (answer != ANSWER_UNKNOWN)
		table_set_either(&show->style, line, column, answer == ANSWER_YES, "yes", "no");
}

static void set_cell(struct show *show, struct libscols_line *line, size_t column,
		     enum column_id id, const struct tcp_socket *socket)
{
	const struct diag_socket *kernel = &socket->kernel;
	bool listens = kernel->state == TCP_LISTEN;

	switch (id) {
	case COLUMN_PROGRAM:
		if (socket->process)
			table_set(line, column, "%s", socket->process->program);
		break;
	case COLUMN_PID:
		if (socket->process)
			table_set(line, column, "%d", socket->process->pid);
		break;
	case COLUMN_FD:
		if (socket->process)
			table_set(line, column, "%d", socket->fd);
		break;
	case COLUMN_STATE:
		table_set(line, column, "%s", tcp_state_name(kernel->state));
		break;
	case COLUMN_LOCAL:
		if (socket->addressed)
			table_set_address(line, column, &kernel->local, kernel->local_port);
		break;
	case COLUMN_PEER:
		if (socket->addressed)
			table_set_address(line, column, &kernel->remote, kernel->remote_port);
		break;
	case COLUMN_TIMER:
		table_set(line, column, "%s", timer_name(kernel->timer));
		break;
	case COLUMN_LEFT:
		if (kernel->timer > TIMER_NONE)
			set_duration(show, line, column, kernel->left);
		break;
	case COLUMN_UNACKED:
		if (!listens)
			table_set(line, column, "%ld", kernel->unacknowledged);
		break;
	case COLUMN_DETECT_IDLE:
	case COLUMN_DETECT_DATA:
		set_detection(show, line, column, socket, id == COLUMN_DETECT_DATA);
		break;
	case COLUMN_SHIM:
		set_library(show, line, column, socket->process);
		break;
	case COLUMN_PROTOCOL:
		table_set(line, column, "%s", socket->protocol == IPPROTO_TCP ? "tcp" : "mptcp");
		break;
	case COLUMN_USER:
		if (kernel->user != (uid_t)-1)
			table_set(line, column, "%u", kernel->user);
		break;
	case COLUMN_INODE:
		table_set(line, column, "%lu", (unsigned long)kernel->inode);
		break;
	default:
		if (socket->readable)
			set_option(show, line, column, id - COLUMN_OPTIONS,
				   socket->value[id - COLUMN_OPTIONS]);
		else if (id == COLUMN_OPTIONS + OPTION_KEEPALIVE &&
			 kernel->timer == TIMER_KEEPALIVE && kernel->state == TCP_ESTABLISHED)
			set_option(show, line, column, OPTION_KEEPALIVE, 1);
	}
}

static void add_row(void *context, struct tcp_socket *socket, int own)
{
	struct show *show = context;
	struct libscols_line *line;

	(void)own;
	if (!socket->protocol)
		return;
	line = table_line(show->table);
	for (size_t i = 0; i < show->shown_count; i++)
		set_cell(show, line, i, (enum column_id)show->shown[i], socket);
}

/* Once: it may be named twice, or be the child of another. `named`: the user asked for this one. */
static void show_process(struct show *show, pid_t pid, bool named)
{
	enum process_problem problem;
	struct process process;

	if (!numbers_add(&show->processes, (uintptr_t)pid))
		return;
	problem = process_open(&process, pid);
	if (problem == PROCESS_FINE) {
		process_visit(&process, add_row, NULL, show);
		process_close(&process);
	} else if (named) {
		show->status |= process_complain(&process, problem);
	}
	show->closed |= problem == PROCESS_CLOSED;
}

static void show_tree(struct show *show, pid_t root)
{
	pid_t *pids = process_tree(root);

	for (size_t i = 0; pids[i]; i++)
		show_process(show, pids[i], !i);
	free(pids);
}

static void show_everything(struct show *show)
{
	pid_t *pids = process_all();

	for (size_t i = 0; pids[i]; i++)
		show_process(show, pids[i], false);
	free(pids);
}

/* Those of this network namespace that no process came up with. */
static void show_others(struct show *show)
{
	struct diag *diag = diag_of(0);

	for (size_t i = 0; i < diag->count; i++)
		if (!diag->socket[i].seen)
			add_row(show, &(struct tcp_socket){ .protocol = IPPROTO_TCP, .addressed = true,
							    .kernel = diag->socket[i] }, -1);
}

static void read_kernel(struct timing *timing)
{
	struct kernel_values kernel;

	kernel_values_read(&kernel);
	*timing = (struct timing){
		.idle = kernel.number[OPTION_IDLE],
		.interval = kernel.number[OPTION_INTERVAL],
		.count = kernel.number[OPTION_COUNT],
		.rto_max = kernel.number[OPTION_RTO_MAX],
		.retries2 = sysctl_number("tcp_retries2", 15),
		.hz = kernel_hz(),
	};
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct show *show)
{
	const char *argument;
	int flag;

	memcpy(show->shown, usual, sizeof usual);
	show->shown_count = USUAL;
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
	int first;

	name_columns();
	read_command_line(verb, argc, argv, &show);
	first = optind;
	for (int i = first; i < argc; i++)
		process_id(verb, argv[i]);
	read_kernel(&show.kernel);
	show.table = table_new("sockets", &show.style, columns, show.shown, show.shown_count);
	for (int i = first; i < argc; i++)
		if (show.children)
			show_tree(&show, process_id(verb, argv[i]));
		else
			show_process(&show, process_id(verb, argv[i]), true);
	if (first == argc || show.all)
		show_everything(&show);
	if (show.all)
		show_others(&show);
	table_print(show.table, &show.style);
	if (show.closed && first == argc && !show.all)
		warnx("some processes are left out: only root and their own users may look at them");
	return show.status;
}

const struct verb verb_show = {
	.name = "show",
	.usage = "[PID...] [OPTION...]",
	.summary = "the TCP sockets of running processes, and when they notice a dead peer",
	.details =
		"Shows the TCP sockets of the processes, or of all that may be looked at, as the kernel has\n"
		"them: settings, timer, and how long it takes until a dead peer is noticed.\n\n"
		"Exit status: 0; 1 if a process that was named could not be shown; 2 if the command line is\n"
		"wrong.\n",
	.flags = flags,
	.columns = columns,
	.usage_status = STATUS_USAGE,
	.run = show_sockets,
};
