/* What was said in a configuration, and complained of, as text to compare. */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include "core/complaint.h"
#include "core/rules.h"

/* Complaints as their messages, each ended by a newline. */
struct messages {
	size_t length;
	char at[4096];
};

/* Complaints that go into *messages. */
struct complaints said_complaints(struct messages *messages);

/* "key value, ..." for all that was said; one of eight static buffers in turn. */
const char *said_values(const struct settings *settings);

#endif
