/* Days as dates. */
#include "core/calendar.h"

void line_add_two_digits(struct line *line, uint32_t number)
{
	line_add(line, number < 10 ? "0" : "");
	line_add_number(line, number);
}

/* Years begin in March here, so that the leap day is the last. */
void line_add_date(struct line *line, uint32_t days)
{
	uint32_t shifted = days + 719468;
	uint32_t era = shifted / 146097, of_era = shifted % 146097;
	uint32_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	uint32_t of_year = of_era - (365 * year + year / 4 - year / 100);
	uint32_t month = (5 * of_year + 2) / 153;

	line_add_number(line, year + era * 400 + (month >= 10));
	line_add(line, "-");
	line_add_two_digits(line, month < 10 ? month + 3 : month - 9);
	line_add(line, "-");
	line_add_two_digits(line, of_year - (153 * month + 2) / 5 + 1);
}
