/*
 * Variables, and with them the values of options: read as a plain table of names and a plain
 * reading of values have them. Of several names of an option the first in its row counts, of
 * several variables of one name the first, as for getenv; what cannot be read is as good as not
 * there.
 */
#include <stdbool.h>
#include <string.h>

#include "core/environment.h"
#include "fuzz/fuzz.h"

enum { VARIABLES = 10, NAMES = 5, VARIABLE_SIZE = 80 };

enum unit_of { SWITCH, SECONDS, MILLISECONDS, NUMBER };

/* As libkeepalive(7) and libkeepalive.conf(5) have them. */
static const struct row {
	const char *name[NAMES];
	enum unit_of unit;
	double least, most;
} rows[] = {
	{ { "KEEPALIVE", "DD_USE_KEEPALIVE" }, SWITCH, 0, 1 },
	{ { "KEEPALIVE_IDLE", "KEEPIDLE", "TCP_KEEPIDLE", "DD_TCP_KEEPALIVE_TIME" },
	  SECONDS,
	  1,
	  32767 },
	{ { "KEEPALIVE_INTERVAL", "KEEPINTVL", "TCP_KEEPINTVL", "DD_TCP_KEEPALIVE_INTVL" },
	  SECONDS,
	  1,
	  32767 },
	{ { "KEEPALIVE_COUNT", "KEEPCNT", "TCP_KEEPCNT", "DD_TCP_KEEPALIVE_PROBES" },
	  NUMBER,
	  1,
	  127 },
	{ { "KEEPALIVE_USER_TIMEOUT", "TCP_USER_TIMEOUT" }, MILLISECONDS, 1, 2147483647 },
	{ { "KEEPALIVE_RTO_MAX" }, MILLISECONDS, 1000, 120000 },
	{ { "KEEPALIVE_SYN_COUNT", "TCP_SYNCNT" }, NUMBER, 1, 127 },
	{ { "KEEPALIVE_DEFER_ACCEPT", "TCP_DEFER_ACCEPT" }, SECONDS, 1, 32767 },
	{ { "KEEPALIVE_MAX_SEGMENT", "TCP_MAXSEG" }, NUMBER, 88, 32767 },
	{ { "KEEPALIVE_WINDOW_CLAMP", "TCP_WINDOW_CLAMP" }, NUMBER, 1, 2147483647 },
};

_Static_assert(sizeof rows / sizeof *rows == OPTIONS, "each option has its row here, too");

static const struct row override_row = { { "KEEPALIVE_OVERRIDE" }, SWITCH, 0, 1 };

enum { USER_TIMEOUT = 4, WRONG = -3, DEFAULT = -2, AUTO = -1 };

static bool is_one_of(const char *word, const char *list)
{
	char padded[VARIABLE_SIZE + 4];

	snprintf(padded, sizeof padded, " %s ", word);
	return *word && !strchr(word, ' ') && strstr(list, padded);
}

static double read_switch(const char *word)
{
	char lower[VARIABLE_SIZE];
	size_t i;

	for (i = 0; word[i]; i++)
		lower[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] + 32 : word[i]);
	lower[i] = 0;
	if (is_one_of(lower, " on yes true 1 "))
		return 1;
	return is_one_of(lower, " off no false 0 ") ? 0 : WRONG;
}

/* A number, and for times a unit with blanks in front, in floating point, which holds all of them.
 */
static double read_amount(const struct row *row, const char *word)
{
	char *end;
	double number = strtod(word, &end), factor = 1;

	if (strspn(word, "0123456789") != (size_t)(end - word) || end == word)
		return WRONG;
	end += strspn(end, " \t\r");
	if (*end && row->unit == NUMBER)
		return WRONG;
	if (!strcmp(end, "ms"))
		factor = row->unit == SECONDS ? 0.001 : 1;
	else if (!strcmp(end, "s") || !strcmp(end, "min") || !strcmp(end, "h"))
		factor = (*end == 's'   ? 1
			  : *end == 'm' ? 60
					: 3600) *
			 (row->unit == SECONDS ? 1 : 1000);
	else if (*end)
		return WRONG;
	number *= factor;
	if (number == 0)
		return DEFAULT;
	if (number < row->least || number > row->most || number != (double)(long long)number)
		return WRONG;
	return number;
}

/* The value, or WRONG, DEFAULT or AUTO. `row` is that of override where `option` is OPTIONS. */
static double read_word(const struct row *row, size_t option, bool is_first_name, const char *word)
{
	if (option == OPTIONS)
		return read_switch(word);
	if (!strcmp(word, "default"))
		return DEFAULT;
	if (option == USER_TIMEOUT &&
	    (!strcmp(word, "auto") || (!is_first_name && !strcmp(word, "-1"))))
		return AUTO;
	return row->unit == SWITCH ? read_switch(word) : read_amount(row, word);
}

/* The content of a variable without blanks at both ends; NULL: it is another variable, or is empty.
 */
