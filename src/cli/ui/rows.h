/* The cells of a socket in the table of show. */
#ifndef KEEPALIVE_ROWS_H
#define KEEPALIVE_ROWS_H

#include "cli/ui/columns.h"
#include "cli/ui/entries.h"

/* Returns true if the cell of that column is unknown. */
bool rows_cell_is_unknown(const struct view *view, const struct entry *entry, int id);

/* Returns true if something that is shown of the socket is unknown. */
bool rows_are_unknown(const struct view *view, const struct entry *entry);

/* Adds a row to a table that has the columns of the view, and returns it. */
struct libscols_line *rows_add(struct libscols_table *table, const struct view *view,
			       const struct entry *entry);

/* Returns a new table with a row for each of the first `count` sockets. */
struct libscols_table *rows_table(const struct view *view, const struct entry *entries,
				  size_t count);

#endif
