/* The columns of show, and which of them are shown. */
#include "cli/ui/columns.h"

#include <ctype.h>
#include <string.h>

#include "cli/forecast/detection.h"
#include "cli/ui/nearest.h"
#include "cli/ui/words.h"

static char option_names[OPTIONS][sizeof option_table[0].key];

struct column show_columns[COLUMNS + 1] = {
	[COLUMN_PROGRAM] = { "PROGRAM", "name by which the program was started", SCOLS_JSON_STRING,
			     false, true },
	[COLUMN_PID] = { "PID", "process id", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_FD] = { "FD", "file descriptor", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_STATE] = { "STATE", "state of the connection", SCOLS_JSON_STRING, false, false },
	[COLUMN_LOCAL] = { "LOCAL", "local address and port", SCOLS_JSON_STRING, false, false },
	[COLUMN_PEER] = { "PEER", "address and port of the peer", SCOLS_JSON_STRING, false, false },
	[COLUMN_TIMER] = { "TIMER", "timer that runs in the kernel, and its time left",
			   SCOLS_JSON_STRING, false, false },
	[COLUMN_LEFT] = { "LEFT", "time until the timer expires; without unit: ms",
			  SCOLS_JSON_NUMBER, true, false },
	[COLUMN_UNACKED] = { "UNACKED", "bytes that the peer has not acknowledged",
			     SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_IDLE] = { "DETECT_IDLE",
				 "time to detect a dead peer, if idle; without unit: ms",
				 SCOLS_JSON_NUMBER, true, false },
	[COLUMN_DETECT_DATA] = { "DETECT_DATA", "the same with unacknowledged data",
				 SCOLS_JSON_NUMBER, true, false },
	[COLUMN_SHIM] = { "SHIM", "whether the library is loaded", SCOLS_JSON_NUMBER, false,
			  false },
	[COLUMN_REACH] = { "REACH", "what sets options: library, kernel, both, none",
			   SCOLS_JSON_STRING, false, false },
	[COLUMN_PROTOCOL] = { "PROTOCOL", "tcp or mptcp", SCOLS_JSON_STRING, false, false },
	[COLUMN_USER] = { "USER", "user id of the socket's owner", SCOLS_JSON_NUMBER, true, false },
	[COLUMN_INODE] = { "INODE", "the socket's inode", SCOLS_JSON_NUMBER, true, false },
};

/* What people get: it fits most terminals. */
static const int for_people[] = {
	COLUMN_PROGRAM, COLUMN_PID,         COLUMN_LOCAL,
	COLUMN_PEER,    COLUMN_STATE,       COLUMN_OPTIONS + OPTION_KEEPALIVE,
	COLUMN_TIMER,   COLUMN_DETECT_IDLE, COLUMN_DETECT_DATA,
};

/* What programs get: one value in each column. */
static const int for_programs[] = {
	COLUMN_PROGRAM,
	COLUMN_PID,
	COLUMN_FD,
	COLUMN_STATE,
	COLUMN_LOCAL,
	COLUMN_PEER,
	COLUMN_OPTIONS + OPTION_KEEPALIVE,
	COLUMN_OPTIONS + OPTION_IDLE,
	COLUMN_OPTIONS + OPTION_INTERVAL,
	COLUMN_OPTIONS + OPTION_COUNT,
	COLUMN_OPTIONS + OPTION_USER_TIMEOUT,
	COLUMN_TIMER,
	COLUMN_LEFT,
	COLUMN_UNACKED,
	COLUMN_DETECT_IDLE,
	COLUMN_DETECT_DATA,
	COLUMN_SHIM,
	COLUMN_REACH,
};

void columns_name(void)
{
	for (int id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];

		for (size_t i = 0; option->key[i]; i++)
			option_names[id][i] = (char)toupper((unsigned char)option->key[i]);
		show_columns[COLUMN_OPTIONS + id] =
			(struct column){ option_names[id], option_words(option), SCOLS_JSON_NUMBER,
					 option->unit != UNIT_SWITCH, false };
	}
}

