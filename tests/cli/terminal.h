/* Runs a program on a terminal, and reads what it prints there. */
#ifndef TESTS_TERMINAL_H
#define TESTS_TERMINAL_H

#include "lib/process.h"

/*
 * All that the program prints to a terminal of that many columns and 24 rows, to be freed; errors
 * go nowhere. Fails the test unless it ends with that status.
 */
char *terminal_run(const struct command *command, int columns, int status);

/* A program on a terminal, which it has as stdin too; stderr is its own file. */
struct terminal {
	int fd;
	struct process process;
	char output[1 << 18]; /* all that it has printed up to now */
	size_t length;
};

/* Starts it on a terminal of that size. Fails the test if that cannot be. */
void terminal_start(struct terminal *terminal, const struct command *command, int rows,
		    int columns);

/* Waits until what was printed from `from` on has the text; its place after it. Fails the test
 * after 20 seconds. */
size_t terminal_await(struct terminal *terminal, size_t from, const char *text);

/* Types a text; changes the size. */
void terminal_type(const struct terminal *terminal, const char *text);
void terminal_resize(const struct terminal *terminal, int rows, int columns);

/* Reads until the program ends, and fails the test unless it ends with that status. */
void terminal_end(struct terminal *terminal, int status);

#endif
