/* Patterns for names, as shells have them: * ? and [...]. */
#ifndef KEEPALIVE_GLOB_H
#define KEEPALIVE_GLOB_H

#include "core/text.h"

/* True if `pattern` matches all of `name`. A [ that nothing closes stands for itself. */
bool glob_match(struct text pattern, struct text name);

#endif
