/* What explain prints, section by section, for people and for programs. */
#include "cli/ui/explanation.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const enum option_id shown[] = {
	OPTION_KEEPALIVE,    OPTION_IDLE,    OPTION_INTERVAL,  OPTION_COUNT,
	OPTION_USER_TIMEOUT, OPTION_RTO_MAX, OPTION_SYN_COUNT,
};

/* JSON for one of several tables: the library puts each into a document of its own. */
static void print_member(struct explanation *explanation, struct libscols_table *table)
{
	char *document = NULL, *begin, *end;

	fputs(explanation->printed++ ? ",\n" : "{\n", stdout);
	if (scols_print_table_to_string(table, &document))
		errx(STATUS_FAILED, "the table could not be printed");
	begin = strchr(document, '{') + 1;
	end = strrchr(document, '}');
	begin += strspn(begin, "\n");
	while (end > begin && end[-1] == '\n')
		end--;
	printf("%.*s", (int)(end - begin), begin);
	free(document);
}

static void print(struct explanation *explanation, struct libscols_table *table)
{
	if (explanation->style.json) {
		print_member(explanation, table);
		scols_unref_table(table);
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

void explanation_print_events(struct explanation *explanation)
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

static void tell_notes(const struct notes *notes)
{
	if (notes->count)
		puts("\nNotes:\n");
	for (size_t i = 0; i < notes->count; i++) {
		if (notes->note[i].warning)
			paint("! ");
		else
			fputs("- ", stdout);
		print_wrapped(notes->note[i].text);
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
		tell_notes(notes);
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

void explanation_print_verdict(struct explanation *explanation)
{
	static const struct column columns[] = {
		{ "SECONDS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "KEPT", NULL, SCOLS_JSON_NUMBER, false, false },
		{ "SURVIVED", NULL, SCOLS_JSON_NUMBER, true, false },
	};
	const struct verdict *verdict = &explanation->verdict;
	const struct style *style = &explanation->style;
	struct libscols_table *table;
	struct libscols_line *line;

	if (!explanation->idle_timeout)
		return;
	if (!style_is_bare(style)) {
		idle_timeout_tell(&explanation->timing, verdict);
		return;
	}
	table = table_new("idle_timeout", style, columns, NULL, 3);
	line = table_line(table);
	table_set(line, 0, "%d", verdict->idle_timeout);
	table_set_either(style, line, 1, verdict->kept, "yes", "no");
	table_set(line, 2, "%d", verdict->survived);
	print(explanation, table);
}