static const char *content_of(const char *variable, const char *name)
{
	static char content[VARIABLE_SIZE];
	size_t length = strlen(name);

	if (strncmp(variable, name, length) != 0 || variable[length] != '=')
		return NULL;
	variable += length + 1;
	strcpy(content, variable + strspn(variable, " \t\r"));
	for (length = strlen(content); length && strchr(" \t\r", content[length - 1]); length--)
		content[length - 1] = 0;
	return *content ? content : NULL;
}

/* What the first that can be read says; *wrong: how many cannot be read. */
static double value_of(char *const *variables, size_t option, unsigned int *wrong)
{
	const struct row *row = option < OPTIONS ? &rows[option] : &override_row;
	double value = WRONG;

	for (int name = 0; name < NAMES && row->name[name]; name++)
		for (int i = 0; variables[i]; i++) {
			const char *word = content_of(variables[i], row->name[name]);
			double read = word ? read_word(row, option, !name, word) : WRONG;

			*wrong += word && read == WRONG;
			if (value == WRONG)
				value = read;
		}
	return value;
}

static void check_value(const char *name, const struct value *value, double expected)
{
	double got = value->state == VALUE_SET      ? value->number
		     : value->state == VALUE_KERNEL ? DEFAULT
		     : value->state == VALUE_AUTO   ? AUTO
						    : WRONG;

	if (got != expected)
		DIFFERS("%s: %g, expected %g", name, got, expected);
}

/* The first variable of that name, blank or not, as getenv has it. */
static void check_string(char *const *variables, const char *name, const char *got)
{
	size_t length = strlen(name);
	const char *expected = NULL;

	for (int i = 0; variables[i] && !expected; i++)
		if (!strncmp(variables[i], name, length) && variables[i][length] == '=')
			expected = variables[i] + length + 1;
	if (got != expected)
		DIFFERS("%s: %s, expected %s", name, got ? got : "-", expected ? expected : "-");
}

static void make_word(struct bytes *bytes, char *word)
{
	static const char *const words[] = {
		"on",         "off",        "yes",        "No",
		"TRUE",       "false",      "default",    "auto",
		"-1",         "",           "0",          "1",
		"60",         "127",        "128",        "32767",
		"32768",      "120000",     "87",         "88",
		"1000",       "61000",      "999",        "007",
		"35791",      "596523",     "4294967296", "4294968296",
		"5000000000", "2147483647", "2147483648", "18446744073709551617",
		"6O",         "+5",         "0x10",
	};
	static const char *const units[] = { "",  "",   "",     "s", "ms", "min",
					     "h", " s", "\tms", "S", " ",  "m" };

	snprintf(word, 40, "%s%s%s", number_below(bytes, 6) ? "" : " ",
		 words[number_below(bytes, sizeof words / sizeof *words)],
		 units[number_below(bytes, sizeof units / sizeof *units)]);
}

static void make_variable(struct bytes *bytes, char *variable)
{
	static const char *const others[] = {
		"KEEPALIVE_OVERRIDE",
		"KEEPALIVE_CONF",
		"LISTEN_FDS",
		"LISTEN_PID",
		"KEEPALIVE_LOGS",
		"KEEPALIVE_IDL",
		"KEEPALIVED",
		"keepalive",
		"TCP_",
		"PATH",
		"DD_USE_KEEPALIVE_",
		"L",
		"KEEPALIVE_IDLE ",
	};
	size_t row = number_below(bytes, OPTIONS + 4);
	const char *name = NULL;
	char word[40];

	if (row < OPTIONS)
		name = rows[row].name[number_below(bytes, NAMES)];
	if (!name)
		name = others[number_below(bytes, sizeof others / sizeof *others)];
	make_word(bytes, word);
	snprintf(variable, VARIABLE_SIZE, "%s%s%s", name, number_below(bytes, 20) ? "=" : "", word);
}

int fuzz_environment(const uint8_t *data, size_t size)
{
	struct bytes bytes = { data, size };
	static char text[VARIABLES][VARIABLE_SIZE];
	char *variables[VARIABLES + 1] = { NULL };
	struct environment environment = { 0 };
	struct errors errors = { 0 };
	unsigned int count = number_below(&bytes, VARIABLES + 1), wrong = 0;

	for (unsigned int i = 0; i < count; i++) {
		make_variable(&bytes, text[i]);
		variables[i] = text[i];
	}
	environment_read(&environment, variables, &errors);
	for (size_t id = 0; id < OPTIONS; id++)
		check_value(rows[id].name[0], &environment.settings.value[id],
			    value_of(variables, id, &wrong));
	check_value("override", &environment.settings.override,
		    value_of(variables, OPTIONS, &wrong));
	if (errors.count != wrong)
		DIFFERS("%u variables cannot be read, expected %u", errors.count, wrong);
	check_string(variables, "KEEPALIVE_CONF", environment.file);
	check_string(variables, "LISTEN_FDS", environment.listen_fds);
	check_string(variables, "LISTEN_PID", environment.listen_pid);
	return 0;
}
