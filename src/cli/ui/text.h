/* Text for people on a terminal. */
#ifndef KEEPALIVE_UI_TEXT_H
#define KEEPALIVE_UI_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Returns the columns of the terminal, between `least` and `most`; `otherwise` if it is none. */
int text_width(int least, int most, int otherwise);

/* Returns the columns that a text takes; what the locale cannot print is escaped by libsmartcols.
 */
int text_columns(const char *text);

/* Returns how many bytes of a text fit into that many columns, without part of a character. */
size_t text_fitting(const char *text, int columns);

/* Returns the mark for what was cut, in the characters of the locale. */
const char *text_ellipsis(void);

/* Returns true if standard output is a terminal, and the locale has characters that draw lines. */
bool text_draws_lines(void);

/*
 * Prints text in lines of words, and goes on in column `indent`, in which it also begins: that
 * margin must have been printed.
 */
void text_wrap(int indent, const char *text);

/* Prints text that is important: red where colours are wanted. */
void text_paint(const char *text);

#endif
