/* How systemd writes: unit files (systemd.syntax), their words, and environment files. */
#ifndef KEEPALIVE_SYNTAX_H
#define KEEPALIVE_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

/* Takes an assignment, and the line that it begins in; what is given lives until it returns. */
typedef void assignment_take(void *context, const char *name, const char *value, unsigned int line);

/* Calls `take` for each assignment in a section of a unit file, in their order. */
void unit_file_parse(const char *content, const char *section, assignment_take *take,
		     void *context);

/* The same for each variable of a file that EnvironmentFile= names, its value unquoted. */
void environment_file_parse(const char *content, assignment_take *take, void *context);

enum syntax_word { WORD_NONE, WORD_READ, WORD_WRONG };

/*
 * Reads the next word of a value, unquoted, and moves *at behind it; `word` has room for what is
 * left. WORD_WRONG: systemd ignores this word and what comes after it.
 */
enum syntax_word word_read(const char **at, char *word);

/* A word so written that word_read reads it; in quotes if it needs any. To be freed. */
char *word_quote(const char *word);

/* The same word with no specifiers in it: each % doubled. To be freed. */
char *word_without_specifiers(const char *word);

/* True if systemd takes it for the value of a variable: UTF-8, without control characters. */
bool word_is_value(const char *word);

#endif
