/* Victims under strace: the system calls that they make, and the library in them. */
#ifndef TESTS_TRACE_H
#define TESTS_TRACE_H

#include <stdbool.h>
#include <stddef.h>

enum { CALLS_MAX = 4096 };

/*
 * Runs `subcommand` under strace with `preload` ("": nothing); what it wrote down, to be freed.
 * NULL: strace may not, here.
 */
char *trace(const char *subcommand, const char *preload, const char *const *environment);

/* A trace is gone through line by line. */
const char *next_line(const char *line);
bool line_has(const char *line, const char *word);

/* The name of the call in a line of the trace, or "" where it is none. */
void name_of(const char *line, char *name, size_t size);

/* Appends the call in the line to `calls`, the option after it where it sets one. */
void add_call(char *calls, const char *line);

/* The calls between the victim's mark and the next one. */
void calls_of_phase(const char *lines, const char *mark, char *calls);

#endif
