/* keepalive check: reads a configuration strictly, and says what holds for one connection. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/ui/configuration.h"
#include "cli/ui/report.h"
#include "cli/ui/table.h"

enum {
	FLAG_PROGRAM = FLAG_OWN,
	FLAG_UID,
	FLAG_ROLE,
	FLAG_REMOTE,
	FLAG_REMOTE_PORT,
	FLAG_LOCAL_PORT
};

static const struct flag flags[] = {
	{ FLAG_PROGRAM, 0, "program", "NAME", "base name of the program" },
	{ FLAG_UID, 0, "uid", "USER", "user with whom the program was started" },
	{ FLAG_ROLE, 0, "role", "client|server", "role of the program" },
	{ FLAG_REMOTE, 0, "remote", "ADDRESS", "address of the peer" },
	{ FLAG_REMOTE_PORT, 0, "remote-port", "NUMBER", "port of the peer" },
	{ FLAG_LOCAL_PORT, 0, "local-port", "NUMBER", "port on which the server listens" },
	TABLE_FLAGS,
	{ 0 },
};

static const struct column columns[] = {
	{ "OPTION", "key in the configuration file", SCOLS_JSON_STRING, false, false },
	{ "VALUE", "configured value, otherwise the value of the kernel", SCOLS_JSON_NUMBER, true,
	  false },
	{ "SET", "whether the library sets it", SCOLS_JSON_NUMBER, false, false },
	{ "SOURCE", "source of the value", SCOLS_JSON_STRING, false, false },
	{ 0 },
};

enum { COLUMN_OPTION, COLUMN_VALUE, COLUMN_SET, COLUMN_SOURCE, COLUMNS };

/* Of the table of errors, which only programs read. */
static const struct column error_columns[] = {
	{ "FILE", NULL, SCOLS_JSON_STRING, false, false },
	{ "LINE", NULL, SCOLS_JSON_NUMBER, true, false },
	{ "COLUMN", NULL, SCOLS_JSON_NUMBER, true, false },
	{ "MESSAGE", NULL, SCOLS_JSON_STRING, false, false },
};

enum { ERROR_FILE, ERROR_LINE, ERROR_COLUMN, ERROR_MESSAGE, ERROR_COLUMNS };

static struct libscols_table *errors;

struct question {
	struct wanted wanted;
	struct style style;
	struct subject subject;
	struct endpoint endpoint;
	bool asked;
};

static uint16_t read_port(const struct verb *verb, const char *flag, const char *argument)
{
	struct port_range range;

	if (!port_range_read(text_of(argument), &range) || range.first != range.last)
		flags_wrong(verb, "--%s: \"%s\" is not a port", flag, argument);
	return range.first;
}

static void read_role(const struct verb *verb, const char *argument, struct endpoint *endpoint)
{
	if (!strcmp(argument, "client"))
		endpoint->role = ROLE_CLIENT;
	else if (!strcmp(argument, "server"))
		endpoint->role = ROLE_SERVER;
	else
		flags_wrong(verb, "--role: \"%s\" is neither client nor server", argument);
}

static void read_remote(const struct verb *verb, const char *argument, struct endpoint *endpoint)
{
	struct network network;

	if (!network_read(text_of(argument), &network) || strchr(argument, '/'))
		flags_wrong(verb, "--remote: \"%s\" is not an address", argument);
	endpoint->remote = network.address;
	endpoint->remote_known = true;
}

static void read_user(const struct verb *verb, const char *argument, struct subject *subject)
{
	if (configuration_user(text_of(argument), &subject->user))
		flags_wrong(verb, "--uid: \"%s\" is not a user number, or a name in /etc/passwd",
			    argument);
	subject->user_known = true;
}

static void take(const struct verb *verb, struct question *question, int flag, const char *argument)
{
	struct endpoint *endpoint = &question->endpoint;

	if (wanted_take(&question->wanted, verb, flag, argument) ||
	    style_take(&question->style, flag))
		return;
	question->asked = true;
	switch (flag) {
	case FLAG_PROGRAM:
		question->subject.name[0] = basename(argument);
		break;
	case FLAG_UID:
		read_user(verb, argument, &question->subject);
		break;
	case FLAG_ROLE:
		read_role(verb, argument, endpoint);
		break;
	case FLAG_REMOTE:
		read_remote(verb, argument, endpoint);
		break;
	case FLAG_REMOTE_PORT:
		endpoint->remote_port = read_port(verb, "remote-port", argument);
		break;
	default:
		endpoint->local_port = read_port(verb, "local-port", argument);
	}
}

