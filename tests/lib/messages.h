/* What was said in a configuration, and reported, as text to compare. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include "core/error.h"
#include "core/rules.h"

/* Errors as their messages, each ended by a newline. */
struct messages {
	size_t length;
	char at[4096];
};

/* Errors that go into *messages. */
struct errors collect_messages(struct messages *messages);

/* "key value, ..." for all that was said; one of eight static buffers in turn. */
const char *values_text(const struct settings *settings);

#endif
