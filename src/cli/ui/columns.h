/* The columns of show, and which of them are shown. */
#ifndef KEEPALIVE_COLUMNS_H
#define KEEPALIVE_COLUMNS_H

#include "cli/ui/column.h"
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

/* All of them, ended by an empty one. */
extern struct column show_columns[COLUMNS + 1];

/* How sockets are listed. */
struct view {
	const struct style *style;
	int shown[COLUMNS];
	size_t count;
	bool named[COLUMNS]; /* by the user: it does not leave where the terminal is too narrow */
	int sort;            /* the column that the rows are sorted by; -1: none */
	bool descending;
};

/* Names the columns of the options. To be called first. */
void columns_name(void);

/*
 * Chooses the columns of --output; NULL: the default ones, which people get in fewer and narrower
 * columns than programs. `view` has its style already. Does not return if a word is no column.
 */
void view_choose(struct view *view, const struct verb *verb, const char *list);

/* Sets the column of --sort: COLUMN, -COLUMN or COLUMN:desc; does not return if it is none. */
void view_sort(struct view *view, const struct verb *verb, const char *word);

/* Returns true if that column is shown. */
bool view_has(const struct view *view, enum column_id id);

/* Returns the options that the columns, or the order, are about: 1 << id each; and those of them
 * that matter only if keepalive is on. */
unsigned int view_options(const struct view *view);
unsigned int view_options_if_on(const struct view *view);

#endif
