/* The line of a drop-in by which systemd runs keepalive attach before a unit starts. */
#ifndef KEEPALIVE_ATTACH_LINE_H
#define KEEPALIVE_ATTACH_LINE_H

#include <stdbool.h>

#include "cli/systemd/service.h"

/*
 * What rules with `program` and `uid` are to look at for the whole unit, as it is in its files,
 * specifiers included: the base name of the first program of ExecStart=, and User=. NULL: not
 * known.
 */
struct attach_subject {
	char *program, *user;
};

/* Of a service, or of the one that a socket starts. Its words are to be freed. */
struct attach_subject attach_subject_of(const struct service *unit);

/* Returns the line, which runs that file of the command; its end included. To be freed. */
char *attach_line(const char *command, const struct attach_subject *subject);

/* Returns true if a file of that unit has such a line. */
bool attach_line_is_in(const char *content, const char *unit);

/* Returns true if the value of an ExecStartPre= is such a line's. */
bool attach_line_is_ours(const char *value);

#endif
