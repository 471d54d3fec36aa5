/* File and environment: what is read, what is complained of, who wins, what is derived. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/config.h"
#include "support/harness.h"

/* Complaints as their messages, each ended by a newline. */
struct messages {
	size_t length;
	char at[4096];
};

static void take(void *context, const struct complaint *complaint)
{
	struct messages *messages = context;
	struct line line = { 0 };
	int length;

	complaint_write(complaint, &line);
	length = snprintf(messages->at + messages->length, sizeof messages->at - messages->length,
			  "%.*s\n", (int)line.length, line.at);
	messages->length += (size_t)length;
}

/* Values as text: the key and what is set, for all that was said. */
static const char *values_text(const struct settings *settings)
{
	static char text[512];
	size_t length = 0;

	*text = 0;
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct value *value = &settings->value[id];
		const char *word = value->state == VALUE_KERNEL ? "default" : "auto";

		if (value->state == VALUE_ABSENT)
			continue;
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s ",
					   length ? ", " : "", option_table[id].key);
		length += (size_t)(value->state == VALUE_SET ?
			snprintf(text + length, sizeof text - length, "%d", value->number) :
			snprintf(text + length, sizeof text - length, "%s", word));
	}
	return text;
}

static void read_text(const char *content, size_t length, size_t piece, struct settings *settings,
		      struct messages *messages)
{
	struct complaints complaints = { take, messages, 0 };
	static struct file_reader reader;
	size_t done = 0, room;

	*settings = (struct settings){ 0 };
	*messages = (struct messages){ 0 };
	file_reader_start(&reader, settings, "FILE", &complaints);
	while (done < length) {
		char *to = file_reader_room(&reader, &room);

		ck_assert_uint_gt(room, 0);
		if (room > piece)
			room = piece;
		if (room > length - done)
			room = length - done;
		memcpy(to, content + done, room);
		file_reader_filled(&reader, room);
		done += room;
	}
	file_reader_end(&reader);
}

