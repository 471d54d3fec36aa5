/* How events prints the end of a connection. */
#ifndef KEEPALIVE_ENDED_H
#define KEEPALIVE_ENDED_H

#include "cli/ui/following.h"

/* Returns the word for a cause: "keepalive". */
const char *cause_name(enum cause cause);

/* Print a line to standard output: for people, and an object of JSON. */
void ended_print(const struct ended *ended);
void ended_print_json(const struct ended *ended);

#endif
