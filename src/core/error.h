/* Errors of the configuration: found by the parser, printed by its caller. */
#ifndef KEEPALIVE_ERROR_H
#define KEEPALIVE_ERROR_H

#include "core/option.h"

struct error {
	enum error_code code;
	struct text file;                /* its path; empty: the error is in the environment */
	unsigned int line;               /* from 1; 0: the error concerns the whole file */
	unsigned int column;             /* from 1, in bytes: the start of `word`; 0 if line is 0 */
	struct text key;                 /* the key or variable as written; may be empty */
	struct text word;                /* the word that cannot be read; may be empty */
	const struct option_row *option; /* the option that `key` sets; NULL: none */
	bool rule_dropped;               /* the whole rule is ignored because of this error */
};

/* A receiver of errors. What an error points to is valid only during the call. */
struct errors {
	void (*take)(void *context, const struct error *error); /* NULL: errors are only counted */
	void *context;
	unsigned int count; /* without warnings */
	unsigned int warnings;
};

/* Appends the range of an option: "1..32767 s". Not for switches. */
void range_write(const struct option_row *option, struct line *line);

void errors_add(struct errors *errors, const struct error *error);

/* Appends the error as one line of English, without the name of a program at its start. */
void error_write(const struct error *error, struct line *line);

/* Appends the same without file and line: the key, the word, and what is wrong. */
void error_write_reason(const struct error *error, struct line *line);

#endif
