/* Patterns for names, as shells have them: * ? and [...]. */
#ifndef KEEPALIVE_GLOB_H
#define KEEPALIVE_GLOB_H

#include "core/text.h"

/* Returns true if `pattern` matches all of `name`. A [ without a closing ] matches itself. */
bool glob_match(struct text pattern, struct text name);

#endif
