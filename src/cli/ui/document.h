/* JSON of several tables: one document with a member for each. */
#ifndef KEEPALIVE_DOCUMENT_H
#define KEEPALIVE_DOCUMENT_H

#include "cli/ui/table.h"

/* Prints a table as the next member, `*printed` of which were printed before, and frees it. */
void document_add(struct libscols_table *table, int *printed);

/* Prints the end. */
void document_end(void);

#endif
