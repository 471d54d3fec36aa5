/* The options of the table in plain words. */
#ifndef KEEPALIVE_WORDS_H
#define KEEPALIVE_WORDS_H

#include "core/option.h"

/* What the option is, and the kernel's name for it: "idle time before the first probe:
 * TCP_KEEPIDLE". */
const char *option_words(const struct option_row *option);

#endif
