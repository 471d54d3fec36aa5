/* What audit prints for people, and the same as JSON or raw lines. */
#include "cli/ui/audited.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/duration.h"
#include "cli/forecast/detection.h"
#include "cli/ui/document.h"

enum audit_column {
	NAME,
	KIND,
	PROGRAM,
	CONNECTIONS,
	NEVER_IDLE,
	UNKNOWN,
	DETECT_IDLE,
	DETECT_DATA,
	LOOPBACK,
	LISTENERS,
	LISTENERS_OFF,
	REACH,
	REASON,
	REMEDY,
	NOW,
	FIX,
	AUDIT_COLUMNS
};

const struct column audit_columns[] = {
	[NAME] = { "NAME", "unit, container (its name or id), or program", SCOLS_JSON_STRING, false,
		   true },
	[KIND] = { "KIND", "unit, user-unit, container, program or unknown", SCOLS_JSON_STRING,
		   false, false },
	[PROGRAM] = { "PROGRAM", "name by which the program was started", SCOLS_JSON_STRING, false,
		      true },
	[CONNECTIONS] = { "CONNS", "connections to other hosts", SCOLS_JSON_NUMBER, true, false },
	[NEVER_IDLE] = { "NEVER", "of these: never notice a dead peer while they are idle",
			 SCOLS_JSON_NUMBER, true, false },
	[UNKNOWN] = { "UNKNOWN", "others of which that is not known", SCOLS_JSON_NUMBER, true,
		      false },
	[DETECT_IDLE] = { "DETECT_IDLE",
			  "longest time to detect a dead peer, if idle; without unit: ms",
			  SCOLS_JSON_NUMBER, true, false },
	[DETECT_DATA] = { "DETECT_DATA", "the same with unacknowledged data", SCOLS_JSON_NUMBER,
			  true, false },
	[LOOPBACK] = { "LOOPBACK", "connections to this host itself, not counted before",
		       SCOLS_JSON_NUMBER, true, false },
	[LISTENERS] = { "LISTENERS", "listeners that other hosts may reach", SCOLS_JSON_NUMBER,
			true, false },
	[LISTENERS_OFF] = { "LISTENERS_OFF", "of these: keepalive is off", SCOLS_JSON_NUMBER, true,
			    false },
	[REACH] = { "REACH", "what sets options: library, kernel, both, none, partly",
		    SCOLS_JSON_STRING, false, false },
	[REASON] = { "REASON", "why this command", SCOLS_JSON_STRING, false, false },
	[REMEDY] = { "REMEDY", "command for connections that begin later", SCOLS_JSON_STRING, false,
		     false },
	[NOW] = { "NOW", "command for connections that exist", SCOLS_JSON_STRING, false, false },
	[FIX] = { "FIX", "number of the commands below the table; not in JSON and raw columns",
		  SCOLS_JSON_NUMBER, true, false },
	{ 0 },
};

/* For programs all but the number; for people those that fit. */
static const int for_people[] = { NAME,        CONNECTIONS, NEVER_IDLE, UNKNOWN, DETECT_IDLE,
				  DETECT_DATA, LOOPBACK,    REACH,      FIX };
enum { FOR_PEOPLE = sizeof for_people / sizeof *for_people };

struct printing {
	const struct services *services;
	const struct style *style;
	struct libscols_table *table;
	struct libscols_line *line;
	const struct service_row *row;
	struct remedy remedy;
	int number;               /* of the remedy; 0: none */
	int place[AUDIT_COLUMNS]; /* of the columns in the table; -1: not there */
};

const char *service_kind(const struct service_row *row)
{
	static const char *const names[] = { [OWNER_NONE] = "program",
					     [OWNER_UNIT] = "unit",
					     [OWNER_USER_UNIT] = "user-unit",
					     [OWNER_SESSION] = "program",
					     [OWNER_CONTAINER] = "container" };

	return *service_name(row) ? names[row->owner.kind] : "unknown";
}

const char *service_name(const struct service_row *row)
{
	return row->owner.kind == OWNER_NONE ? row->program : row->owner.name;
}

static void set(const struct printing *printing, enum audit_column column, const char *text)
{
	if (text && printing->place[column] >= 0)
		table_set(printing->line, (size_t)printing->place[column], "%s", text);
}

static void set_number(const struct printing *printing, enum audit_column column, size_t number)
{
	if (printing->place[column] >= 0)
		table_set(printing->line, (size_t)printing->place[column], "%zu", number);
}

static void mark(const struct printing *printing, enum audit_column column)
{
	if (printing->place[column] >= 0)
		table_mark(printing->line, (size_t)printing->place[column]);
}

static void set_unknown(const struct printing *printing, enum audit_column column)
{
	table_set_unknown(printing->style, printing->table, printing->line,
			  (size_t)printing->place[column]);
}

static void set_time(const struct printing *printing, enum audit_column column, long long time)
{
	if (time == DETECTION_UNKNOWN)
		set_unknown(printing, column);
	else if (time == DETECTION_NONE)
		return;
	else if (!style_is_bare(printing->style))
		set(printing, column, duration_of(time).at);
	else if (time != NEVER)
		table_set(printing->line, (size_t)printing->place[column], "%lld", time);
	if (time == NEVER)
		mark(printing, column);
}

