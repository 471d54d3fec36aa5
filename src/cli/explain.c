/* keepalive explain: what happens with some settings when the peer vanishes. */
#include <err.h>
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/base/kernel.h"
#include "cli/ui/configuration.h"
#include "cli/ui/idle_timeout.h"
#include "cli/forecast/notes.h"
#include "cli/forecast/predict.h"
#include "cli/ui/timeline.h"
#include "core/error.h"

enum { FLAG_IDLE_TIMEOUT = FLAG_OWN };

static const struct flag flags[] = {
	{ FLAG_IDLE_TIMEOUT, 0, "idle-timeout", "TIME",
	  "idle timeout of a firewall or load balancer, s" },
	TABLE_FLAGS,
	{ 0 },
};

/* Read like a row of the option table; longer than what a socket takes, as firewalls have days. */
static const struct option_row idle_timeout_option = {
	.key = "idle_timeout",
	.unit = UNIT_SECONDS,
	.minimum = 1,
	.maximum = INT_MAX / 1000,
};

static const enum option_id shown[] = {
	OPTION_KEEPALIVE,    OPTION_IDLE,    OPTION_INTERVAL,  OPTION_COUNT,
	OPTION_USER_TIMEOUT, OPTION_RTO_MAX, OPTION_SYN_COUNT,
};

static const struct situation situations[] = {
	{ "idle", "Idle connection, the peer vanishes:",
	  "last packet from the peer", "probe", 'p',
	  "the connection ends: read() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_idle },
	{ "data", "Unacknowledged data, the peer vanishes (keepalive does not run):",
	  "data is sent", "retransmission", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT or EHOSTUNREACH, poll() "
	  "reports POLLERR",
	  predict_data },
	{ "persist", "Data that waits (the peer's window is closed), the peer vanishes:",
	  "the window is closed", "probe", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_persist },
	{ "connect", "connect() without an answer:", "first SYN", "retry", '.',
	  "connect() fails with ETIMEDOUT, or sooner with EHOSTUNREACH",
	  predict_connect },
};

enum { SITUATIONS = sizeof situations / sizeof *situations };

struct explanation {
	struct wanted wanted;
	struct style style;
	int idle_timeout; /* of what is in between, in seconds; 0: not asked for */
	struct decision decision;
	struct timing timing;
	struct prediction prediction[SITUATIONS];
	struct notes notes;
	struct verdict verdict; /* on idle_timeout */
	int printed; /* tables, of the one JSON document */
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

static void print_settings(struct explanation *explanation,
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

static void print_events(struct explanation *explanation)
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
		list_situation(table, &situations[i], &explanation->prediction[i]);
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

static void print_notes(struct explanation *explanation)
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

static void print_verdict(struct explanation *explanation)
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

static int read_idle_timeout(const struct verb *verb, const char *argument)
{
	struct text word = text_trim(text_of(argument));
	struct value value = { 0 };
	struct error error = { .word = word, .option = &idle_timeout_option };
	struct line line = { 0 };

	if (!word.length)
		flags_wrong(verb, "--idle-timeout: no value");
	error.code = option_parse(&idle_timeout_option, word, &value);
	if (!error.code && value.state != VALUE_SET)
		error.code =
			text_equals(word, "default") ? ERROR_NOT_A_TIME : ERROR_RANGE;
	if (!error.code)
		return value.number;
	error_write_reason(&error, &line);
	flags_wrong(verb, "--idle-timeout: %.*s", (int)line.length, line.at);
}

static void read_command_line(const struct verb *verb, int argc, char **argv,
			      struct explanation *explanation)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(&explanation->wanted, verb, flag, argument) ||
		    style_take(&explanation->style, flag))
			continue;
		explanation->idle_timeout = read_idle_timeout(verb, argument);
	}
	flags_operands(verb, argc, 0, 0);
}

/* Whether a socket here takes the option; where none can be made, it is taken to be so. */
static bool kernel_has(const struct option_row *option)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value;
	socklen_t length = sizeof value;
	bool refused;

	if (fd < 0)
		return true;
	refused = getsockopt(fd, option->level, option->name, &value, &length) &&
		  errno == ENOPROTOOPT;
	close(fd);
	return !refused;
}

static void predict(struct explanation *explanation, const struct policy *policy)
{
	const struct choice *choice = explanation->decision.choice;
	bool rto_max = kernel_has(&option_table[OPTION_RTO_MAX]);
	struct timing *timing = &explanation->timing;

	*timing = (struct timing){
		.keepalive = choice[OPTION_KEEPALIVE].number,
		.idle = choice[OPTION_IDLE].number,
		.interval = choice[OPTION_INTERVAL].number,
		.count = choice[OPTION_COUNT].number,
		.user_timeout = choice[OPTION_USER_TIMEOUT].number,
		.rto_max = rto_max ? choice[OPTION_RTO_MAX].number
				   : policy->kernel.number[OPTION_RTO_MAX],
		.syn_count = choice[OPTION_SYN_COUNT].number,
		.syn_linear = sysctl_number("tcp_syn_linear_timeouts", 0),
		.retries2 = sysctl_number("tcp_retries2", 15),
		.hz = kernel_hz(),
	};
	for (size_t i = 0; i < SITUATIONS; i++)
		situations[i].predict(timing, &explanation->prediction[i]);
	notes_write(&explanation->notes,
		    &(struct circumstances){ .timing = timing,
					     .decision = &explanation->decision,
					     .rules = rule_next(&policy->rules, NULL) != NULL,
					     .rto_max_missing = !rto_max });
	if (!explanation->idle_timeout)
		return;
	explanation->verdict = idle_timeout_judge(timing, explanation->idle_timeout);
	idle_timeout_note(&explanation->notes, &explanation->verdict);
}

static int explain(const struct verb *verb, int argc, char **argv)
{
	static struct configuration configuration;
	static struct explanation explanation;
	bool forgotten;

	read_command_line(verb, argc, argv, &explanation);
	configuration_read(&configuration, &explanation.wanted, NULL, NULL);
	policy_decide(&configuration.policy, &(struct endpoint){ 0 }, &explanation.decision);
	predict(&explanation, &configuration.policy);
	print_settings(&explanation, &configuration);
	if (style_is_bare(&explanation.style))
		print_events(&explanation);
	else
		for (size_t i = 0; i < SITUATIONS; i++)
			timeline_print(&situations[i], &explanation.prediction[i],
				       &explanation.style);
	print_verdict(&explanation);
	print_notes(&explanation);
	if (explanation.style.json)
		puts("\n}");
	forgotten = explanation.idle_timeout && !explanation.verdict.kept;
	return configuration.errors || forgotten ? STATUS_FAILED : STATUS_FINE;
}

const struct verb verb_explain = {
	.name = "explain",
	.usage = "[FLAG...]",
	.summary = "predict when a dead peer is detected",
	.details =
		"Draws what happens if the peer vanishes, with these flags, the environment and the\n"
		"configuration file: when packets are sent, and when the connection ends. Warns about\n"
		"settings that conflict. Times are the earliest possible on a path with a short round trip;\n"
		"the kernel's timers are late by up to an eighth. ETIMEDOUT is the error if the network is\n"
		"silent; libkeepalive(7) lists the other errors.\n"
		"\n"
		"Exit status: 0; 1 if the configuration has an error, or if a firewall with this\n"
		"--idle-timeout forgets the connection; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = explain,
};
