/* What apply does to the options of a socket, and its rows about that. */
#ifndef KEEPALIVE_CHANGE_H
#define KEEPALIVE_CHANGE_H

#include "cli/sockets/sockets.h"
#include "cli/ui/table.h"

/* What was done to an option. */
struct change {
	bool tried;
	int before, after;
	int error;
};

/* What was done to the socket that was visited last. */
struct changes {
	bool dry_run; /* nothing is set, and what would be is told */
	struct change option[OPTIONS];
};

/* The columns of the table. */
enum { CHANGE_COLUMNS = 10 };
extern const struct column change_columns[CHANGE_COLUMNS];

/*
 * Sets an option; where there is no descriptor (-1) it is noted that nothing could be done. A
 * number that is VALUE_UNKNOWN is not set. False after an error.
 */
bool change_option(struct changes *changes, const struct tcp_socket *socket, int own, size_t id,
		   int number);

/* The user timeout that follows from the three of which it is derived, as the socket then has them.
 */
int change_derived(const struct changes *changes, int own);

/* A row for each option that was tried; they are forgotten then. */
void change_print(struct changes *changes, const struct style *style, struct libscols_table *table,
		  const struct tcp_socket *socket);

#endif
