/* The conditions of a rule, by their keys in the file: one row each. */
#ifndef KEEPALIVE_CONDITIONS_H
#define KEEPALIVE_CONDITIONS_H

#include "core/file.h"

struct condition_key {
	char key[16];
	/* Reads one word of the key's list; called in a rule only. */
	enum error_code (*read)(struct file_reader *reader, struct text word);
};

/* Returns NULL if no condition has that key. */
const struct condition_key *condition_find(struct text key);

/* The keys of all conditions, by number from 0; NULL after the last. */
const char *condition_name(size_t i);

#endif
