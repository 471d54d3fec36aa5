/* Days as dates. */
#ifndef KEEPALIVE_CALENDAR_H
#define KEEPALIVE_CALENDAR_H

#include "core/text.h"

/* A number of two digits: with a zero in front, where it has one. */
void line_add_two_digits(struct line *line, uint32_t number);

/* A day since 1970-01-01, as such a date. */
void line_add_date(struct line *line, uint32_t days);

#endif