/* Who is asked for by an end alone is on the side that has it. */
static void complete(const struct verb *verb, struct endpoint *endpoint)
{
	bool remote = endpoint->remote_known || endpoint->remote_port;

	if (endpoint->remote_port && !endpoint->remote_known)
		flags_wrong(verb, "--remote-port needs --remote");
	if (endpoint->role == ROLE_UNKNOWN && endpoint->local_port)
		endpoint->role = ROLE_SERVER;
	else if (endpoint->role == ROLE_UNKNOWN && remote)
		endpoint->role = ROLE_CLIENT;
}

/* Listening sockets have some options of their own, and connections never have those. */
static bool concerns(const struct option_row *option, const struct endpoint *endpoint)
{
	return option->stage != STAGE_LISTENING || endpoint->role != ROLE_CLIENT;
}

static struct libscols_line *add_row(const struct question *question,
				     const struct configuration *configuration,
				     struct libscols_table *table, size_t id,
				     const struct choice *choice)
{
	struct libscols_line *line = table_line(table);

	table_set_either(&question->style, line, COLUMN_SET, choice->configured, "yes", "no");
	table_set(line, COLUMN_SOURCE, "%s", configuration_source(configuration, id, choice).at);
	return line;
}

static void answer(const struct question *question, const struct configuration *configuration)
{
	const struct style *style = &question->style;
	struct libscols_table *table = table_new("settings", style, columns, NULL, COLUMNS);
	struct libscols_line *line;
	struct decision decision;

	policy_decide(&configuration->policy, &question->endpoint, &decision);
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct choice *choice = &decision.choice[id];

		if (!concerns(&option_table[id], &question->endpoint))
			continue;
		line = add_row(question, configuration, table, id, choice);
		table_set(line, COLUMN_OPTION, "%s", option_table[id].key);
		table_set_option(style, line, COLUMN_VALUE, &option_table[id], choice->number);
	}
	line = add_row(question, configuration, table, OPTIONS, &decision.override);
	table_set(line, COLUMN_OPTION, "override");
	table_set_either(style, line, COLUMN_VALUE, decision.override.number, "on", "off");
	table_print(table, style);
}

static void say_that_it_is_fine(const struct configuration *configuration)
{
	if (!*configuration->loaded.path)
		puts("no file, and no errors in the environment");
	else if (!configuration->loaded.found)
		printf("%s: does not exist, which is no error\n", configuration->loaded.path);
	else
		printf("%s: no errors\n", configuration->loaded.path);
}

static void add_error(const struct report *report)
{
	struct libscols_line *line = table_line(errors);

	if (*report->file)
		table_set(line, ERROR_FILE, "%s", report->file);
	if (report->line) {
		table_set(line, ERROR_LINE, "%u", report->line);
		table_set(line, ERROR_COLUMN, "%u", report->column);
	}
	table_set(line, ERROR_MESSAGE, "%s", report->text);
}

/* Has a table made of what is reported, in place of the words for people. */
static void collect_errors(const struct style *style)
{
	errors = table_new("errors", style, error_columns, NULL, ERROR_COLUMNS);
	report_to(add_error);
}

static int check(const struct verb *verb, int argc, char **argv)
{
	static struct configuration configuration;
	struct question question = { 0 };
	const char *argument;
	unsigned int found;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		take(verb, &question, flag, argument);
	flags_operands(verb, argc, 0, 1);
	complete(verb, &question.endpoint);
	if (!question.asked && style_is_bare(&question.style))
		collect_errors(&question.style);
	configuration_read(&configuration, &question.wanted, argv[optind], &question.subject);
	found = configuration.errors + configuration.warnings;
	if (question.asked)
		answer(&question, &configuration);
	else if (errors)
		table_print(errors, &question.style);
	else if (!found)
		say_that_it_is_fine(&configuration);
	return found ? STATUS_FAILED : STATUS_FINE;
}

const struct verb verb_check = {
	.name = "check",
	.usage = "[FILE] [FLAG...]",
	.summary = "find errors in a configuration, and print the settings of one connection",
	.details =
		"Reads FILE, or the configuration file in use, and the variables KEEPALIVE_... in the\n"
		"environment. Prints each error with its line and column. With a program, a user, a role,\n"
		"an address or a port, also prints the settings of such a connection and the source of each\n"
		"value.\n"
		"\n"
		"With --json or --raw, and without a connection, prints the errors as a table.\n"
		"\n"
		"Exit status: 0; 1 if there is an error or a warning; 2 if the command line is wrong.\n",
	.flags = flags,
	.columns = columns,
	.settings = true,
	.run = check,
};
