/* The order of rows in the table of show. */
#ifndef KEEPALIVE_ORDER_H
#define KEEPALIVE_ORDER_H

#include "cli/ui/columns.h"
#include "cli/ui/entries.h"

/*
 * Sorts by the column of the view, numbers by number; rows that are equal there stay in their
 * order. Never is the longest time. Empty cells come after all others, and unknown ones last, also
 * in descending order.
 */
void order_sort(const struct view *view, struct entries *entries);

#endif
