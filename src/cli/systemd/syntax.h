/* The syntax of unit files (systemd.syntax) and of the words in them. */
#ifndef KEEPALIVE_SYNTAX_H
#define KEEPALIVE_SYNTAX_H

#include <stdbool.h>
#include <stddef.h>

/* Called with an assignment, and the line that it begins in; name and value live until it returns.
 */
typedef void assignment_take(void *context, const char *name, const char *value, unsigned int line);

/* Calls `take` for each assignment in a section of a unit file, in their order. */
void unit_file_parse(const char *content, const char *section, assignment_take *take,
		     void *context);

/* The characters that separate words. */
#define BLANKS " \t\r\n"

/* Returns the text without blanks at both ends; those after it are cut off in place. */
char *blanks_strip(char *text);

enum syntax_word { WORD_NONE, WORD_READ, WORD_WRONG };

/*
 * Reads the next word of a value, unquoted, and moves *at after it; `word` has room for what is
 * left. WORD_WRONG: systemd ignores this word and what comes after it.
 */
enum syntax_word word_read(const char **at, char *word);

/* A word so written that word_read reads it; in quotes if it needs any. To be freed. */
char *word_quote(const char *word);

/* The same word with no specifiers in it: each % doubled. To be freed. */
char *word_without_specifiers(const char *word);

/* Returns true if systemd accepts it as the value of a variable: UTF-8, no control characters. */
bool word_is_value(const char *word);

#endif
