/* The log, if one is configured. */
#ifndef KEEPALIVE_LOG_H
#define KEEPALIVE_LOG_H

#include "core/logging.h"

/* LEVEL_UNSET: no log. Written once, before the hooks read it. */
extern enum log_level log_level;

static inline bool log_wants(enum log_level level)
{
	return __builtin_expect(log_level != LEVEL_UNSET, 0) && level <= log_level;
}

/* The same, if the log does not go to stderr. */
bool log_wants_elsewhere(enum log_level level);

/* Configures the log. Each line contains `program`, which must stay. */
void log_start(const struct logging *logging, struct text program);

/*
 * Call log_begin(), append text, call log_end(): one line. Only if log_wants(level). May be called
 * wherever a hook may be. errno may change.
 */
void log_begin(struct line *line, enum log_level level);
void log_end(struct line *line);

#endif
