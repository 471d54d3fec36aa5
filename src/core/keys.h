/* The keys of the file that set something: the options and a few others. */
#ifndef KEEPALIVE_KEYS_H
#define KEEPALIVE_KEYS_H

#include "core/file.h"

bool key_is_known(struct text key);

/* Returns the name of key number i, from 0; NULL after the last. */
const char *key_name(size_t i);

/* Returns the option with that key; NULL if there is none. */
const struct option_row *key_option(struct text key);

/*
 * Reads the value of a known key into the current rule, or before the first rule into the file's
 * globals. Returns an error, in which case nothing is changed; a warning, or ERROR_NONE.
 */
enum error_code key_read(struct file_reader *reader, struct text key, struct text word);

#endif
