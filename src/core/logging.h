/* Where messages go, and which ones: from file and environment. */
#ifndef KEEPALIVE_LOGGING_H
#define KEEPALIVE_LOGGING_H

#include "core/option.h"

enum log_target { LOG_UNSET, LOG_OFF, LOG_STDERR, LOG_SYSLOG, LOG_FILE };
enum log_level { LEVEL_UNSET, LEVEL_ERROR, LEVEL_INFO, LEVEL_DEBUG };

enum { LOG_PATH_SIZE = 256 };

struct logging {
	enum log_target target;
	enum log_level level;
	char path[LOG_PATH_SIZE]; /* with LOG_FILE */
};

/* Each reads one word and changes *logging only if it returns ERROR_NONE. */
enum error_code log_parse(struct text word, struct logging *logging);
enum error_code log_level_parse(struct text word, struct logging *logging);

/* Overrides *logging with the settings of *over that are set. */
void logging_merge(struct logging *logging, const struct logging *over);

#endif
