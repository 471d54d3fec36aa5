/* Writes lines to where people read them; the only file that does. */
#ifndef KEEPALIVE_OUTPUT_H
#define KEEPALIVE_OUTPUT_H

#include "core/text.h"

/*
 * Each writes one line with one call. The program neither waits nor gets a signal because of it,
 * its thread is not cancelled meanwhile, no descriptor is left open, and what cannot be written is
 * lost. May be called wherever a hook may be. errno may change.
 */

/* Not to a network socket, and not where nobody reads or where it would have to be waited for. */
void output_to_stderr(const struct line *line);

/* Behind what is in the file, which is made if it is not there. */
void output_to_file(const char *path, const struct line *line);

/* To the system's log, as one datagram that begins with its priority in angle brackets. */
void output_to_syslog(const struct line *line);

/* Remembers what descriptor 2 is. */
void output_note_stderr(void);

/* True as long as descriptor 2 is what it was then. */
bool output_stderr_is_the_same(void);

#endif
