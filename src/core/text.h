/* Pieces of text without libc: what the parser reads, and one line of output. */
#ifndef KEEPALIVE_TEXT_H
#define KEEPALIVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of somebody else's memory; not terminated. */
struct text {
	const char *at;
	size_t length;
};

/* The whole of a terminated string. */
struct text text_of(const char *string);

bool text_equals(struct text text, const char *string);

/* Without the blanks (space, tab, carriage return) at both ends. */
struct text text_trim(struct text text);

/* The first `length` bytes, or what comes after them; `length` is at most text.length. */
struct text text_head(struct text text, size_t length);
struct text text_tail(struct text text, size_t length);

/* Where `character` stands first; text.length where it does not. */
size_t text_find(struct text text, char character);

/*
 * Reads decimal digits from the start of `text` and moves `text` behind them. False where there
 * is no digit. A number past 32 bits comes back as UINT32_MAX, so no range check can let it pass.
 */
bool text_number(struct text *text, uint32_t *number);

/*
 * The length of the UTF-8 character at the start of `text`, which has a byte at least, and the
 * character itself; 0 if there is none.
 */
size_t text_character(struct text text, uint32_t *character);

/*
 * The same for a character that a terminal may be given: 0 for controls, for what changes the
 * direction or the line, and for what cannot be seen.
 */
size_t text_visible(struct text text);

/* One line of a message. What does not fit is cut; there is always room for the newline. */
struct line {
	size_t length;
	char at[800];
};

void line_add(struct line *line, const char *string);
void line_add_number(struct line *line, uint32_t number);
/*
 * Cut behind the last character that `most` bytes hold, with dots in place of the rest. Each byte of
 * what is not visible becomes '?'.
 */
void line_add_text(struct line *line, struct text text, size_t most);
void line_end(struct line *line);

#endif
