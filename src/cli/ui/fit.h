/* Makes a table as wide as the terminal: columns leave by importance, names are cut. */
#ifndef KEEPALIVE_FIT_H
#define KEEPALIVE_FIT_H

#include "cli/ui/columns.h"

/*
 * Fits a table that has the columns of the view, and all its rows, into `width` columns: no row
 * wraps. Columns that the user named do not leave: if they do not fit, rows wrap after all.
 */
void fit_table(struct libscols_table *table, const struct view *view, int width);

#endif
