/* Runs a program on a terminal, and reads what it prints there. */
#ifndef TESTS_TERMINAL_H
#define TESTS_TERMINAL_H

#include "lib/process.h"

/*
 * All that the program prints to a terminal of that many columns and 24 rows, to be freed; errors
 * go nowhere. Fails the test unless it ends with that status.
 */
char *terminal_run(const struct command *command, int columns, int status);

#endif
