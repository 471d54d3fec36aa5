/* Text for people on a terminal. */
#ifndef KEEPALIVE_UI_TEXT_H
#define KEEPALIVE_UI_TEXT_H

#include <stdbool.h>

/* Returns the columns of the terminal, between `least` and `most`; `otherwise` if it is none. */
int text_width(int least, int most, int otherwise);

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
