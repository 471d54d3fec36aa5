/* Looks at sockets again and again: on a terminal a table that changes, else a line per change. */
#include "cli/ui/watch.h"

#include <err.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/sockets/held.h"
#include "cli/ui/differences.h"
#include "cli/ui/order.h"
#include "cli/ui/screen.h"
#include "cli/ui/text.h"

/* Lines of the screen that are none of sockets: the first, and the headings. */
enum { LINES_BESIDE = 2, LINE_SIZE = 256, WIDTH_UNKNOWN = 80 };

struct watch {
	struct listing *listing;
	int milliseconds;
	bool *ended; /* of each operand: it was a process id, and the process has ended */
};

/* A process id means the process that has it now; another that has it later is none of ours. */
static void hold_processes(struct watch *watch)
{
	struct listing *listing = watch->listing;

	watch->ended = expect_memory(calloc(listing->operand_count + 1, sizeof *watch->ended));
	held_allow_descriptors();
	for (size_t i = 0; i < listing->operand_count; i++)
		watch->ended[i] = !operand_hold(&listing->operands[i]);
}

/* Notes which have ended; they are not looked at any more. Returns true if nothing else is meant.
 */
static bool is_over(struct watch *watch)
{
	const struct listing *listing = watch->listing;
	bool over = listing->operand_count > 0 && !listing->all;

	for (size_t i = 0; i < listing->operand_count; i++) {
		watch->ended[i] |= operand_has_ended(&listing->operands[i]);
		over &= watch->ended[i];
	}
	return over;
}

static void look(struct watch *watch)
{
	watch->listing->ended = watch->ended;
	listing_find(watch->listing);
}

/* The first look reports what is unknown, and processes that do not exist; later ones would only
 * repeat it. Returns false if there is nothing to watch. */
static bool look_first(struct watch *watch)
{
	listing_find(watch->listing);
	listing_report(watch->listing);
	watch->listing->quiet = true;
	return !is_over(watch);
}

static struct timespec after(int milliseconds)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	time.tv_sec += milliseconds / 1000;
	return time;
}

