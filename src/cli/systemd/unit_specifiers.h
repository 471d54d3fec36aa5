/* Specifiers in the files of a unit: %i and the others that can be resolved without systemd. */
#ifndef KEEPALIVE_UNIT_SPECIFIERS_H
#define KEEPALIVE_UNIT_SPECIFIERS_H

#include "cli/systemd/service.h"

/*
 * Resolves the specifiers of a word. Returns false if one of them is not known here, or if the
 * result is empty or too long.
 */
bool specifiers_resolve(const struct service *unit, const char *word, char resolved[PATH_MAX]);

#endif
