/* The columns of show. */
#ifndef KEEPALIVE_COLUMNS_H
#define KEEPALIVE_COLUMNS_H

#include "cli/ui/column.h"
#include "cli/ui/rows.h"

/* All of them, ended by an empty one. */
extern struct column show_columns[COLUMNS + 1];

/* Those that are shown if nobody names others. */
enum { SHOW_COLUMNS_USUAL = 18 };
extern const int show_columns_usual[SHOW_COLUMNS_USUAL];

/* Names the columns of the options. To be called first. */
void show_columns_name(void);

#endif
