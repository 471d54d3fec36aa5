/* Why something could not be done, in words, for the verb that asked for it to print. */
#ifndef KEEPALIVE_FAILURE_H
#define KEEPALIVE_FAILURE_H

#include <limits.h>
#include <stdbool.h>

struct failure {
	char text[2 * PATH_MAX]; /* a line without its end; longer ones are cut */
};

/* Writes the reason (printf-like). Returns false, for the caller to return in turn. */
bool fail(struct failure *failure, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
