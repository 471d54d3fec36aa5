/* A column of a table; apart from the tables, as getopt.h has a struct option_row too. */
#ifndef KEEPALIVE_COLUMN_H
#define KEEPALIVE_COLUMN_H

#include <stdbool.h>

struct column {
	const char *name; /* in capitals; in JSON in small letters */
	const char *help; /* half a line */
	int json;         /* SCOLS_JSON_STRING, or SCOLS_JSON_NUMBER, for booleans too */
	bool right;       /* set to the right, as numbers are */
	bool cut;         /* may be cut where the terminal is too narrow */
};

/* Prints what --help says of the columns; one without a name ends them. */
void columns_help(const struct column *columns);

#endif
