/* Days as dates. */
#ifndef KEEPALIVE_CALENDAR_H
#define KEEPALIVE_CALENDAR_H

#include "core/text.h"

/* Appends a number below 100 as two digits. */
void line_add_two_digits(struct line *line, uint32_t number);

/* Appends the date of a day, which is counted from 1970-01-01. */
void line_add_date(struct line *line, uint32_t days);

#endif