static const struct fixture {
	const char *name, *values, *messages;
} fixtures[] = {
	{ "good", "keepalive 1, idle 60, interval 10, count 6, user_timeout auto, rto_max 10000, "
		  "syn_count 3, defer_accept 5, max_segment 1200, window_clamp 65536", "" },
	{ "empty", "", "" },
	{ "no-newline", "idle 60, count 7", "" },
	{ "crlf", "idle 60, count 7", "" },
	{ "comments", "", "" },
	{ "letter-for-digit", "idle 60, count 7", "FILE:2: idle: \"6O\" is not a time\n" },
	{ "no-value", "count 7", "FILE:1: idle: has no value\nFILE:3: interval: has no value\n" },
	{ "no-equals", "count 7", "FILE:1: \"idle 60\" is not of the form key = value\n" },
	{ "no-key", "count 7", "FILE:1: \"60\" has no key before its =\n" },
	{ "unknown-key", "count 7", "FILE:1: \"idel\" is no key that is known here\n"
				    "FILE:3: \"IDLE\" is no key that is known here\n"
				    "FILE:4: \"TCP_KEEPIDLE\" is no key that is known here\n" },
	{ "out-of-range", "", "FILE:1: idle: \"32768\" is outside 1..32767 s\n"
			      "FILE:2: count: \"128\" is outside 1..127\n"
			      "FILE:3: interval: \"10h\" is outside 1..32767 s\n"
			      "FILE:4: user_timeout: \"2147483648\" is outside 1..2147483647 ms\n"
			      "FILE:5: rto_max: \"999\" is outside 1000..120000 ms\n" },
	{ "overflow", "", "FILE:1: idle: \"99999999999999999999\" is outside 1..32767 s\n"
			  "FILE:2: count: \"4294967303\" is outside 1..127\n" },
	{ "signs", "", "FILE:1: idle: \"-1\" is not a time\n"
		       "FILE:2: user_timeout: \"-1\" is not a time\n"
		       "FILE:3: count: \"+3\" is not a number\n" },
	{ "fraction", "user_timeout 1500",
	  "FILE:1: idle: \"1500ms\" is not a whole number of seconds\n" },
	{ "wrong-unit", "", "FILE:1: idle: \"1m\" is not a time\n"
			    "FILE:2: count: \"3s\" is not a number\n"
			    "FILE:3: keepalive: \"maybe\" is neither on nor off\n" },
	{ "two-values", "", "FILE:1: idle: \"60 70\" is not a time\n"
			    "FILE:2: count: \"7,\" is not a number\n" },
	{ "repeated", "idle 80, count default", "" },
	{ "continuation", "count 7", "FILE:1: idle: \"60 \\\" is not a time\n"
				     "FILE:2: \"70\" is not of the form key = value\n" },
	{ "quoted", "count 7", "FILE:1: idle: \"\"60\"\" is not a time\n" },
	{ "section", "idle 60",
	  "FILE:2: \"[rule database]\" begins a section, and none is known: passed over\n" },
	{ "log-off", "", "FILE:2: idle: \"6O\" is not a time\n" },
	{ "log-unknown", "count 7", "FILE:1: log: \"loud\" is not off\n" },
	{ "hash-in-value", "", "FILE:1: idle: \"60#70\" is not a time\n"
			       "FILE:2: count: \"7#\" is not a number\n"
			       "FILE:3: log: \"off#\" is not off\n" },
	{ "zero-bytes", "idle 60, interval 10",
	  "FILE:2: \"???\" is not of the form key = value\n"
	  "FILE:3: \"co?unt\" is no key that is known here\n"
	  "FILE:4: count: \"7?\" is not a number\n" },
	{ "byte-order-mark", "idle 60, count 7", "" },
	{ "control-characters", "count 7", "FILE:1: idle: \"?[31m60\" is not a time\n" },
	{ "long-line", "idle 60, interval 10, syn_count 3, max_segment 1200",
	  "FILE:2: line is too long\n"
	  "FILE:4: line is too long\n"
	  "FILE:6: \"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...\" is not of the "
	  "form key = value\n"
	  "FILE:7: \"zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz...\" is not of the "
	  "form key = value\n"
	  "FILE:8: line is too long\n" },
	{ "long-last-line", "idle 60", "FILE:2: line is too long\n" },
};

enum { FIXTURES = sizeof fixtures / sizeof *fixtures };

static char *read_fixture(const struct fixture *fixture, size_t *length)
{
	char name[96];
	static char content[65536];
	FILE *file;

	snprintf(name, sizeof name, "tests/unit/fixtures/%s.conf", fixture->name);
	file = fopen(source_path(name), "rb");
	ck_assert_ptr_nonnull(file);
	*length = fread(content, 1, sizeof content, file);
	fclose(file);
	return content;
}

START_TEST(fixture_file)
{
	static const size_t pieces[] = { 65536, 4096, 4095, 100, 7, 1 };
	const struct fixture *fixture = &fixtures[_i];
	struct messages messages;
	struct settings settings;
	size_t length;
	char *content = read_fixture(fixture, &length);

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		read_text(content, length, pieces[i], &settings, &messages);
		ck_assert_str_eq(values_text(&settings), fixture->values);
		ck_assert_str_eq(messages.at, fixture->messages);
		ck_assert_int_eq(settings.silent, !strcmp(fixture->name, "log-off"));
	}
}
END_TEST

static unsigned int columns[8];
static unsigned int column_count;

static void take_column(void *context, const struct complaint *complaint)
{
	(void)context;
	columns[column_count++] = complaint->column;
}