static int milliseconds_to(const struct timespec *end)
{
	struct timespec time;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &time);
	left = (end->tv_sec - time.tv_sec) * 1000LL + (end->tv_nsec - time.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

/* Returns the line cut to the width of the screen, to be freed; frees the other. */
static char *fitting(char *line)
{
	int width = text_width(1, LINE_SIZE, WIDTH_UNKNOWN);
	char *cut = text_new("%.*s", (int)text_fitting(line, width), line);

	free(line);
	return cut;
}

/* Returns the first line, to be freed. */
static char *first_line(const struct watch *watch)
{
	const struct listing *listing = watch->listing;
	const struct view *view = &listing->view;
	size_t count = listing->entries.count;
	time_t seconds = time(NULL);
	char clock[LINE_SIZE];

	strftime(clock, sizeof clock, "%T", localtime(&seconds));
	return fitting(text_new("%s  %zu socket%s%s%s%s%s  (q quit, s sort, r reverse)", clock,
				count, count == 1 ? "" : "s",
				listing->closed || listing->incomplete ? ", incomplete" : "",
				view->sort < 0 ? "" : ", sorted by ",
				view->sort < 0 ? "" : show_columns[view->sort].name,
				view->sort < 0 || !view->descending ? "" : ", descending"));
}

/* Returns the table of the first sockets, without its last line end, to be freed; NULL if it is
 * empty. */
static char *rows_text(const struct watch *watch, size_t count)
{
	const struct listing *listing = watch->listing;
	struct libscols_table *table = listing_table(&listing->view, &listing->entries, count);
	char *rows = NULL;

	if (count && scols_print_table_to_string(table, &rows))
		errx(STATUS_FAILED, "the table could not be printed");
	scols_unref_table(table);
	if (rows && *rows && rows[strlen(rows) - 1] == '\n')
		rows[strlen(rows) - 1] = 0;
	return rows;
}

/* As many sockets as there are lines for, and how many more there are. */
static void draw(const struct watch *watch)
{
	const struct entries *entries = &watch->listing->entries;
	int room = screen_lines() - LINES_BESIDE + watch->listing->view.style->noheadings;
	size_t shown = room < 0 ? 0 : (size_t)room;
	char *first = first_line(watch), *last = NULL, *rows, *text;

	if (shown >= entries->count)
		shown = entries->count;
	else if (shown)
		shown--;
	/* The first line has their number; it is all that a single line has room for. */
	if (shown < entries->count && screen_lines() > 1)
		last = fitting(text_new("... %zu more", entries->count - shown));
	rows = rows_text(watch, shown);
	text = text_new("%s%s%s%s%s", first, rows ? "\n" : "", rows ? rows : "", last ? "\n" : "",
			last ? last : "");
	screen_draw(text);
	free(first);
	free(last);
	free(rows);
	free(text);
}

/* The next of the columns that are shown; after the last, the first. */
static void sort_by_next(struct watch *watch)
{
	struct view *view = &watch->listing->view;
	size_t next = 0;

	for (size_t i = 0; i < view->count; i++)
		if (view->shown[i] == view->sort)
			next = i + 1;
	view->sort = next < view->count ? view->shown[next] : view->shown[0];
}

/* Returns false if the user ends it. */
static bool take_key(struct watch *watch, int key)
{
	struct view *view = &watch->listing->view;

	if (key == 'q' || key == 'Q')
		return false;
	if (key == 's')
		sort_by_next(watch);
	else if (key == 'r' && view->sort >= 0)
		view->descending = !view->descending;
	order_sort(view, &watch->listing->entries);
	return true;
}

/* Draws and takes keys until it is time to look again. Returns false if the user ends it. */
static bool show_until(struct watch *watch, const struct timespec *end)
{
	int key;

	do {
		draw(watch);
		key = screen_wait(milliseconds_to(end));
		if (key > 0 && !take_key(watch, key))
			return false;
	} while (key != SCREEN_TIME);
	return true;
}

static void watch_on_screen(struct watch *watch)
{
	bool over = false;

	if (!look_first(watch))
		return;
	screen_enter();
	while (!over) {
		struct timespec end = after(watch->milliseconds);

		if (!show_until(watch, &end))
			break;
		over = is_over(watch);
		listing_forget(watch->listing);
		look(watch);
	}
	screen_leave();
	if (over)
		warnx("the processes have ended");
}

/* Waits that long, or until one of the processes ends. Returns false if nobody reads what we print
 * any more: the other end of the pipe is closed. */
static bool wait_for_an_end(const struct watch *watch)
{
	size_t count = watch->listing->operand_count;
	struct pollfd *ends = expect_memory(calloc(count + 1, sizeof *ends));
	bool read;

	for (size_t i = 0; i < count; i++)
		ends[i] =
			(struct pollfd){ .fd = watch->ended[i] ? -1
							       : watch->listing->operands[i].pidfd,
					 .events = POLLIN };
	ends[count].fd = STDOUT_FILENO;
	poll(ends, (nfds_t)count + 1, watch->milliseconds);
	read = !ends[count].revents;
	free(ends);
	return read;
}

static void flush(void)
{
	if (fflush(stdout) || ferror(stdout))
		err(STATUS_FAILED, "standard output");
}

static void watch_changes(struct watch *watch)
{
	struct listing *listing = watch->listing;
	bool over = !look_first(watch);

	if (!over)
		differences_headings(&listing->view);
	flush();
	while (!over) {
		struct entries before = listing->entries;

		listing->entries = (struct entries){ 0 };
		over = !wait_for_an_end(watch);
		over = is_over(watch) || over;
		listing_forget(listing);
		look(watch);
		differences_print(&listing->view, &before, &listing->entries);
		entries_free(&before);
		flush();
	}
}

int watch_listing(struct listing *listing, int seconds)
{
	struct watch watch = { .listing = listing, .milliseconds = seconds * 1000 };

	hold_processes(&watch);
	if (screen_is_there() && !style_is_bare(listing->view.style))
		watch_on_screen(&watch);
	else
		watch_changes(&watch);
	return listing->status;
}