/* For people the program is a part of the name, unless that is much the same. */
static void set_name(const struct printing *printing)
{
	const struct service_row *row = printing->row;
	const char *name = service_name(row);
	size_t length = strlen(row->program);

	if (!*name)
		set(printing, NAME, "(unknown)");
	else if (style_is_bare(printing->style) || row->owner.kind == OWNER_NONE ||
		 (!strncmp(name, row->program, length) && strchr(".@", name[length])))
		set(printing, NAME, name);
	else
		table_set(printing->line, (size_t)printing->place[NAME], "%s (%s)", name,
			  row->program);
}

static void set_reach(const struct printing *printing)
{
	if (printing->row->reach)
		set(printing, REACH, printing->row->reach);
	else if (printing->row->pids.count)
		set_unknown(printing, REACH);
}

static void set_row(const struct printing *printing)
{
	const struct tally *tally = &printing->row->tally;

	set_name(printing);
	set(printing, KIND, service_kind(printing->row));
	set(printing, PROGRAM, *printing->row->program ? printing->row->program : NULL);
	set_number(printing, CONNECTIONS, tally->connections);
	set_number(printing, NEVER_IDLE, tally->never);
	set_number(printing, UNKNOWN, tally->unknown + tally->unread);
	set_number(printing, LOOPBACK, tally->loopback);
	set_number(printing, LISTENERS, tally->listeners);
	set_number(printing, LISTENERS_OFF, tally->listeners_off);
	set_time(printing, DETECT_IDLE, tally_idle(tally));
	set_time(printing, DETECT_DATA, tally_data(tally));
	set_reach(printing);
	set(printing, REASON, printing->remedy.reason);
	set(printing, REMEDY, printing->remedy.lasting);
	set(printing, NOW, printing->remedy.now);
	if (printing->number)
		set_number(printing, FIX, (size_t)printing->number);
	if (tally->never)
		mark(printing, NEVER_IDLE);
	if (tally->unknown + tally->unread)
		mark(printing, UNKNOWN);
}

static void fill_table(struct printing *printing, const struct remedy *remedies)
{
	bool bare = style_is_bare(printing->style);
	int all[AUDIT_COLUMNS];
	size_t count = bare ? FIX : FOR_PEOPLE;
	int number = 0;

	for (int i = 0; i < AUDIT_COLUMNS; i++) {
		all[i] = i;
		printing->place[i] = -1;
	}
	for (size_t i = 0; i < count; i++)
		printing->place[bare ? all[i] : for_people[i]] = (int)i;
	printing->table = table_new("services", printing->style, audit_columns,
				    bare ? all : for_people, count);
	for (size_t i = 0; i < printing->services->count; i++) {
		printing->line = table_line(printing->table);
		printing->row = &printing->services->row[i];
		printing->remedy = remedies[i];
		printing->number = remedies[i].reason ? ++number : 0;
		set_row(printing);
	}
}

/* For programs: what the lines do not add up to. */
static struct libscols_table *summary_table(const struct services *services,
					    const struct style *style)
{
	static const struct column columns[] = {
		{ "CONNS", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "NEVER", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "UNKNOWN", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "LOOPBACK", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "UNREAD_PROCESSES", NULL, SCOLS_JSON_NUMBER, true, false },
		{ "COMPLETE", NULL, SCOLS_JSON_NUMBER, false, false },
	};
	struct libscols_table *table = table_new("summary", style, columns, NULL, 6);
	struct libscols_line *line = table_line(table);
	const struct tally *total = &services->total;

	table_set(line, 0, "%zu", total->connections);
	table_set(line, 1, "%zu", total->never);
	table_set(line, 2, "%zu", total->unknown + total->unread);
	table_set(line, 3, "%zu", total->loopback);
	table_set(line, 4, "%zu", services->denied + services->left_out);
	table_set_either(style, line, 5, !services_gaps(services), "yes", "no");
	return table;
}

static void print_document(const struct services *services, const struct style *style,
			   struct libscols_table *table)
{
	int printed = 0;

	document_add(table, &printed);
	document_add(summary_table(services, style), &printed);
	document_end();
}

void audited_print(const struct services *services, const struct style *style)
{
	struct printing printing = { .services = services, .style = style };
	struct remedy *remedies = expect_memory(calloc(services->count + 1, sizeof *remedies));
	int number = 0;

	for (size_t i = 0; i < services->count; i++)
		remedies[i] = remedy_of(services, &services->row[i]);
	fill_table(&printing, remedies);
	if (style->json)
		print_document(services, style, printing.table);
	else
		table_print(printing.table, style);
	if (!style_is_bare(style)) {
		if (services->count)
			putchar('\n');
		audited_print_summary(services);
		for (size_t i = 0; i < services->count; i++)
			if (remedies[i].reason)
				audited_print_remedy(++number, &services->row[i], &remedies[i]);
	}
	for (size_t i = 0; i < services->count; i++)
		remedy_free(&remedies[i]);
	free(remedies);
}
