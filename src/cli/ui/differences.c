/* What has changed between two looks at the sockets, in one line each. */
#include "cli/ui/differences.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/base/memory.h"
#include "cli/ui/rows.h"
#include "cli/ui/text.h"

/* The columns that lines for people have before those of the view. */
enum { TIME_WIDTH = 24, TIME_SIZE = 32, CHANGE_WIDTH = 7 };

/* The two rows of a socket; one is NULL if it is new or gone. */
struct pair {
	const struct view *view;
	struct libscols_line *before, *after;
};

static int compare_sockets(const struct entry *a, const struct entry *b)
{
	pid_t pid_a = a->holder ? a->holder->process.pid : 0;
	pid_t pid_b = b->holder ? b->holder->process.pid : 0;

	if (a->socket.kernel.inode != b->socket.kernel.inode)
		return a->socket.kernel.inode < b->socket.kernel.inode ? -1 : 1;
	return pid_a != pid_b ? pid_a - pid_b : a->socket.fd - b->socket.fd;
}

static int compare(const void *a, const void *b)
{
	return compare_sockets(*(const struct entry *const *)a, *(const struct entry *const *)b);
}

/* The entries by socket, to be freed. */
static const struct entry **sorted(const struct entries *entries)
{
	const struct entry **index =
		expect_memory(calloc(entries->count + 1, sizeof(struct entry *)));

	for (size_t i = 0; i < entries->count; i++)
		index[i] = &entries->at[i];
	qsort(index, entries->count, sizeof *index, compare);
	return index;
}

static const struct entry *find(const struct entry **index, size_t count, const struct entry *entry)
{
	const struct entry **found = bsearch(&entry, index, count, sizeof *index, compare);

	return found ? *found : NULL;
}

static bool is_same_end(const struct address *a, uint16_t port_a, const struct address *b,
			uint16_t port_b)
{
	return port_a == port_b && a->high == b->high && a->low == b->low;
}

/* The values from OPTION_MAX_SEGMENT on change by themselves. */
static bool is_changed(const struct entry *before, const struct entry *after)
{
	const struct diag_socket *a = &before->socket.kernel, *b = &after->socket.kernel;

	return a->state != b->state || before->socket.addressed != after->socket.addressed ||
	       !is_same_end(&a->local, a->local_port, &b->local, b->local_port) ||
	       !is_same_end(&a->remote, a->remote_port, &b->remote, b->remote_port) ||
	       memcmp(before->socket.value, after->socket.value,
		      OPTION_MAX_SEGMENT * sizeof *before->socket.value) != 0;
}

/* Columns whose values run by themselves are no changes, and people do not need them here. */
static bool is_running(int id)
{
	return id == COLUMN_TIMER || id == COLUMN_LEFT || id == COLUMN_UNACKED ||
	       id == COLUMN_OPTIONS + OPTION_MAX_SEGMENT ||
	       id == COLUMN_OPTIONS + OPTION_WINDOW_CLAMP;
}

static bool is_printed(const struct view *view, int id)
{
	return style_is_bare(view->style) || view->named[id] || !is_running(id);
}

static bool differs(const struct pair *pair, size_t column)
{
	return pair->before && pair->after && !is_running(pair->view->shown[column]) &&
	       strcmp(table_cell(pair->before, column), table_cell(pair->after, column)) != 0;
}

static bool any_differs(const struct pair *pair)
{
	for (size_t i = 0; i < pair->view->count; i++)
		if (differs(pair, i))
			return true;
	return false;
}

static int width_of(int id)
{
	switch (id) {
	case COLUMN_PROGRAM:
		return 15;
	case COLUMN_LOCAL:
	case COLUMN_PEER:
		return 21;
	case COLUMN_STATE:
	case COLUMN_DETECT_IDLE:
		return 12;
	case COLUMN_DETECT_DATA:
		return 11;
	default:
		return 9;
	}
}

/* In raw lines a blank ends a cell. Other bytes are as libsmartcols writes them in the table. */
static void print_raw(const char *text)
{
	for (; *text; text++)
		printf(*text > ' ' && *text <= '~' && *text != '\\' ? "%c" : "\\x%02x",
		       (unsigned char)*text);
}

static void print_word(const struct view *view, int width, const char *text)
{
	const char *shown = *text ? text : "-";
	int pad = width - text_columns(shown);

	if (view->style->raw) {
		putchar(' ');
		print_raw(text);
	} else {
		printf("  %s%*s", shown, pad > 0 ? pad : 0, "");
	}
}