static int find_column(const struct verb *verb, const char *flag, struct text name)
{
	struct nearest nearest = nearest_to(name);

	for (int i = 0; i < COLUMNS; i++)
		if (nearest_try(&nearest, show_columns[i].name))
			return i;
	flags_wrong(verb, "--%s: \"%.*s\" is not a column%s", flag, (int)name.length, name.at,
		    nearest_suggestion(&nearest, "").at);
}

bool view_has(const struct view *view, enum column_id id)
{
	for (size_t i = 0; i < view->count; i++)
		if (view->shown[i] == (int)id)
			return true;
	return false;
}

static void take_usual(struct view *view)
{
	bool bare = style_is_bare(view->style);

	view->count = bare ? sizeof for_programs / sizeof *for_programs
			   : sizeof for_people / sizeof *for_people;
	memcpy(view->shown, bare ? for_programs : for_people, view->count * sizeof *view->shown);
}

void view_choose(struct view *view, const struct verb *verb, const char *list)
{
	view->count = 0;
	if (!list || *list == '+')
		take_usual(view);
	if (!list)
		return;
	list += *list == '+';
	while (*list) {
		size_t length = strcspn(list, ",");
		int column = find_column(verb, "output", text_head(text_of(list), length));

		/* Once: JSON has its name once. */
		if (!view_has(view, (enum column_id)column))
			view->shown[view->count++] = column;
		view->named[column] = true;
		list += length + (list[length] == ',');
	}
	if (!view->count)
		flags_wrong(verb, "--output: no column");
}

void view_sort(struct view *view, const struct verb *verb, const char *word)
{
	static const char descending[] = ":desc", ascending[] = ":asc";
	struct text name = text_of(word);
	size_t colon = text_find(name, ':');
	struct text order = text_tail(name, colon);

	name = text_head(name, colon);
	view->descending = text_equals(order, descending);
	if (order.length && !view->descending && !text_equals(order, ascending))
		flags_wrong(verb, "--sort: \"%s\" does not end in %s or %s", word, ascending,
			    descending);
	if (name.length && name.at[0] == '-') {
		name = text_tail(name, 1);
		view->descending = !view->descending;
	}
	view->sort = find_column(verb, "sort", name);
}

/* The options that are read: always, or only if keepalive is on. */
struct needs {
	unsigned int always, if_on;
};

static struct needs needs_of(const struct view *view, int column)
{
	enum { ON = 1U << OPTION_KEEPALIVE };
	const int keepalive = COLUMN_OPTIONS + OPTION_KEEPALIVE;

	if (column == COLUMN_DETECT_IDLE)
		return (struct needs){ ON, DETECTION_IDLE_OPTIONS & ~ON };
	if (column == COLUMN_DETECT_DATA)
		return (struct needs){ DETECTION_DATA_OPTIONS, 0 };
	/* The order by this column goes by the times, too. */
	if (column == keepalive && (!style_is_bare(view->style) || view->sort == keepalive))
		return (struct needs){ ON, 1U << OPTION_IDLE | 1U << OPTION_INTERVAL |
						   1U << OPTION_COUNT };
	return (struct needs){ column < COLUMN_OPTIONS ? 0 : 1U << (column - COLUMN_OPTIONS), 0 };
}

static struct needs needs_of_all(const struct view *view)
{
	struct needs needs = view->sort < 0 ? (struct needs){ 0, 0 } : needs_of(view, view->sort);

	for (size_t i = 0; i < view->count; i++) {
		struct needs more = needs_of(view, view->shown[i]);

		needs.always |= more.always;
		needs.if_on |= more.if_on;
	}
	return needs;
}

unsigned int view_options(const struct view *view)
{
	struct needs needs = needs_of_all(view);

	return needs.always | needs.if_on;
}

unsigned int view_options_if_on(const struct view *view)
{
	struct needs needs = needs_of_all(view);

	return needs.if_on & ~needs.always;
}
