/* Runs the command as an operator does, and reads what it prints. */
#ifndef TESTS_CLI_H
#define TESTS_CLI_H

#include <stdbool.h>
#include <sys/types.h>

#include "core/option.h"
#include "lib/process.h"

/* What one call of the command came to; never freed, tests are short. */
struct called {
	int status;
	char *output, *errors;
};

/* Calls it with these arguments, NULL after the last. */
struct called call(const char *const *arguments);
#define CALL(...) call((const char *const[]){ __VA_ARGS__, NULL })

/* The same as somebody else, where we are root; and with variables, up to a NULL. */
struct called call_as(const char *user, const char *const *variables, const char *const *arguments);

/* The verbs that `keepalive --help` lists, but for help itself, up to a NULL. */
const char *const *verb_names(void);

/* Fails the test, printing all of it, unless the status is that. */
void expect_status(const struct called *called, int status);

/* Fails the test unless the text holds the word. */
void expect_says(const char *text, const char *word);

/* Starts zoo.py, a process with a TCP socket of each kind; under the library, unless that is NULL.
 */
struct process start_zoo(const char *preload);

#define COUNT(table) (sizeof(table) / sizeof *(table))

/* Both in one; never freed. */
char *joined(const char *a, const char *b);

/* The program that tells of its sockets. */
const char *victim(void);

/* A number as a word, the same static buffers each eighth time. */
const char *word_of(long number);

/* The flag for an option of the table: "--user-timeout". Never freed. */
char *flag_of(const struct option_row *option);

/* One row of what --raw --noheadings prints. Empty cells are empty words. */
enum { CELLS_MAX = 32 };

struct row {
	int cells;
	char *cell[CELLS_MAX];
};

/* Takes the next row off `output`, which it changes; false after the last. */
bool next_row(char **output, struct row *row);

/*
 * The first row whose cell `column` is `word`; fails the test where there is none. `output` stays
 * as it is.
 */
struct row find_row(const char *output, int column, const char *word);

/* True if python3 takes it for JSON; and whether it can be asked. */
bool is_json(const char *text);

/* Writes as much of a 32-bit program or library as tells what it is, for a machine of elf.h
 * (EM_386). */
void write_32bit_program(const char *path, unsigned short machine, const char *interpreter);

#endif
