/* What show has of a socket: a row of its table. */
#ifndef KEEPALIVE_ROWS_H
#define KEEPALIVE_ROWS_H

#include "cli/sockets/sockets.h"
#include "cli/ui/reach.h"
#include "cli/ui/table.h"

/* After these come those of the option table. */
enum column_id {
	COLUMN_PROGRAM,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_PEER,
	COLUMN_TIMER,
	COLUMN_LEFT,
	COLUMN_UNACKED,
	COLUMN_DETECT_IDLE,
	COLUMN_DETECT_DATA,
	COLUMN_SHIM,
	COLUMN_REACH,
	COLUMN_PROTOCOL,
	COLUMN_USER,
	COLUMN_INODE,
	COLUMN_OPTIONS,
	COLUMNS = COLUMN_OPTIONS + OPTIONS,
};

struct rows {
	const struct style *style;
	struct libscols_table *table;
	const int *shown; /* which columns, */
	size_t count;     /* and how many */
	bool unknown;     /* set where something is shown as unknown */
	pid_t answered;   /* the process that was asked for the library last */
	enum answer answer;
	struct reach reach;
};

/* The options that these columns are about: 1 << id each. */
unsigned int rows_options(const struct rows *rows);

void rows_add(struct rows *rows, const struct tcp_socket *socket);

#endif
