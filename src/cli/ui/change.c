/* What apply does to the options of a socket, and its rows about that. */
#include "cli/ui/change.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "core/policy.h"

enum {
	COLUMN_PROGRAM,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_PEER,
	COLUMN_OPTION,
	COLUMN_BEFORE,
	COLUMN_AFTER,
	COLUMN_ERROR
};

const struct column change_columns[CHANGE_COLUMNS] = {
	[COLUMN_PROGRAM] = { "PROGRAM", "", SCOLS_JSON_STRING, false, true },
	[COLUMN_PID] = { "PID", "", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_FD] = { "FD", "", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_STATE] = { "STATE", "", SCOLS_JSON_STRING, false, false },
	[COLUMN_LOCAL] = { "LOCAL", "", SCOLS_JSON_STRING, false, false },
	[COLUMN_PEER] = { "PEER", "", SCOLS_JSON_STRING, false, false },
	[COLUMN_OPTION] = { "OPTION", "", SCOLS_JSON_STRING, false, false },
	[COLUMN_BEFORE] = { "BEFORE", "", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_AFTER] = { "AFTER", "", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_ERROR] = { "ERROR", "", SCOLS_JSON_STRING, false, false },
};

static void set_value(const struct style *style, struct libscols_table *table,
		      struct libscols_line *line, size_t column, size_t id, int value)
{
	if (value == VALUE_UNKNOWN)
		table_set_unknown(style, table, line, column);
	else if (value >= 0)
		table_set_option(style, line, column, &option_table[id], value);
}

static void add_row(const struct change *change, const struct style *style,
		    struct libscols_table *table, const struct tcp_socket *socket, size_t id)
{
	const struct diag_socket *kernel = &socket->kernel;
	struct libscols_line *line = table_line(table);

	table_set(line, COLUMN_PROGRAM, "%s", socket->process->program);
	table_set(line, COLUMN_PID, "%d", socket->process->pid);
	table_set(line, COLUMN_FD, "%d", socket->fd);
	table_set(line, COLUMN_STATE, "%s", tcp_state_name(kernel->state));
	table_set_address(line, COLUMN_LOCAL, &kernel->local, kernel->local_port);
	table_set_address(line, COLUMN_PEER, &kernel->remote, kernel->remote_port);
	table_set(line, COLUMN_OPTION, "%s", option_table[id].key);
	set_value(style, table, line, COLUMN_BEFORE, id, change->before);
	set_value(style, table, line, COLUMN_AFTER, id, change->after);
	if (change->error) {
		table_set(line, COLUMN_ERROR, "%s", strerror(change->error));
		table_mark(line, COLUMN_ERROR);
	}
}

/* What the kernel then has. */
static void set(struct change *change, int own, const struct option_row *option, int number)
{
	if (setsockopt(own, option->level, option->name, &number, sizeof number))
		change->error = errno;
	change->after = option_read(own, option);
}

/* What it would be told; an option that a socket does not let us read it does not let us set. */
static void foresee(struct change *change, int number)
{
	if (change->before < 0)
		change->error = -change->before;
	else
		change->after = number;
}

bool change_option(struct changes *changes, const struct tcp_socket *socket, int own, size_t id,
		   int number)
{
	const struct option_row *option = &option_table[id];
	struct change *change = &changes->option[id];

	*change = (struct change){ true, socket->value[id], socket->value[id], socket->refused };
	if (own < 0)
		return false;
	change->before = change->after = option_read(own, option);
	if (number == VALUE_UNKNOWN)
		change->error = EACCES;
	else if (changes->dry_run)
		foresee(change, number);
	else
		set(change, own, option, number);
	return !change->error;
}

static int value_then(const struct changes *changes, int own, size_t id)
{
	const struct change *change = &changes->option[id];

	return change->tried ? change->after : option_read(own, &option_table[id]);
}

int change_derived(const struct changes *changes, int own)
{
	return derive_user_timeout(value_then(changes, own, OPTION_IDLE),
				   value_then(changes, own, OPTION_INTERVAL),
				   value_then(changes, own, OPTION_COUNT));
}

void change_print(struct changes *changes, const struct style *style, struct libscols_table *table,
		  const struct tcp_socket *socket)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (changes->option[id].tried)
			add_row(&changes->option[id], style, table, socket, id);
	memset(changes->option, 0, sizeof changes->option);
}
