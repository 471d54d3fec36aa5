/* The conditions of a rule: one row for each key of the file. */
#ifndef KEEPALIVE_CONDITIONS_H
#define KEEPALIVE_CONDITIONS_H

#include "core/file.h"

struct condition_key {
	char key[16];
	/* reads one word of the key's list; called in a rule only */
	enum error_code (*read)(struct file_reader *reader, struct text word);
};

/* Returns the condition with that key; NULL if there is none. */
const struct condition_key *condition_find(struct text key);

/* Returns the key of condition number i, from 0; NULL after the last. */
const char *condition_name(size_t i);

#endif
