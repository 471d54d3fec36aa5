/* Finds the sockets that show lists, and prints them. */
#ifndef KEEPALIVE_LISTING_H
#define KEEPALIVE_LISTING_H

#include "cli/base/memory.h"
#include "cli/ui/columns.h"
#include "cli/ui/entries.h"
#include "cli/ui/filter.h"
#include "cli/ui/operand.h"
#include "cli/ui/reach.h"

struct listing {
	struct view view;
	struct filter filter;
	bool all, children;
	struct operand *operands; /* none: all processes */
	size_t operand_count;
	const bool *ended; /* by operand: its process has ended, and is not looked at; NULL: none */
	bool quiet;        /* nothing is reported, and the status stays */

	/* What was found. */
	struct entries entries;
	struct numbers processes; /* the ids of those that were looked at */
	bool closed;              /* processes that may not be looked at were left out */
	bool incomplete;          /* something could not be looked at, or read */
	struct reach reach;
	int status;
};

/* Adds the sockets that the operands mean, in the order of the view. Reports what is not known. */
void listing_find(struct listing *listing);

/* Tells the user what is beside the table: that nothing was found, or not looked at. */
void listing_report(const struct listing *listing);

/* Forgets what was found, so that listing_find looks again. */
void listing_forget(struct listing *listing);

/* Adds the sockets of one process. Returns true if there was something to tell of it. */
bool listing_find_in(struct listing *listing, const struct process *process);

/* Returns the first `count` sockets as a table, as wide as the terminal if there is one. */
struct libscols_table *listing_table(const struct view *view, const struct entries *entries,
				     size_t count);

/* Prints the sockets as a table; to a terminal as wide as that. */
void listing_print(const struct view *view, const struct entries *entries);

#endif
