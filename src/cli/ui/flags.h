/* Reads the options of a verb's command line, and prints its --help. Knows nothing of settings. */
#ifndef KEEPALIVE_FLAGS_H
#define KEEPALIVE_FLAGS_H

#include "cli/verb.h"

/* What flags_next returns: numbers of a verb's own table begin at FLAG_OWN. */
enum { FLAG_END = -1, FLAG_OWN = 1, FLAG_HELP = 1000 };

/*
 * The next option of the command line, its argument in *argument (NULL: it has none); FLAG_END
 * after the last, when optind is the first operand. --help is answered here, and an error is
 * reported; both end the process.
 */
int flags_next(const struct verb *verb, int argc, char **argv, const char **argument);

/* Reports an error on the command line (printf-like), and ends the process. */
void flags_wrong(const struct verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3), noreturn));

/* Ends the process if there are fewer operands than `least` or more than `most`. */
void flags_operands(const struct verb *verb, int argc, int least, int most);

#endif
