/* What apply does to the options of a socket, and its rows about that. */
#ifndef KEEPALIVE_CHANGE_H
#define KEEPALIVE_CHANGE_H

#include "cli/sockets.h"
#include "cli/table.h"

/* What was done to an option of the socket that was visited last. */
struct change {
	bool tried;
	int before, after;
	int error;
};

/* The columns of the table. */
enum { CHANGE_COLUMNS = 10 };
extern const struct column change_columns[CHANGE_COLUMNS];

/*
 * Sets an option; where there is no descriptor (-1) it is noted that nothing could be done. A
 * number that is VALUE_UNKNOWN is not set. False after an error.
 */
bool change_option(struct change *change, const struct tcp_socket *socket, int own, size_t id,
		   int number);

/* The user timeout that follows from the three of which it is derived, as the socket now has them.
 */
int change_derived(int own);

/* A row for each option that was tried; they are forgotten then. */
void change_print(struct change change[OPTIONS], const struct style *style,
		  struct libscols_table *table, const struct tcp_socket *socket);

#endif