/* The column is that of the offending word, from 1. */
START_TEST(column_of_word)
{
	static const char content[] = "idle = 6O\n\n\tcount=x # y\n  idel = 5\n  nonsense\nidle =\n";
	struct complaints complaints = { take_column, NULL, 0 };
	struct settings settings = { 0 };
	static struct file_reader reader;
	size_t room;

	file_reader_start(&reader, &settings, "FILE", &complaints);
	memcpy(file_reader_room(&reader, &room), content, sizeof content - 1);
	file_reader_filled(&reader, sizeof content - 1);
	file_reader_end(&reader);
	ck_assert_uint_eq(column_count, 5);
	ck_assert_uint_eq(columns[0], 8);
	ck_assert_uint_eq(columns[1], 8);
	ck_assert_uint_eq(columns[2], 3);
	ck_assert_uint_eq(columns[3], 3);
	ck_assert_uint_eq(columns[4], 1);
}
END_TEST

static const struct environment_case {
	const char *variables[6];
	const char *values, *messages;
} environments[] = {
	{ { "HOME=/", "TERM=x", "LANG=C", "KEEPALIVED=1", "KEEPALIVE_IDLEX=1", "K" }, "", "" },
	{ { "KEEPALIVE_IDLE=60" }, "idle 60", "" },
	{ { "KEEPIDLE=61" }, "idle 61", "" },
	{ { "TCP_KEEPIDLE=62" }, "idle 62", "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63" }, "idle 63", "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63", "TCP_KEEPIDLE=62", "KEEPIDLE=61", "KEEPALIVE_IDLE=60" },
	  "idle 60", "" },
	{ { "KEEPALIVE_IDLE=60", "KEEPIDLE=61", "TCP_KEEPIDLE=62", "DD_TCP_KEEPALIVE_TIME=63" },
	  "idle 60", "" },
	{ { "DD_TCP_KEEPALIVE_TIME=63", "TCP_KEEPIDLE=62", "KEEPIDLE=61" }, "idle 61", "" },
	{ { "TCP_KEEPIDLE=62", "DD_TCP_KEEPALIVE_TIME=63" }, "idle 62", "" },
	{ { "KEEPALIVE_IDLE=x", "KEEPIDLE=61" }, "idle 61", "KEEPALIVE_IDLE: \"x\" is not a time\n" },
	{ { "KEEPALIVE_IDLE=default", "KEEPIDLE=61" }, "idle default", "" },
	{ { "KEEPALIVE_IDLE=", "KEEPIDLE= " }, "", "" },
	{ { "KEEPALIVE_IDLE=60", "KEEPALIVE_IDLE=70" }, "idle 60", "" },
	{ { "KEEPINTVL=5", "KEEPCNT=3" }, "interval 5, count 3", "" },
	{ { "TCP_KEEPINTVL=5", "TCP_KEEPCNT=3" }, "interval 5, count 3", "" },
	{ { "DD_TCP_KEEPALIVE_INTVL=5", "DD_TCP_KEEPALIVE_PROBES=3" }, "interval 5, count 3", "" },
	{ { "KEEPALIVE_INTERVAL=5", "KEEPALIVE_COUNT=3" }, "interval 5, count 3", "" },
	{ { "KEEPALIVE_USER_TIMEOUT=30s", "TCP_USER_TIMEOUT=4" }, "user_timeout 30000", "" },
	{ { "TCP_USER_TIMEOUT=4000" }, "user_timeout 4000", "" },
	{ { "TCP_USER_TIMEOUT=-1" }, "user_timeout auto", "" },
	{ { "TCP_USER_TIMEOUT=0" }, "user_timeout default", "" },
	{ { "KEEPALIVE_USER_TIMEOUT=-1" }, "", "KEEPALIVE_USER_TIMEOUT: \"-1\" is not a time\n" },
	{ { "TCP_USER_TIMEOUT=-2" }, "", "TCP_USER_TIMEOUT: \"-2\" is not a time\n" },
	{ { "TCP_KEEPIDLE=-1" }, "", "TCP_KEEPIDLE: \"-1\" is not a time\n" },
	{ { "KEEPALIVE_RTO_MAX=5s" }, "rto_max 5000", "" },
	{ { "KEEPALIVE_SYN_COUNT=2", "TCP_SYNCNT=3" }, "syn_count 2", "" },
	{ { "TCP_SYNCNT=3", "TCP_DEFER_ACCEPT=4", "TCP_MAXSEG=500", "TCP_WINDOW_CLAMP=6" },
	  "syn_count 3, defer_accept 4, max_segment 500, window_clamp 6", "" },
	{ { "KEEPALIVE_DEFER_ACCEPT=4", "KEEPALIVE_MAX_SEGMENT=500", "KEEPALIVE_WINDOW_CLAMP=6" },
	  "defer_accept 4, max_segment 500, window_clamp 6", "" },
	{ { "KEEPALIVE=on" }, "keepalive 1", "" },
	{ { "KEEPALIVE=off" }, "keepalive 0", "" },
	{ { "DD_USE_KEEPALIVE=0" }, "keepalive 0", "" },
	{ { "DD_USE_KEEPALIVE=0", "KEEPALIVE=on" }, "keepalive 1", "" },
	{ { "KEEPALIVE=junk" }, "", "KEEPALIVE: \"junk\" is neither on nor off\n" },
	{ { "KEEPALIVE_LOG=loud" }, "", "KEEPALIVE_LOG: \"loud\" is not off\n" },
};

