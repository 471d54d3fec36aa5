/* The cells of a socket in the table of show. */
#include "cli/ui/rows.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

#include "cli/base/duration.h"
#include "cli/forecast/detection.h"

enum { COLUMN_KEEPALIVE = COLUMN_OPTIONS + OPTION_KEEPALIVE };

/* A cell, and what is in the row besides. */
struct cell {
	const struct view *view;
	struct libscols_table *table;
	struct libscols_line *line;
	size_t column;
	const struct entry *entry;
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

/* True if keepalive is on, and the socket has its timing, but it could not be read. */
static bool is_timing_unknown(const int *value)
{
	return value[OPTION_KEEPALIVE] > 0 &&
	       (value[OPTION_IDLE] == VALUE_UNKNOWN || value[OPTION_INTERVAL] == VALUE_UNKNOWN ||
		value[OPTION_COUNT] == VALUE_UNKNOWN);
}

bool rows_cell_is_unknown(const struct view *view, const struct entry *entry, int id)
{
	const struct tcp_socket *socket = &entry->socket;

	switch (id) {
	case COLUMN_STATE:
	case COLUMN_LOCAL:
	case COLUMN_PEER:
	case COLUMN_UNACKED:
		return !socket->addressed;
	case COLUMN_TIMER:
	case COLUMN_LEFT:
		return socket->kernel.timer == TIMER_UNKNOWN;
	case COLUMN_DETECT_IDLE:
		return entry->idle == DETECTION_UNKNOWN;
	case COLUMN_DETECT_DATA:
		return entry->data == DETECTION_UNKNOWN;
	case COLUMN_SHIM:
		return entry->holder && entry->holder->library == ANSWER_UNKNOWN;
	case COLUMN_REACH:
		return entry->holder && !entry->holder->reach;
	case COLUMN_USER:
		return socket->kernel.user == (uid_t)-1;
	case COLUMN_KEEPALIVE:
		return socket->value[OPTION_KEEPALIVE] == VALUE_UNKNOWN ||
		       (!style_is_bare(view->style) && is_timing_unknown(socket->value));
	default:
		return id >= COLUMN_OPTIONS && socket->value[id - COLUMN_OPTIONS] == VALUE_UNKNOWN;
	}
}

bool rows_are_unknown(const struct view *view, const struct entry *entry)
{
	/* Unlike other values it is no failure if REACH is unknown: only root can look. */
	for (size_t i = 0; i < view->count; i++)
		if (view->shown[i] != COLUMN_REACH &&
		    rows_cell_is_unknown(view, entry, view->shown[i]))
			return true;
	return false;
}

static void set_text(const struct cell *cell, const char *text)
{
	table_set_text(cell->line, cell->column, text);
}

static void set_duration(const struct cell *cell, long long milliseconds)
{
	if (!style_is_bare(cell->view->style))
		set_text(cell, duration_of(milliseconds).at);
	else if (milliseconds >= 0)
		table_set(cell->line, cell->column, "%lld", milliseconds);
	if (milliseconds == NEVER)
		table_mark(cell->line, cell->column);
}

static void set_detection(const struct cell *cell, long long end)
{
	if (end != DETECTION_NONE)
		set_duration(cell, end);
}

/* For people the three times of keepalive are one cell; off and on are words. */
static bool set_timing(const struct cell *cell)
{
	const int *value = cell->entry->socket.value;

	if (style_is_bare(cell->view->style) || value[OPTION_KEEPALIVE] <= 0 ||
	    value[OPTION_IDLE] < 0 || value[OPTION_INTERVAL] < 0 || value[OPTION_COUNT] < 0)
		return false;
	table_set(cell->line, cell->column, "%d/%d/%d", value[OPTION_IDLE], value[OPTION_INTERVAL],
		  value[OPTION_COUNT]);
	return true;
}

static void set_option(const struct cell *cell, size_t id)
{
	int value = cell->entry->socket.value[id];

	if (value < 0 || (id == OPTION_KEEPALIVE && set_timing(cell)))
		return;
	table_set_option(cell->view->style, cell->line, cell->column, &option_table[id], value);
	if (id == OPTION_KEEPALIVE && !value && !socket_is_closed(&cell->entry->socket))
		table_mark(cell->line, cell->column);
}

/* For people the name of the timer and its time are one cell. */
static void set_timer(const struct cell *cell, bool left)
{
	const struct diag_socket *kernel = &cell->entry->socket.kernel;
	const char *name = timer_name(kernel->timer);

	if (left && kernel->timer > TIMER_NONE)
		set_duration(cell, kernel->left);
	else if (!left && kernel->timer > TIMER_NONE && !style_is_bare(cell->view->style))
		table_set(cell->line, cell->column, "%s %s", name, duration_rough(kernel->left).at);
	else if (!left)
		set_text(cell, name);
}

/* What is of the process; nothing where that is not known. */
static void set_process_cell(const struct cell *cell, int id)
{
	const struct holder *holder = cell->entry->holder;

	if (!holder)
		return;
	if (id == COLUMN_PROGRAM)
		set_text(cell, holder->process.program);
	else if (id == COLUMN_SHIM)
		table_set_either(cell->view->style, cell->line, cell->column,
				 holder->library == ANSWER_YES, "yes", "no");
	else if (id == COLUMN_REACH)
		set_text(cell, holder->reach);
	else
		table_set(cell->line, cell->column, "%d",
			  id == COLUMN_PID ? holder->process.pid : cell->entry->socket.fd);
}

/* What is of the connection. */
static void set_connection_cell(const struct cell *cell, int id)
{
	const struct diag_socket *kernel = &cell->entry->socket.kernel;

	if (id == COLUMN_STATE)
		set_text(cell, tcp_state_name(kernel->state));
	else if (id == COLUMN_LOCAL)
		table_set_address(cell->line, cell->column, &kernel->local, kernel->local_port);
	else if (id == COLUMN_PEER)
		table_set_address(cell->line, cell->column, &kernel->remote, kernel->remote_port);
	else if (kernel->state != TCP_LISTEN)
		table_set(cell->line, cell->column, "%ld", kernel->unacknowledged);
}

static void set_known_cell(const struct cell *cell, int id)
{
	const struct tcp_socket *socket = &cell->entry->socket;

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
		set_detection(cell,
			      id == COLUMN_DETECT_IDLE ? cell->entry->idle : cell->entry->data);
		break;
	case COLUMN_PROTOCOL:
		set_text(cell, socket->protocol == IPPROTO_TCP ? "tcp" : "mptcp");
		break;
	case COLUMN_USER:
		table_set(cell->line, cell->column, "%u", socket->kernel.user);
		break;
	case COLUMN_INODE:
		table_set(cell->line, cell->column, "%lu", (unsigned long)socket->kernel.inode);
		break;
	default:
		set_option(cell, (size_t)(id - COLUMN_OPTIONS));
	}
}

/* What is known of an unknown cell: keepalive is on, although its timing could not be read. */
static void set_unknown_cell(const struct cell *cell, int id)
{
	if (id == COLUMN_KEEPALIVE && cell->entry->socket.value[OPTION_KEEPALIVE] > 0)
		set_text(cell, "on");
	else
		table_set_unknown(cell->view->style, cell->table, cell->line, cell->column);
}

struct libscols_line *rows_add(struct libscols_table *table, const struct view *view,
			       const struct entry *entry)
{
	struct cell cell = { view, table, table_line(table), 0, entry };

	for (; cell.column < view->count; cell.column++) {
		int id = view->shown[cell.column];

		if (rows_cell_is_unknown(view, entry, id))
			set_unknown_cell(&cell, id);
		else
			set_known_cell(&cell, id);
	}
	return cell.line;
}

struct libscols_table *rows_table(const struct view *view, const struct entry *entries,
				  size_t count)
{
	struct libscols_table *table =
		table_new("sockets", view->style, show_columns, view->shown, view->count);

	for (size_t i = 0; i < count; i++)
		rows_add(table, view, &entries[i]);
	return table;
}
