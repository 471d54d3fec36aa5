/* The keys of the file that set something: the options, and a few besides. */
#ifndef KEEPALIVE_KEYS_H
#define KEEPALIVE_KEYS_H

#include "core/file.h"

bool key_is_known(struct text key);

/* The names of these keys, by number from 0; NULL after the last. */
const char *key_name(size_t i);

/* Returns NULL if the key is not that of an option. */
const struct option_row *key_option(struct text key);

/*
 * Reads the value of a key that is known. In a rule it goes into the rule's settings, above the
 * first rule into the file's. Changes nothing if it returns an error; a warning
 * is none.
 */
enum error_code key_read(struct file_reader *reader, struct text key, struct text word);

#endif
