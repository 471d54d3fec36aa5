/* Users by name or number. */
#ifndef KEEPALIVE_USERS_H
#define KEEPALIVE_USERS_H

#include "core/option.h"
#include "core/system.h"

/*
 * Reads a user's number, or a name that /etc/passwd has; no other source of users is asked. A name
 * that is not there is ERROR_UNKNOWN_USER. Opens the file for a name only. Fills *user only when
 * it returns ERROR_NONE.
 */
enum error_code user_read(struct text word, const struct system *system, uint32_t *user);

#endif