static void print_quoted(const char *text)
{
	putchar('"');
	for (; *text; text++)
		printf(*text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	putchar('"');
}

/* "name":value, as libsmartcols writes it. */
static void print_member(const struct pair *pair, struct libscols_line *line, size_t column)
{
	const char *name = show_columns[pair->view->shown[column]].name;
	const char *text = table_cell(line, column);

	putchar('"');
	for (; *name; name++)
		putchar(tolower((unsigned char)*name));
	fputs("\":", stdout);
	if (!*text)
		fputs("null", stdout);
	else if (show_columns[pair->view->shown[column]].json == SCOLS_JSON_NUMBER)
		fputs(text, stdout);
	else
		print_quoted(text);
}

static void print_object(const struct pair *pair, const char *time, const char *change)
{
	const char *between = ",\"before\":{";

	printf("{\"time\":\"%s\",\"change\":\"%s\"", time, change);
	for (size_t i = 0; i < pair->view->count; i++) {
		putchar(',');
		print_member(pair, pair->after ? pair->after : pair->before, i);
	}
	for (size_t i = 0; i < pair->view->count; i++)
		if (differs(pair, i)) {
			fputs(between, stdout);
			print_member(pair, pair->before, i);
			between = ",";
		}
	puts(any_differs(pair) ? "}}" : "}");
}

/* What was before: "STATE=ESTABLISHED,KEEPALIVE=off". To be freed. */
static char *was(const struct pair *pair)
{
	char *words = text_new("%s", "");

	for (size_t i = 0; i < pair->view->count; i++) {
		char *more = words;

		if (!differs(pair, i) || !is_printed(pair->view, pair->view->shown[i]))
			continue;
		words = text_new("%s%s%s=%s", more, *more ? "," : "",
				 show_columns[pair->view->shown[i]].name,
				 table_cell(pair->before, i));
		free(more);
	}
	return words;
}

static void print_line(const struct pair *pair, const char *time, const char *change)
{
	const struct view *view = pair->view;
	char *words = was(pair);

	fputs(time, stdout);
	print_word(view, CHANGE_WIDTH, change);
	for (size_t i = 0; i < view->count; i++)
		if (is_printed(view, view->shown[i]))
			print_word(view, width_of(view->shown[i]),
				   table_cell(pair->after ? pair->after : pair->before, i));
	print_word(view, 0, words);
	putchar('\n');
	free(words);
}

void differences_headings(const struct view *view)
{
	if (view->style->json || view->style->noheadings)
		return;
	printf("%-*s", view->style->raw ? 0 : TIME_WIDTH, "TIME");
	print_word(view, CHANGE_WIDTH, "CHANGE");
	for (size_t i = 0; i < view->count; i++)
		if (is_printed(view, view->shown[i]))
			print_word(view, width_of(view->shown[i]),
				   show_columns[view->shown[i]].name);
	print_word(view, 0, "WAS");
	putchar('\n');
}

static void print_pair(const struct view *view, struct libscols_table *table,
		       const struct entry *before, const struct entry *after)
{
	struct pair pair = { .view = view,
			     .before = before ? rows_add(table, view, before) : NULL,
			     .after = after ? rows_add(table, view, after) : NULL };
	const char *change = !before ? "new" : !after ? "gone" : "changed";
	time_t seconds = time(NULL);
	char now[TIME_SIZE];

	strftime(now, sizeof now, "%FT%T%z", localtime(&seconds));
	/* What changed may not be in a column. */
	if (before && after && !any_differs(&pair))
		return;
	if (view->style->json)
		print_object(&pair, now, change);
	else
		print_line(&pair, now, change);
}

void differences_print(const struct view *view, const struct entries *before,
		       const struct entries *after)
{
	const struct entry **old = sorted(before), **new = sorted(after);
	struct libscols_table *table = rows_table(view, NULL, 0);

	for (size_t i = 0; i < before->count; i++)
		if (!find(new, after->count, &before->at[i]))
			print_pair(view, table, &before->at[i], NULL);
	for (size_t i = 0; i < after->count; i++) {
		const struct entry *known = find(old, before->count, &after->at[i]);

		if (!known || is_changed(known, &after->at[i]))
			print_pair(view, table, known, &after->at[i]);
	}
	scols_unref_table(table);
	free(old);
	free(new);
}
