/* Pieces of text without libc: what the parser reads, and one line of output. */
#ifndef KEEPALIVE_TEXT_H
#define KEEPALIVE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A piece of memory that belongs to somebody else; not terminated. */
struct text {
	const char *at;
	size_t length;
};

/* Returns the whole of a terminated string. */
struct text text_of(const char *string);

bool text_equals(struct text text, const char *string);

/* Returns the text without blanks (space, tab, carriage return) at both ends. */
struct text text_trim(struct text text);

/* Return the first `length` bytes, and what follows them; `length` is at most text.length. */
struct text text_head(struct text text, size_t length);
struct text text_tail(struct text text, size_t length);

/* Returns the offset of the first `character`; text.length if there is none. */
size_t text_find(struct text text, char character);

/*
 * Reads decimal digits from the start of `text` and advances `text` past them. Returns false if
 * there is no digit. A number of more than 32 bits becomes UINT32_MAX, which fails every range
 * check.
 */
bool text_number(struct text *text, uint32_t *number);

/*
 * Returns the length of the UTF-8 character at the start of `text`, which is not empty, and sets
 * *character; 0 if there is none.
 */
size_t text_character(struct text text, uint32_t *character);

/*
 * Returns the length of the character if a terminal may print it; 0 for control characters, for
 * those that change the direction or the line, and for invisible ones.
 */
size_t text_visible(struct text text);

/* One line of a message. What does not fit is cut off; there is always room for the newline. */
struct line {
	size_t length;
	char at[800];
};

void line_add(struct line *line, const char *string);
void line_add_number(struct line *line, uint32_t number);
/*
 * Appends the text, cut after the last whole character within `most` bytes, with dots for the rest.
 * Each byte of invisible characters becomes '?'.
 */
void line_add_text(struct line *line, struct text text, size_t most);
void line_end(struct line *line);

#endif
