/* The text of a drop-in: the lines that are keepalive's own, and those that somebody else wrote. */
#ifndef KEEPALIVE_DROPIN_TEXT_H
#define KEEPALIVE_DROPIN_TEXT_H

#include <stdbool.h>

/* Returns true if the first line is the mark of keepalive enable. */
bool dropin_text_is_marked(const char *content);

/* Returns how many directories keepalive enable made for the file. */
int dropin_text_directories(const char *content);

/*
 * What is left of a word of Environment= without what is keepalive's own: KEEPALIVE..., and
 * LD_PRELOAD with the library, of which the other libraries are left where the file is not marked.
 * NULL if nothing is left. To be freed.
 */
char *dropin_text_other_word(const char *word, bool marked);

/*
 * The text without what is keepalive's own: its comment, and in that section ("Service") those
 * words in Environment=, and ExecStartPre= with keepalive attach. Empty if no assignment and no
 * comment is left. To be freed.
 */
char *dropin_text_others(const char *content, const char *section);

/* Returns the lines of others with ours after them, so that ours take effect. To be freed. */
char *dropin_text_with(const char *others, const char *ours, const char *section);

/* The comment for the top of the file. To be freed. `flags`: " --runtime", or empty. */
char *dropin_text_comment(const char *unit, const char *flags, int directories);

/* Prints what differs, comments of ours left out: lines that go after "- ", new ones after "+ ". */
void dropin_text_print_changes(const char *before, const char *after);

#endif
