/* What explain prints, section by section: for programs as tables. */
#include "cli/ui/explanation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/duration.h"
#include "cli/ui/document.h"
#include "cli/ui/text.h"

static const enum option_id shown[] = {
	OPTION_KEEPALIVE,    OPTION_IDLE,    OPTION_INTERVAL,  OPTION_COUNT,
	OPTION_USER_TIMEOUT, OPTION_RTO_MAX, OPTION_SYN_COUNT,
};

static void print(struct explanation *explanation, struct libscols_table *table)
{
	if (explanation->style.json) {
		document_add(table, &explanation->printed);
		return;
	}
	if (explanation->style.raw && explanation->printed++)
		putchar('\n');
	table_print(table, &explanation->style);
}

void explanation_print_settings(struct explanation *explanation,
				const struct configuration *configuration)
{
	static const struct column columns[] = {
		{ "OPTION", NULL, SCOLS_JSON_STRING, false, false },
		{ "VALUE", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "SOURCE", NULL, SCOLS_JSON_STRING, false, false },
	};
	const struct style *style = &explanation->style;
	struct libscols_table *table = table_new("settings", style, columns, NULL, 3);

	for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
		const struct option_row *option = &option_table[shown[i]];
		const struct choice *choice = &explanation->decision.choice[shown[i]];
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", option->key);
		table_set_option(style, line, 1, option, choice->number);
		table_set(line, 2, "%s", configuration_source(configuration, shown[i], choice).at);
	}
	print(explanation, table);
}

/* For programs: everything, in seconds. */
static void list_event(struct libscols_table *table, const struct situation *situation,
		       long long milliseconds, const char *event, int number, const char *error)
{
	struct libscols_line *line = table_line(table);

	table_set(line, 0, "%s", situation->name);
	if (milliseconds >= 0)
		table_set(line, 1, "%lld.%03lld", milliseconds / 1000, milliseconds % 1000);
	table_set(line, 2, "%s", event);
	if (number)
		table_set(line, 3, "%d", number);
	if (error)
		table_set(line, 4, "%s", error);
}

static void list_situation(struct libscols_table *table, const struct situation *situation,
			   const struct prediction *prediction)
{
	list_event(table, situation, 0, "start", 0, NULL);
	for (int i = 0; i < prediction->sent; i++)
		if (prediction_moment(prediction, i) != NEVER)
			list_event(table, situation, prediction_moment(prediction, i),
				   situation->sent, i + 1, NULL);
	if (prediction->end == NEVER)
		list_event(table, situation, NEVER, "never", 0, NULL);
	else
		list_event(table, situation, prediction->end, "end", 0, "ETIMEDOUT");
}

void explanation_print_all_events(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "SITUATION", NULL, SCOLS_JSON_STRING, false, false },
		{ "SECONDS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "EVENT", NULL, SCOLS_JSON_STRING, false, false },
		{ "NUMBER", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "ERROR", NULL, SCOLS_JSON_STRING, false, false },
	};
	struct libscols_table *table = table_new("events", &explanation->style, columns, NULL, 5);

	for (size_t i = 0; i < SITUATIONS; i++)
		list_situation(table, &explanation->situations[i], &explanation->prediction[i]);
	print(explanation, table);
}

static struct libscols_line *list_time(struct libscols_table *table, long long when)
{
	struct libscols_line *line = table_line(table);

	table_set(line, 0, "%s", duration_of(when).at);
	return line;
}

/* Of much that is sent, the first and the last. */
enum { LISTED_FIRST = 3, LISTED_MOST = LISTED_FIRST + 2 };

void explanation_print_events(struct explanation *explanation, int number)
{
	static const struct column columns[] = {
		{ "TIME", NULL, SCOLS_JSON_STRING, true, false },
		{ "EVENT", NULL, SCOLS_JSON_STRING, false, false },
	};
	const struct situation *situation = &explanation->situations[number];
	const struct prediction *prediction = &explanation->prediction[number];
	struct libscols_table *table =
		table_new(situation->name, &explanation->style, columns, NULL, 2);
	int last = prediction->sent - 1;
	bool all = prediction->sent <= LISTED_MOST;
	struct libscols_line *line;

	table_set(list_time(table, 0), 1, "%s", situation->start);
	for (int i = 0; i <= last; i++)
		if (all || i < LISTED_FIRST || i == last)
			table_set(list_time(table, prediction_moment(prediction, i)), 1, "%s %d",
				  situation->sent, i + 1);
		else if (i == LISTED_FIRST)
			table_set(table_line(table), 1, "...");
	line = list_time(table, prediction->end);
	if (prediction->end == NEVER) {
		table_set(line, 1, "nothing is sent: read() and poll() wait without limit");
		table_mark(line, 0);
	} else {
		table_set(line, 1, "%s", situation->end);
	}
	table_print(table, &explanation->style);
}

