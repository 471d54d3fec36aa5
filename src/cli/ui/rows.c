/* What show has of a socket: a row of its table. */
#include "cli/ui/rows.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "cli/base/duration.h"
#include "cli/forecast/detection.h"

/* A cell, and what is in the row besides. */
struct cell {
	struct rows *rows;
	struct libscols_line *line;
	size_t column;
	const struct tcp_socket *socket;
};

static const char *timer_name(enum diag_timer timer)
{
	static const char *const names[] = {
		[TIMER_NONE] = "none",           [TIMER_RETRANSMIT] = "retransmit",
		[TIMER_KEEPALIVE] = "keepalive", [TIMER_TIME_WAIT] = "time-wait",
		[TIMER_PERSIST] = "persist",
	};
	const int count = sizeof names / sizeof *names;

	return (int)timer >= 0 && (int)timer < count ? names[timer] : "";
}

static void set_unknown(const struct cell *cell)
{
	table_set_unknown(cell->rows->style, cell->rows->table, cell->line, cell->column);
	cell->rows->unknown = true;
}

static void set_duration(const struct cell *cell, long long milliseconds)
{
	if (!style_is_bare(cell->rows->style))
		table_set(cell->line, cell->column, "%s", duration_of(milliseconds).at);
	else if (milliseconds >= 0)
		table_set(cell->line, cell->column, "%lld", milliseconds);
	if (milliseconds == NEVER)
		table_mark(cell->line, cell->column);
}

static void set_option(const struct cell *cell, size_t id)
{
	int value = cell->socket->value[id];

	if (value == VALUE_UNKNOWN)
		set_unknown(cell);
	if (value < 0)
		return;
	table_set_option(cell->rows->style, cell->line, cell->column, &option_table[id], value);
	if (id == OPTION_KEEPALIVE && !value && !socket_is_closed(cell->socket))
		table_mark(cell->line, cell->column);
}

static void set_detection(const struct cell *cell, bool data)
{
	long long end = (data ? detection_data : detection_idle)(cell->socket);

	if (end == DETECTION_UNKNOWN)
		set_unknown(cell);
	else if (end != DETECTION_NONE)
		set_duration(cell, end);
}

/* To be asked once for each process, which may have many sockets. */
static enum answer library_answer(struct rows *rows, const struct process *process)
{
	if (rows->answered != process->pid)
		rows->answer = process_has_library(process);
	rows->answered = process->pid;
	return rows->answer;
}

static void set_library(const struct cell *cell)
{
	enum answer answer = library_answer(cell->rows, cell->socket->process);

	if (answer == ANSWER_UNKNOWN)
		set_unknown(cell);
	else
		table_set_either(cell->rows->style, cell->line, cell->column, answer == ANSWER_YES,
				 "yes", "no");
}

/* Unlike other values it is no failure if this one is unknown: only root can look. */
static void set_reach(const struct cell *cell)
{
	struct rows *rows = cell->rows;
	const struct process *process = cell->socket->process;
	const char *name = reach_name(library_answer(rows, process),
				      reach_by_kernel(&rows->reach, process->pid));

	if (name)
		table_set(cell->line, cell->column, "%s", name);
	else
		table_set_unknown(rows->style, rows->table, cell->line, cell->column);
}

static void set_timer(const struct cell *cell, bool left)
{
	const struct diag_socket *kernel = &cell->socket->kernel;

	if (kernel->timer == TIMER_UNKNOWN)
		set_unknown(cell);
	else if (!left)
		table_set(cell->line, cell->column, "%s", timer_name(kernel->timer));
	else if (kernel->timer > TIMER_NONE)
		set_duration(cell, kernel->left);
}

/* What is of the process; nothing where that is not known. */
static void set_process_cell(const struct cell *cell, enum column_id id)
{
	const struct process *process = cell->socket->process;

	if (!process)
		return;
	if (id == COLUMN_PROGRAM)
		table_set(cell->line, cell->column, "%s", process->program);
	else if (id == COLUMN_SHIM)
		set_library(cell);
	else if (id == COLUMN_REACH)
		set_reach(cell);
	else
		table_set(cell->line, cell->column, "%d",
			  id == COLUMN_PID ? process->pid : cell->socket->fd);
}

/* What is of the connection. */
static void set_connection_cell(const struct cell *cell, enum column_id id)
{
	const struct diag_socket *kernel = &cell->socket->kernel;

	if (!cell->socket->addressed)
		set_unknown(cell);
	else if (id == COLUMN_STATE)
		table_set(cell->line, cell->column, "%s", tcp_state_name(kernel->state));
	else if (id == COLUMN_LOCAL)
		table_set_address(cell->line, cell->column, &kernel->local, kernel->local_port);
	else if (id == COLUMN_PEER)
		table_set_address(cell->line, cell->column, &kernel->remote, kernel->remote_port);
	else if (kernel->state != TCP_LISTEN)
		table_set(cell->line, cell->column, "%ld", kernel->unacknowledged);
}

static void set_user(const struct cell *cell)
{
	if (cell->socket->kernel.user == (uid_t)-1)
		set_unknown(cell);
	else
		table_set(cell->line, cell->column, "%u", cell->socket->kernel.user);
}

static void set_cell(const struct cell *cell, enum column_id id)
{
	const struct tcp_socket *socket = cell->socket;

	switch (id) {
	case COLUMN_PROGRAM:
	case COLUMN_PID:
	case COLUMN_FD:
	case COLUMN_SHIM:
	case COLUMN_REACH:
		set_process_cell(cell, id);
		break;
	case COLUMN_STATE:
	case COLUMN_LOCAL:
	case COLUMN_PEER:
	case COLUMN_UNACKED:
		set_connection_cell(cell, id);
		break;
	case COLUMN_TIMER:
	case COLUMN_LEFT:
		set_timer(cell, id == COLUMN_LEFT);
		break;
	case COLUMN_DETECT_IDLE:
	case COLUMN_DETECT_DATA:
		set_detection(cell, id == COLUMN_DETECT_DATA);
		break;
	case COLUMN_PROTOCOL:
		table_set(cell->line, cell->column, "%s",
			  socket->protocol == IPPROTO_TCP ? "tcp" : "mptcp");
		break;
	case COLUMN_USER:
		set_user(cell);
		break;
	case COLUMN_INODE:
		table_set(cell->line, cell->column, "%lu", (unsigned long)socket->kernel.inode);
		break;
	default:
		set_option(cell, id - COLUMN_OPTIONS);
	}
}

unsigned int rows_options(const struct rows *rows)
{
	unsigned int options = 0;

	for (size_t i = 0; i < rows->count; i++)
		if (rows->shown[i] >= COLUMN_OPTIONS)
			options |= 1U << (rows->shown[i] - COLUMN_OPTIONS);
		else if (rows->shown[i] == COLUMN_DETECT_IDLE)
			options |= DETECTION_IDLE_OPTIONS;
		else if (rows->shown[i] == COLUMN_DETECT_DATA)
			options |= DETECTION_DATA_OPTIONS;
	return options;
}

void rows_add(struct rows *rows, const struct tcp_socket *socket)
{
	struct cell cell = { .rows = rows, .line = table_line(rows->table), .socket = socket };

	for (; cell.column < rows->count; cell.column++)
		set_cell(&cell, (enum column_id)rows->shown[cell.column]);
}
