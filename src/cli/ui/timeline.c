/* What happens in a situation, drawn as a line of time and told to people. */
#include "cli/ui/timeline.h"

#include <stdio.h>
#include <string.h>

#include "cli/base/duration.h"

enum { LINE_LENGTH = 60, TEXT_WIDTH = 78, TOLD_FIRST = 3, TOLD_MAX = TOLD_FIRST + 2 };

void paint(const char *text)
{
	printf(colours_wanted() ? "\033[31m%s\033[0m" : "%s", text);
}

static int place(const struct prediction *prediction, long long when)
{
	/* What is sent can coincide with the end. */
	return when < prediction->end ? (int)(when * LINE_LENGTH / prediction->end)
				      : LINE_LENGTH - 1;
}

/* The time line; what is too much to be listed is drawn without gaps. */
static void draw(const struct situation *situation, const struct prediction *prediction)
{
	char line[LINE_LENGTH + 1] = "";

	memset(line, '-', LINE_LENGTH);
	if (prediction->end == NEVER) {
		printf("|%s> ", line);
		paint("never");
		puts("\n");
		return;
	}
	for (int i = 0; i < prediction->sent && i < MOMENTS_MAX; i++)
		line[place(prediction, prediction->at[i])] = situation->mark;
	if (prediction->sent > MOMENTS_MAX) {
		int from = place(prediction, prediction->at[MOMENTS_MAX - 1]);
		int to = place(prediction, prediction->last);

		memset(line + from, situation->mark, (size_t)(to - from + 1));
	}
	printf("|%sX %s\n\n", line, duration_of(prediction->end).at);
}

static struct libscols_line *tell(struct libscols_table *table, long long when)
{
	struct libscols_line *line = table_line(table);

	table_set(line, 0, "%s", duration_of(when).at);
	return line;
}

void timeline_print(const struct situation *situation, const struct prediction *prediction,
		    const struct style *style)
{
	static const struct column columns[] = {
		{ "TIME", NULL, SCOLS_JSON_STRING, true, false },
		{ "EVENT", NULL, SCOLS_JSON_STRING, false, false },
	};
	struct libscols_table *table = table_new(situation->name, style, columns, NULL, 2);
	int last = prediction->sent - 1;
	bool all = prediction->sent <= TOLD_MAX;
	struct libscols_line *line;

	table_set(tell(table, 0), 1, "%s", situation->start);
	for (int i = 0; i <= last; i++)
		if (all || i < TOLD_FIRST || i == last)
			table_set(tell(table, prediction_moment(prediction, i)), 1, "%s %d",
				  situation->sent, i + 1);
		else if (i == TOLD_FIRST)
			table_set(table_line(table), 1, "...");
	line = tell(table, prediction->end);
	if (prediction->end == NEVER) {
		table_set(line, 1, "nothing is sent: read() and poll() wait without limit");
		table_mark(line, 0);
	} else {
		table_set(line, 1, "%s", situation->end);
	}
	printf("\n%s\n\n", situation->title);
	draw(situation, prediction);
	table_print(table, style);
}

void print_wrapped(const char *text)
{
	int width = 2;

	while (*text) {
		int length = (int)strcspn(text, " ");

		if (width + 1 + length > TEXT_WIDTH) {
			fputs("\n  ", stdout);
			width = 2;
		} else if (width > 2) {
			putchar(' ');
			width++;
		}
		printf("%.*s", length, text);
		width += length;
		text += length;
		text += strspn(text, " ");
	}
	putchar('\n');
}