enum { ENVIRONMENTS = sizeof environments / sizeof *environments };

static struct environment read_variables(const char *const *variables, size_t count,
					 struct messages *messages)
{
	struct complaints complaints = { take, messages, 0 };
	struct environment environment = { 0 };
	char *copy[8] = { 0 };

	for (size_t i = 0; i < count && variables[i]; i++)
		copy[i] = (char *)(uintptr_t)variables[i];
	environment_read(&environment, copy, &complaints);
	return environment;
}

START_TEST(variables_read)
{
	const struct environment_case *it = &environments[_i];
	struct messages messages = { 0 };
	struct environment environment = read_variables(it->variables, 6, &messages);

	ck_assert_str_eq(values_text(&environment.settings), it->values);
	ck_assert_str_eq(messages.at, it->messages);
	ck_assert_int_eq(environment_says_off(&environment), strstr(it->values, "keepalive 0") != NULL);
}
END_TEST

START_TEST(variables_of_others)
{
	const char *const variables[] = { "KEEPALIVE_CONF=a=b", "LISTEN_FDS=2", "LISTEN_PID=3",
					  "KEEPALIVE_LOG=off" };
	struct messages messages = { 0 };
	struct environment environment = read_variables(variables, 4, &messages);
	struct environment nothing = read_variables(variables, 0, &messages);

	ck_assert_str_eq(environment.file, "a=b");
	ck_assert_str_eq(environment.listen_fds, "2");
	ck_assert_str_eq(environment.listen_pid, "3");
	ck_assert(environment.settings.silent);
	ck_assert_ptr_null(nothing.file);
	ck_assert(!nothing.settings.silent);
	environment_read(&nothing, NULL, &(struct complaints){ 0 });
}
END_TEST

static void set(struct settings *settings, enum option_id id, enum value_state state, int number)
{
	settings->value[id] = (struct value){ state, number };
}

