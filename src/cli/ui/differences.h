/* What has changed between two looks at the sockets, in one line each. */
#ifndef KEEPALIVE_DIFFERENCES_H
#define KEEPALIVE_DIFFERENCES_H

#include "cli/ui/columns.h"
#include "cli/ui/entries.h"

/* Prints the headings of the lines, unless the style has none. */
void differences_headings(const struct view *view);

/*
 * Prints a line for each socket that is new, that has another state or other settings, or that is
 * gone; with the time. With JSON each line is an object.
 */
void differences_print(const struct view *view, const struct entries *before,
		       const struct entries *after);

#endif