bool explanation_leaves_out_warnings(const struct explanation *explanation)
{
	return explanation->suggests && explanation->possible && !explanation->details;
}

/* Without --details, only warnings; beside a suggestion not even these. */
static void print_notes(const struct explanation *explanation)
{
	const struct notes *notes = &explanation->notes;

	if (explanation_leaves_out_warnings(explanation))
		return;
	if (explanation->details && notes->count)
		puts("\nNotes:\n");
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->note[i].warning)
			text_paint("! ");
		else if (explanation->details)
			fputs("- ", stdout);
		else
			continue;
		text_wrap(2, notes->note[i].text);
	}
}

void explanation_print_notes(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "ID", NULL, SCOLS_JSON_STRING, false, false },
		{ "WARNING", NULL, SCOLS_JSON_NUMBER, false, false },
		{ "NOTE", NULL, SCOLS_JSON_STRING, false, false },
	};
	const struct notes *notes = &explanation->notes;
	const struct style *style = &explanation->style;
	struct libscols_table *table;

	if (!style_is_bare(style)) {
		print_notes(explanation);
		return;
	}
	table = table_new("notes", style, columns, NULL, 3);
	for (size_t i = 0; i < notes->count; i++) {
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", notes->note[i].id);
		table_set_either(style, line, 1, notes->note[i].warning, "yes", "no");
		table_set(line, 2, "%s", notes->note[i].text);
	}
	print(explanation, table);
}

static void print_verdict(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "SECONDS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "KEPT", NULL, SCOLS_JSON_NUMBER, false, false },
		{ "SURVIVED", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "PROXY", NULL, SCOLS_JSON_NUMBER, false, false },
	};
	const struct verdict *verdict = &explanation->verdict;
	struct libscols_table *table =
		table_new("idle_timeout", &explanation->style, columns, NULL, 4);
	struct libscols_line *line = table_line(table);

	table_set(line, 0, "%d", verdict->idle_timeout);
	table_set_either(&explanation->style, line, 1, verdict->kept, "yes", "no");
	table_set(line, 2, "%d", verdict->survived);
	table_set_either(&explanation->style, line, 3, verdict->proxy, "yes", "no");
	print(explanation, table);
}

static void print_within(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "SECONDS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "IDLE", NULL, SCOLS_JSON_NUMBER, false, false },
		{ "DATA", NULL, SCOLS_JSON_NUMBER, false, false },
	};
	const struct style *style = &explanation->style;
	struct libscols_table *table = table_new("within", style, columns, NULL, 3);
	struct libscols_line *line = table_line(table);
	int within = explanation->wish.within;

	table_set(line, 0, "%d", within);
	table_set_either(style, line, 1, judge_idle(&explanation->timing, within), "yes", "no");
	table_set_either(style, line, 2, judge_data(&explanation->timing, within), "yes", "no");
	print(explanation, table);
}

static void print_suggestion(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "OPTION", NULL, SCOLS_JSON_STRING, false, false },
		{ "VALUE", NULL, SCOLS_JSON_STRING, false, false },
	};
	const struct timing *timing = &explanation->suggestion;
	struct libscols_table *table =
		table_new("suggestion", &explanation->style, columns, NULL, 2);
	const struct {
		enum option_id id;
		int number;
	} row[] = {
		{ OPTION_IDLE, timing->idle },
		{ OPTION_INTERVAL, timing->interval },
		{ OPTION_COUNT, timing->count },
	};

	for (size_t i = 0; explanation->possible && i < sizeof row / sizeof *row; i++) {
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", option_table[row[i].id].key);
		table_set(line, 1, i == 2 ? "%d" : "%ds", row[i].number);
	}
	if (explanation->possible) {
		struct libscols_line *line = table_line(table);

		table_set(line, 0, "%s", option_table[OPTION_USER_TIMEOUT].key);
		table_set(line, 1, "auto");
	}
	print(explanation, table);
}

/* Which wish no settings do, and the shortest time that they do in its place. */
static void print_impossible(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "WISH", NULL, SCOLS_JSON_STRING, false, false },
		{ "LEAST", NULL, SCOLS_JSON_NUMBER, true, false },
	};
	bool within = explanation->impossible == IMPOSSIBLE_WITHIN;
	struct libscols_table *table =
		table_new("impossible", &explanation->style, columns, NULL, 2);
	struct libscols_line *line = table_line(table);

	table_set(line, 0, "%s", within ? "within" : "idle_timeout");
	table_set(line, 1, "%d", explanation->least);
	print(explanation, table);
}

void explanation_print_bare(struct explanation *explanation)
{
	if (explanation->wish.idle_timeout)
		print_verdict(explanation);
	if (explanation->wish.within)
		print_within(explanation);
	if (explanation->suggests)
		print_suggestion(explanation);
	if (explanation->suggests && !explanation->possible)
		print_impossible(explanation);
}
