/* Tables for people, and the same as JSON or raw lines for programs; by libsmartcols. */
#include "cli/ui/table.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/memory.h"

bool style_take(struct style *style, int flag)
{
	switch (flag) {
	case FLAG_JSON:
		style->json = true;
		return true;
	case FLAG_RAW:
		style->raw = true;
		return true;
	case FLAG_NOHEADINGS:
		style->noheadings = true;
		return true;
	default:
		return false;
	}
}

void columns_help(const struct column *columns)
{
	puts("\nColumns:");
	for (; columns->name; columns++)
		printf("  %-14s %s\n", columns->name, columns->help);
}

bool colours_wanted(void)
{
	const char *refused = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(refused && *refused) && terminal &&
	       strcmp(terminal, "dumb");
}

struct libscols_table *table_new(const char *name, const struct style *style,
				 const struct column *columns, const int *which, size_t count)
{
	struct libscols_table *table;

	scols_init_debug(0);
	table = expect_memory(scols_new_table());
	scols_table_set_name(table, name);
	scols_table_enable_json(table, style->json);
	scols_table_enable_raw(table, style->raw && !style->json);
	scols_table_enable_noheadings(table, style->noheadings);
	scols_table_enable_colors(table, colours_wanted());
	for (size_t i = 0; i < count; i++) {
		const struct column *column = &columns[which ? which[i] : (int)i];
		struct libscols_column *made = expect_memory(scols_table_new_column(
			table, column->name, 0,
			(column->right ? SCOLS_FL_RIGHT : 0) | (column->cut ? SCOLS_FL_TRUNC : 0)));

		scols_column_set_json_type(made, column->json);
	}
	return table;
}

struct libscols_line *table_line(struct libscols_table *table)
{
	return expect_memory(scols_table_new_line(table, NULL));
}

void table_set(struct libscols_line *line, size_t column, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	expect_memory(text);
	scols_line_refer_data(line, column, text);
}

void table_set_text(struct libscols_line *line, size_t column, const char *text)
{
	scols_line_refer_data(line, column, expect_memory(strdup(text)));
}

void table_set_either(const struct style *style, struct libscols_line *line, size_t column,
		      bool value, const char *yes, const char *no)
{
	if (style->json)
		table_set_text(line, column, value ? "true" : "false");
	else
		table_set_text(line, column, value ? yes : no);
}

void table_set_option(const struct style *style, struct libscols_line *line, size_t column,
		      const struct option_row *option, int value)
{
	static const char *const unit[] = { "", "s", "ms", "" };
	bool bare = style_is_bare(style) || !value;

	if (option->unit == UNIT_SWITCH)
		table_set_either(style, line, column, value, "on", "off");
	else
		table_set(line, column, "%d%s", value, bare ? "" : unit[option->unit]);
}

void table_set_unknown(const struct style *style, struct libscols_table *table,
		       struct libscols_line *line, size_t column)
{
	bool number = scols_column_get_json_type(scols_table_get_column(table, column)) ==
		      SCOLS_JSON_NUMBER;

	table_set_text(line, column, style->json && number ? "\"unknown\"" : "unknown");
}

void table_set_address(struct libscols_line *line, size_t column, const struct address *address,
		       uint16_t port)
{
	bool brackets = !port && !address->is_ipv4;
	struct line text;

	text.length = 0;
	line_add(&text, brackets ? "[" : "");
	line_add_address(&text, address, port);
	line_add(&text, brackets ? "]" : "");
	line_add(&text, port ? "" : ":*");
	scols_line_refer_data(line, column, expect_memory(strndup(text.at, text.length)));
}

const char *table_cell(struct libscols_line *line, size_t column)
{
	const char *text = scols_cell_get_data(scols_line_get_cell(line, column));

	return text ? text : "";
}

void table_mark(struct libscols_line *line, size_t column)
{
	scols_cell_set_color(scols_line_get_cell(line, column), "red");
}

void table_print(struct libscols_table *table, const struct style *style)
{
	/* The library prints nothing for an empty table; programs want their array all the same. */
	if (style->json && !scols_table_get_nlines(table))
		printf("{\n   \"%s\": []\n}\n", scols_table_get_name(table));
	else if (scols_print_table(table))
		errx(STATUS_FAILED, "the table could not be printed");
	scols_unref_table(table);
}
