/* Makes a table as wide as the terminal: columns leave by importance, names are cut. */
#include "cli/ui/fit.h"

#include <string.h>

#include "cli/base/memory.h"
#include "cli/ui/text.h"

/* What names and addresses may be cut to. */
enum { NAME_LEAST = 8, ADDRESS_LEAST = 21, PORT_KEPT = 8 };

/* The columns that may leave, the most important one first. */
static const int importance[] = {
	COLUMN_PROGRAM,     COLUMN_DETECT_IDLE, COLUMN_PEER, COLUMN_OPTIONS + OPTION_KEEPALIVE,
	COLUMN_DETECT_DATA, COLUMN_LOCAL,       COLUMN_PID,  COLUMN_STATE,
	COLUMN_TIMER,
};

/* For these, addresses are cut. */
enum { RANKS = sizeof importance / sizeof *importance, ESSENTIAL = 6 };

/* A column of the table. */
struct fitted {
	int id;
	struct libscols_column *column;
	int width; /* that its widest cell takes */
	int given; /* what it is cut to */
	bool kept;
};

struct fit {
	const struct view *view;
	struct fitted at[COLUMNS];
	int most;
	int spare; /* what is left of it; negative: it is too little */
};

static struct fitted *find(struct fit *fit, int id)
{
	for (size_t i = 0; i < fit->view->count; i++)
		if (fit->at[i].id == id)
			return &fit->at[i];
	return NULL;
}

static bool is_address(int id)
{
	return id == COLUMN_LOCAL || id == COLUMN_PEER;
}

static int least_width(const struct fitted *column, bool cut_addresses)
{
	int least = column->width;

	if (column->id == COLUMN_PROGRAM)
		least = NAME_LEAST;
	else if (cut_addresses && is_address(column->id))
		least = ADDRESS_LEAST;
	return least < column->width ? least : column->width;
}

static void keep(struct fit *fit, struct fitted *column)
{
	column->kept = true;
	fit->spare -= column->given + 1;
}

/* Keeps what was named, and what else there is room for. Returns false if an essential column is
 * not kept. */
static bool choose(struct fit *fit, bool cut_addresses)
{
	bool complete = true;

	fit->spare = fit->most + 1;
	for (size_t i = 0; i < fit->view->count; i++) {
		fit->at[i].kept = false;
		fit->at[i].given = least_width(&fit->at[i], cut_addresses);
		if (fit->view->named[fit->at[i].id])
			keep(fit, &fit->at[i]);
	}
	for (int i = 0; i < RANKS; i++) {
		struct fitted *column = find(fit, importance[i]);

		if (!column || column->kept)
			continue;
		if (column->given < fit->spare)
			keep(fit, column);
		else if (i < ESSENTIAL)
			complete = false;
	}
	return complete;
}

/* Gives what is left to those that were cut. */
static void grow(struct fit *fit)
{
	for (int i = 0; i < RANKS && fit->spare > 0; i++) {
		struct fitted *column = find(fit, importance[i]);
		int more = column && column->kept ? column->width - column->given : 0;

		more = more < fit->spare ? more : fit->spare;
		if (more > 0) {
			column->given += more;
			fit->spare -= more;
		}
	}
}

/* A terminal of a few columns: something has to be left. */
static void keep_one(struct fit *fit)
{
	struct fitted *column = &fit->at[0];

	for (size_t i = 0; i < fit->view->count; i++)
		if (fit->at[i].kept)
			return;
	column->kept = true;
	column->given = fit->most < column->width ? fit->most : column->width;
}

/* Returns the text in its columns, to be freed. */
static char *cut(int id, const char *text, int columns)
{
	const char *mark = text_ellipsis();
	int room = columns - text_columns(mark), tail = is_address(id) ? PORT_KEPT : 0;

	if (room <= 2 * tail)
		tail = 0;
	if (room < 1)
		return text_new("%.*s", (int)text_fitting(text, columns), text);
	return text_new("%.*s%s%s", (int)text_fitting(text, room - tail), text, mark,
			text + strlen(text) - (size_t)tail);
}

static void measure(struct fit *fit, struct libscols_table *table)
{
	struct libscols_iter *lines = expect_memory(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	for (size_t i = 0; i < fit->view->count; i++) {
		int id = fit->view->shown[i];

		fit->at[i] = (struct fitted){ .id = id,
					      .column = scols_table_get_column(table, i),
					      .width = (int)strlen(show_columns[id].name) };
	}
	while (!scols_table_next_line(table, lines, &line))
		for (size_t i = 0; i < fit->view->count; i++) {
			int width = text_columns(table_cell(line, i));

			if (width > fit->at[i].width)
				fit->at[i].width = width;
		}
	scols_free_iter(lines);
}

static void cut_cells(const struct fit *fit, struct libscols_table *table)
{
	struct libscols_iter *lines = expect_memory(scols_new_iter(SCOLS_ITER_FORWARD));
	struct libscols_line *line;

	while (!scols_table_next_line(table, lines, &line))
		for (size_t i = 0; i < fit->view->count; i++) {
			const char *text = table_cell(line, i);
			const struct fitted *column = &fit->at[i];

			if (column->kept && text_columns(text) > column->given)
				scols_line_refer_data(line, i,
						      cut(column->id, text, column->given));
		}
	scols_free_iter(lines);
}

void fit_table(struct libscols_table *table, const struct view *view, int width)
{
	struct fit fit = { .view = view, .most = width };

	measure(&fit, table);
	if (!choose(&fit, false))
		choose(&fit, true);
	grow(&fit);
	keep_one(&fit);
	cut_cells(&fit, table);
	for (size_t i = 0; i < view->count; i++)
		if (!fit.at[i].kept)
			scols_column_set_flags(fit.at[i].column, SCOLS_FL_HIDDEN);
}
