/* Users by name or number. */
#ifndef KEEPALIVE_USERS_H
#define KEEPALIVE_USERS_H

#include "core/option.h"
#include "core/system.h"

/*
 * Reads a user's number, or a name from /etc/passwd; other sources of users are not asked. Opens
 * the file only for a name. Returns ERROR_UNKNOWN_USER for a name that is not there. Fills *user
 * only if it returns ERROR_NONE.
 */
enum error_code user_read(struct text word, const struct system *system, uint32_t *user);

#endif
