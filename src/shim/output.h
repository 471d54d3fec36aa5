/* Writes lines to stderr, files and syslog; the only file that writes. */
#ifndef KEEPALIVE_OUTPUT_H
#define KEEPALIVE_OUTPUT_H

#include "core/text.h"

/*
 * Each function writes one line with one call. It does not block, sends the program no signal, is
 * no cancellation point, leaves no descriptor open, and discards what cannot be written. May be
 * called wherever a hook may be. errno may change.
 */

/* Not if stderr is a network socket, has no reader, or would block. */
void output_to_stderr(const struct line *line);

/* Appends to the file, which is created if it is missing. */
void output_to_file(const char *path, const struct line *line);

/* To the system's log, as one datagram, which starts with its priority in angle brackets. */
void output_to_syslog(const struct line *line);

/* Remembers what descriptor 2 is. */
void output_note_stderr(void);

/* Returns true while descriptor 2 is still the same file. */
bool output_stderr_is_the_same(void);

#endif
