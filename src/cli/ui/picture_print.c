/* A picture on a terminal. */
#include <stdlib.h>
#include <string.h>

#include "cli/base/duration.h"
#include "cli/base/memory.h"
#include "cli/ui/picture.h"

/* What a cell of the picture shows, as plain character and as one that draws lines. */
enum cell { EMPTY, AXIS, TICK, BREAK, START, SENT, END, ON, POINT, CELLS };

static const char *const drawn[CELLS] = { " ", "─", "┬", "╱", "●", "┃", "✖", "▶", "▲" };
static const char plain[CELLS] = { ' ', '-', '+', '/', 'o', 0, 'X', '>', '^' };

/* Rows of cells; and labels, which are characters. */
struct canvas {
	int width;
	bool lines, colours;
	char mark; /* of what is sent, in plain characters */
};

static void print_cell(const struct canvas *canvas, enum cell cell, bool red)
{
	if (red && canvas->colours)
		fputs("\033[31m", stdout);
	if (canvas->lines)
		fputs(drawn[cell], stdout);
	else
		putchar(cell == SENT ? canvas->mark : plain[cell]);
	if (red && canvas->colours)
		fputs("\033[0m", stdout);
}

static void print_row(const struct canvas *canvas, const unsigned char *row, bool red_end)
{
	int last = canvas->width - 1;

	while (last > 0 && row[last] == EMPTY)
		last--;
	putchar(' ');
	for (int i = 0; i <= last; i++)
		print_cell(canvas, row[i], (row[i] == END || row[i] == ON) && red_end);
	putchar('\n');
}

static int column(const struct picture *picture, const struct canvas *canvas, long long when)
{
	return (int)(picture_place(picture, when, canvas->width - 1) + 0.5);
}

/* The times above the axis: those that have room. */
static void print_labels(const struct picture *picture, const struct canvas *canvas)
{
	int at = 0;

	putchar(' ');
	for (size_t i = 0; i < picture->ticks; i++) {
		struct duration label = duration_of(picture->tick[i]);
		int length = (int)strlen(label.at),
		    middle = column(picture, canvas, picture->tick[i]);
		int from = middle - length / 2;

		if (from < 0)
			from = 0;
		if (from + length > canvas->width)
			from = canvas->width - length;
		if (i && from <= at)
			continue;
		printf("%*s%s", from - at, "", label.at);
		at = from + length;
	}
	putchar('\n');
}

static void print_axis(const struct picture *picture, const struct canvas *canvas,
		       unsigned char *row)
{
	int gap = column(picture, canvas, picture->broken);

	memset(row, AXIS, (size_t)canvas->width);
	for (size_t i = 0; i < picture->ticks; i++)
		row[column(picture, canvas, picture->tick[i])] = TICK;
	if (picture->broken)
		row[gap - 1] = row[gap - 2] = BREAK;
	print_row(canvas, row, false);
}

static void print_events(const struct picture *picture, const struct canvas *canvas,
			 unsigned char *row)
{
	const struct prediction *prediction = picture->prediction;
	int listed = prediction->sent < MOMENTS_MAX ? prediction->sent : MOMENTS_MAX;

	memset(row, EMPTY, (size_t)canvas->width);
	for (int i = 0; i < listed; i++)
		row[column(picture, canvas, prediction->at[i])] = SENT;
	/* What is not listed is drawn without gaps. */
	if (prediction->sent > listed)
		for (int i = column(picture, canvas, prediction->at[listed - 1]);
		     i < column(picture, canvas, prediction->last); i++)
			row[i] = SENT;
	row[0] = START;
	if (prediction->end == NEVER)
		row[canvas->width - 1] = ON;
	else
		row[column(picture, canvas, prediction->end)] = END;
	print_row(canvas, row, prediction->end == NEVER);
}

/* Prints blanks up to a column. */
static void go_to(int *at, int column)
{
	printf("%*s", column - *at, "");
	*at = column;
}

/* A mark and its words, which are on the side that has room; *at is the column reached. */
static void print_mark(const struct picture *picture, const struct canvas *canvas,
		       const struct mark *mark, int *at)
{
	int point = column(picture, canvas, mark->when), length = (int)strlen(mark->text);
	bool far = mark->when > picture->total, right = !far && point + 2 + length <= canvas->width;
	int from = right ? point : point - 1 - length;

	if (from < 0)
		from = 0;
	if (*at && from <= *at) {
		fputs("\n ", stdout);
		*at = 0;
	}
	go_to(at, from);
	if (right) {
		print_cell(canvas, POINT, mark->missed);
		printf(" %s", mark->text);
	} else {
		printf("%s ", mark->text);
		print_cell(canvas, far ? ON : POINT, mark->missed);
	}
	*at = from + 2 + length;
}

static void print_marks(const struct picture *picture, const struct canvas *canvas)
{
	const struct mark *first = &picture->mark[0], *second = &picture->mark[1];
	bool swapped = first->when > second->when;
	int at = 0;

	if (!first->when && !second->when)
		return;
	putchar(' ');
	for (int i = 0; i < MARKS; i++) {
		const struct mark *mark = (i == 1) != swapped ? second : first;

		if (mark->when)
			print_mark(picture, canvas, mark, &at);
	}
	putchar('\n');
}

static void print_legend(const struct picture *picture, const struct canvas *canvas)
{
	const struct situation *situation = picture->situation;
	const struct prediction *prediction = picture->prediction;

	putchar(' ');
	print_cell(canvas, START, false);
	printf(" %s   ", situation->start);
	if (prediction->sent) {
		print_cell(canvas, SENT, false);
		printf(" %s (%d)   ", prediction->sent == 1 ? situation->sent : situation->many,
		       prediction->sent);
	}
	print_cell(canvas, prediction->end == NEVER ? ON : END, false);
	fputs(prediction->end == NEVER ? " it waits without limit" : " it ends", stdout);
	if (picture->broken)
		printf("   %s other scale", canvas->lines ? "╱╱" : "//");
	putchar('\n');
}

void picture_print(const struct picture *picture, int width, bool lines, bool colours)
{
	const struct canvas canvas = {
		.width = width, .lines = lines, .colours = colours, .mark = picture->situation->mark
	};
	unsigned char *row = expect_memory(malloc((size_t)width));

	print_labels(picture, &canvas);
	print_axis(picture, &canvas, row);
	print_events(picture, &canvas, row);
	print_marks(picture, &canvas);
	print_legend(picture, &canvas);
	free(row);
}
