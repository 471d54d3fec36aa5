/* What audit prints for people, and the same as JSON or raw lines. */
#ifndef KEEPALIVE_AUDITED_H
#define KEEPALIVE_AUDITED_H

#include "cli/ui/remedy.h"
#include "cli/ui/services.h"
#include "cli/ui/table.h"

/* The columns, ended by an empty one. */
extern const struct column audit_columns[];

/* Prints a line for each service; for people also a summary, and commands. */
void audited_print(const struct services *services, const struct style *style);

/* Prints in one line how many connections there are, and how many never notice a dead peer. */
void audited_print_summary(const struct services *services);

/* Prints what can be done for a service, under that number. */
void audited_print_remedy(int number, const struct service_row *row, const struct remedy *remedy);

/* Returns the name of a service: of its unit or container, or of the program. */
const char *service_name(const struct service_row *row);

/* Returns "unit", "user-unit", "container", "program" or "unknown". */
const char *service_kind(const struct service_row *row);

#endif
