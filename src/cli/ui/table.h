/* Tables for people, and the same as JSON or raw lines for programs; by libsmartcols. */
#ifndef KEEPALIVE_TABLE_H
#define KEEPALIVE_TABLE_H

#include <libsmartcols.h>

#include "cli/ui/column.h"
#include "cli/ui/flags.h"
#include "core/address.h"
#include "core/option.h"

struct style {
	bool json, raw, noheadings;
};

/* What a verb puts into its table of flags to have a style. */
enum { FLAG_JSON = 50, FLAG_RAW, FLAG_NOHEADINGS };
#define TABLE_FLAGS                                                                                \
	{ FLAG_JSON, 'J', "json", NULL, "print JSON; numbers without units" },                     \
		{ FLAG_RAW, 'r', "raw", NULL, "print raw columns; numbers without units" },        \
	{                                                                                          \
		FLAG_NOHEADINGS, 'n', "noheadings", NULL, "leave out the headings"                 \
	}

/* Takes an option that flags_next returned, if it is one of these: false if not. */
bool style_take(struct style *style, int flag);

/* True where numbers are to stand alone, in their own unit. */
static inline bool style_is_bare(const struct style *style)
{
	return style->json || style->raw;
}

/*
 * A new table with `count` columns, those that `which` has the numbers of (NULL: the first ones);
 * to be given to table_print. Does not return without memory.
 */
struct libscols_table *table_new(const char *name, const struct style *style,
				 const struct column *columns, const int *which, size_t count);

struct libscols_line *table_line(struct libscols_table *table);

/* Fills in a cell (printf-like). Cells that are not filled in are empty, in JSON null. */
void table_set(struct libscols_line *line, size_t column, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The same for a text as it is. */
void table_set_text(struct libscols_line *line, size_t column, const char *text);

/* The same for what is true or not, by words that say so; in JSON a boolean, in a number's column.
 */
void table_set_either(const struct style *style, struct libscols_line *line, size_t column,
		      bool value, const char *yes, const char *no);

/* The same for the value of an option: with its unit where that is for people. */
void table_set_option(const struct style *style, struct libscols_line *line, size_t column,
		      const struct option_row *option, int value);

/* The same for what could not be found out: a word, in JSON too, where numbers are a string then.
 */
void table_set_unknown(const struct style *style, struct libscols_table *table,
		       struct libscols_line *line, size_t column);

/* The same for one end of a connection. */
void table_set_address(struct libscols_line *line, size_t column, const struct address *address,
		       uint16_t port);

/* Returns the text of a cell; "" if it is empty. */
const char *table_cell(struct libscols_line *line, size_t column);

/* Draws the eye to a cell: where colours are wanted it is red. */
void table_mark(struct libscols_line *line, size_t column);

/* Prints it to standard output and frees it. */
void table_print(struct libscols_table *table, const struct style *style);

/* True on a terminal, unless NO_COLOR says otherwise. */
bool colours_wanted(void);

#endif
