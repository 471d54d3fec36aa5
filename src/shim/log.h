/* The log, where one is asked for. */
#ifndef KEEPALIVE_LOG_H
#define KEEPALIVE_LOG_H

#include "core/logging.h"

/* LEVEL_UNSET: no log. Written once, before the hooks read it. */
extern enum log_level log_level;

static inline bool log_wants(enum log_level level)
{
	return __builtin_expect(log_level != LEVEL_UNSET, 0) && level <= log_level;
}

/* The same, if what is logged does not go to stderr. */
bool log_wants_elsewhere(enum log_level level);

/* Takes what is configured; `program` is named in each line, and has to stay where it is. */
void log_start(const struct logging *logging, struct text program);

/*
 * A line of its own: begin, add what is to be said, end. To be called where log_wants(level), from
 * wherever a hook may be called. errno may change.
 */
void log_begin(struct line *line, enum log_level level);
void log_end(struct line *line);

#endif
