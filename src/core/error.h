/* What is wrong with the configuration, and where: found by the parser, shown by its caller. */
#ifndef KEEPALIVE_ERROR_H
#define KEEPALIVE_ERROR_H

#include "core/option.h"

struct error {
	enum error_code code;
	struct text file;            /* its path; no length: it is about the environment */
	unsigned int line;           /* from 1; 0: it is about the file as a whole */
	unsigned int column;         /* from 1, in bytes: where `word` begins; 0 with line 0 */
	struct text key;             /* the key or variable, as it was written; may have no length */
	struct text word;            /* what could not be read; may have no length */
	const struct option_row *option; /* what `key` stands for, where it stands for one */
	bool rule_dropped;           /* the rule in which it stands is left out because of it */
};

/* Takes each error as it is found; what it points to is gone when the call returns. */
struct errors {
	void (*take)(void *context, const struct error *error); /* NULL: they are counted only */
	void *context;
	unsigned int count;    /* of errors */
	unsigned int warnings;
};

/* What an option takes: "1..32767 s". Not for switches. */
void range_write(const struct option_row *option, struct line *line);

void errors_add(struct errors *errors, const struct error *error);

/* The error as one line of English, without a program's name in front. */
void error_write(const struct error *error, struct line *line);

/* The same without its place: what is wrong with which key and word. */
void error_write_reason(const struct error *error, struct line *line);

#endif