/* Environment over file over what holds by itself, option by option. */
START_TEST(precedence)
{
	struct settings environment = { 0 }, file = { 0 }, merged = { 0 };

	config_merge(&environment, &file, merged.value);
	ck_assert_str_eq(values_text(&merged), "keepalive 1");
	ck_assert(config_acts(merged.value));

	set(&environment, OPTION_IDLE, VALUE_SET, 60);
	set(&file, OPTION_IDLE, VALUE_SET, 70);
	set(&file, OPTION_COUNT, VALUE_SET, 7);
	set(&environment, OPTION_INTERVAL, VALUE_KERNEL, 0);
	set(&file, OPTION_INTERVAL, VALUE_SET, 10);
	config_merge(&environment, &file, merged.value);
	ck_assert_str_eq(values_text(&merged), "keepalive 1, idle 60, interval default, count 7");

	set(&file, OPTION_KEEPALIVE, VALUE_SET, 0);
	config_merge(&environment, &file, merged.value);
	ck_assert(!config_acts(merged.value));
	set(&environment, OPTION_KEEPALIVE, VALUE_SET, 1);
	config_merge(&environment, &file, merged.value);
	ck_assert(config_acts(merged.value));
	set(&environment, OPTION_KEEPALIVE, VALUE_KERNEL, 0);
	config_merge(&environment, &file, merged.value);
	ck_assert(config_acts(merged.value));
	ck_assert_int_eq(merged.value[OPTION_KEEPALIVE].state, VALUE_KERNEL);
}
END_TEST

static int derived(int idle, int interval, int count, const struct kernel_values *kernel)
{
	struct value value[OPTIONS] = { [OPTION_USER_TIMEOUT] = { VALUE_AUTO, 0 } };

	if (idle)
		value[OPTION_IDLE] = (struct value){ VALUE_SET, idle };
	if (interval)
		value[OPTION_INTERVAL] = (struct value){ VALUE_SET, interval };
	if (count)
		value[OPTION_COUNT] = (struct value){ VALUE_SET, count };
	ck_assert_int_eq(config_needs_kernel_values(value), !(idle && interval && count));
	config_derive(value, kernel);
	ck_assert_int_eq(value[OPTION_USER_TIMEOUT].state, VALUE_SET);
	return value[OPTION_USER_TIMEOUT].number;
}

START_TEST(user_timeout)
{
	struct kernel_values kernel;

	kernel_values_default(&kernel);
	ck_assert_int_eq(derived(60, 10, 6, &kernel), 119900);
	ck_assert_int_eq(derived(1, 1, 1, &kernel), 1900);
	ck_assert_int_eq(derived(0, 0, 0, &kernel), (7200 + 75 * 9) * 1000 - 100);
	ck_assert_int_eq(derived(60, 0, 0, &kernel), (60 + 75 * 9) * 1000 - 100);
	ck_assert_int_eq(derived(0, 10, 0, &kernel), (7200 + 10 * 9) * 1000 - 100);
	ck_assert_int_eq(derived(0, 0, 6, &kernel), (7200 + 75 * 6) * 1000 - 100);
	ck_assert_int_eq(derived(32767, 32767, 127, &kernel), 2147483647);
	kernel.number[OPTION_IDLE] = 300;
	kernel.number[OPTION_INTERVAL] = 30;
	kernel.number[OPTION_COUNT] = 5;
	ck_assert_int_eq(derived(0, 0, 0, &kernel), (300 + 30 * 5) * 1000 - 100);
}
END_TEST

/* Between the last tick but one and the last, for every combination. */
START_TEST(user_timeout_span)
{
	for (int idle = 1; idle <= 32767; idle += 1 + idle / 3)
		for (int interval = 1; interval <= 600; interval += 1 + interval / 3)
			for (int count = 1; count <= 127; count += 1 + count / 3) {
				int milliseconds = derive_user_timeout(idle, interval, count);

				ck_assert_int_gt(milliseconds, (idle + (count - 1) * interval) * 1000);
				ck_assert_int_lt(milliseconds, (idle + count * interval) * 1000);
			}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("config");
	TCase *tcase = harness_case(suite, "config", 20);

	tcase_add_loop_test(tcase, fixture_file, 0, FIXTURES);
	tcase_add_test(tcase, column_of_word);
	tcase_add_loop_test(tcase, variables_read, 0, ENVIRONMENTS);
	tcase_add_test(tcase, variables_of_others);
	tcase_add_test(tcase, precedence);
	tcase_add_test(tcase, user_timeout);
	tcase_add_test(tcase, user_timeout_span);
	return harness_run(suite);
}
