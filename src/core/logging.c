/* Where messages go, and which ones: from file and environment. */
#include "core/logging.h"

/* A zero byte inside would cut the path: it would be another file. */
static bool is_path(struct text word)
{
	return word.length && word.at[0] == '/' && word.length < LOG_PATH_SIZE &&
	       text_find(word, 0) == word.length;
}

enum error_code log_parse(struct text word, struct logging *logging)
{
	if (text_equals(word, "off")) {
		logging->target = LOG_OFF;
	} else if (text_equals(word, "stderr") || text_equals(word, "/dev/stderr")) {
		logging->target = LOG_STDERR;
	} else if (text_equals(word, "syslog")) {
		logging->target = LOG_SYSLOG;
	} else if (is_path(word)) {
		logging->target = LOG_FILE;
		for (size_t i = 0; i < word.length; i++)
			logging->path[i] = word.at[i];
		logging->path[word.length] = 0;
	} else {
		return ERROR_LOG;
	}
	return ERROR_NONE;
}

enum error_code log_level_parse(struct text word, struct logging *logging)
{
	if (text_equals(word, "error"))
		logging->level = LEVEL_ERROR;
	else if (text_equals(word, "info"))
		logging->level = LEVEL_INFO;
	else if (text_equals(word, "debug"))
		logging->level = LEVEL_DEBUG;
	else
		return ERROR_LOG_LEVEL;
	return ERROR_NONE;
}

void logging_merge(struct logging *logging, const struct logging *over)
{
	if (over->target != LOG_UNSET) {
		logging->target = over->target;
		for (size_t i = 0; i < LOG_PATH_SIZE; i++)
			logging->path[i] = over->path[i];
	}
	if (over->level != LEVEL_UNSET)
		logging->level = over->level;
}
