/* The file: what is read, what is reported, which rules are kept. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "core/loader.h"
#include "lib/harness.h"
#include "lib/in_memory.h"
#include "lib/messages.h"

/* The names of the program that reads the files here. */
static const struct text *names(void)
{
	static const struct text both[PROGRAM_NAMES] = { { "psql", 4 }, { "pg_wrapper", 10 } };

	return both;
}

static const struct program program = { .names = names };

static uint64_t memory[4096];
static size_t memory_size = sizeof memory;

static void read_text(const char *text, size_t length, size_t piece, struct file_content *content,
		      struct messages *messages)
{
	struct errors errors = collect_messages(messages);
	struct loaded loaded = { .file.rules = { (unsigned char *)memory, memory_size, 0 } };

	*messages = (struct messages){ 0 };
	in_memory.piece = piece;
	load_in_memory(&loaded, NULL, text, length, program, &errors);
	*content = loaded.file;
}

static const struct fixture {
	const char *name, *values, *messages, *rules; /* NULL: none */
} fixtures[] = {
	{ "good",
	  "keepalive 1, idle 60, interval 10, count 6, user_timeout auto, rto_max 10000, "
	  "syn_count 3, defer_accept 5, max_segment 1200, window_clamp 65536",
	  "" },
	{ "empty", "", "" },
	{ "no-newline", "idle 60, count 7", "" },
	{ "crlf", "idle 60, count 7", "" },
	{ "comments", "", "" },
	{ "letter-for-digit", "idle 60, count 7",
	  "FILE:2: idle: \"6O\" is not a time (units: ms, s, min, h)\n" },
	{ "no-value", "count 7", "FILE:1: idle: has no value\nFILE:3: interval: has no value\n" },
	{ "no-equals", "count 7", "FILE:1: \"idle 60\" is not of the form key = value\n" },
	{ "no-key", "count 7", "FILE:1: \"60\" has no key before the =\n" },
	{ "unknown-key", "count 7",
	  "FILE:1: \"idel\" is an unknown key\n"
	  "FILE:3: \"IDLE\" is an unknown key\n"
	  "FILE:4: \"TCP_KEEPIDLE\" is an unknown key\n" },
	{ "out-of-range", "",
	  "FILE:1: idle: \"32768\" is outside 1..32767 s\n"
	  "FILE:2: count: \"128\" is outside 1..127\n"
	  "FILE:3: interval: \"10h\" is outside 1..32767 s\n"
	  "FILE:4: user_timeout: \"2147483648\" is outside 1..2147483647 ms\n"
	  "FILE:5: rto_max: \"999\" is outside 1000..120000 ms\n" },
	{ "overflow", "",
	  "FILE:1: idle: \"99999999999999999999\" is outside 1..32767 s\n"
	  "FILE:2: count: \"4294967303\" is outside 1..127\n" },
	{ "signs", "",
	  "FILE:1: idle: \"-1\" is not a time (units: ms, s, min, h)\n"
	  "FILE:2: user_timeout: \"-1\" is not a time (units: ms, s, min, h)\n"
	  "FILE:3: count: \"+3\" is not a number\n" },
	{ "fraction", "user_timeout 1500",
	  "FILE:1: idle: \"1500ms\" is not a whole number of seconds\n" },
	{ "wrong-unit", "",
	  "FILE:1: idle: \"1m\" is not a time (units: ms, s, min, h)\n"
	  "FILE:2: count: \"3s\" is not a number\n"
	  "FILE:3: keepalive: \"maybe\" is neither on nor off\n" },
	{ "two-values", "",
	  "FILE:1: idle: \"60 70\" is not a time (units: ms, s, min, h)\n"
	  "FILE:2: count: \"7,\" is not a number\n" },
	{ "repeated", "idle 80, count default", "" },
	{ "continuation", "count 7",
	  "FILE:1: idle: \"60 \\\" is not a time (units: ms, s, min, h)\n"
	  "FILE:2: \"70\" is not of the form key = value\n" },
	{ "quoted", "count 7", "FILE:1: idle: \"\"60\"\" is not a time (units: ms, s, min, h)\n" },
	{ "rules", "idle 60", "",
	  "4 database: both, 5 conditions, 2 settings; 12 web: server, 1 conditions, 1 settings; "
	  "18 everything: both, 0 conditions, 1 settings; 21 nothing: both, 1 conditions, 0 settings; "
	  "24 database: client, 0 conditions, 2 settings" },
	{ "programs", "", "",
	  "1 exact: both, 0 conditions, 1 settings; 7 glob: both, 0 conditions, 1 "
	  "settings; 10 as-called: both, 0 conditions, 1 settings" },
	{ "bad-sections", "count 7",
	  "FILE:2: \"[rule]\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:4: \"[rules x]\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:6: \"[rule x\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:8: \"[rule x] y\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:10: \"[rulex]\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:12: \"[rule a]b]\" is not of the form [rule NAME]; the rule is ignored\n"
	  "FILE:14: \"[]\" is not of the form [rule NAME]; the rule is ignored\n",
	  "16 good: both, 0 conditions, 1 settings" },
	{ "bad-conditions", "",
	  "FILE:2: remote: \"10.0.0\" is not an address or network; the rule is ignored\n"
	  "FILE:6: remote_port: \"0\" is not a port or a range of ports; the rule is ignored\n"
	  "FILE:10: local_port: \"8080,8081\" is not a port or a range of ports; the rule is ignored\n"
	  "FILE:14: role: \"clients\" is neither client nor server; the rule is ignored\n"
	  "FILE:18: remote: has no value; the rule is ignored\n"
	  "FILE:22: \"remtoe\" is an unknown key; the rule is ignored\n"
	  "FILE:26: \"remote 10.0.0.0/8\" is not of the form key = value; the rule is ignored\n"
	  "FILE:30: program: has no value; the rule is ignored\n"
	  "FILE:34: remote: \"10.0.0.0/33\" is not an address or network; the rule is ignored\n",
	  "37 last: both, 1 conditions, 1 settings" },
	{ "bad-settings", "",
	  "FILE:3: idle: \"6O\" is not a time (units: ms, s, min, h)\n"
	  "FILE:5: override: \"maybe\" is neither on nor off\n"
	  "FILE:6: \"log\" is allowed only above the first [rule]\n"
	  "FILE:7: \"sandboxed\" is allowed only above the first [rule]\n",
	  "1 a: both, 1 conditions, 1 settings" },
	/* What may have been meant for a rule holds for nothing. */
	{ "conditions-above", "count 3",
	  "FILE:2: \"remote\" is allowed only in a [rule]; the rule is ignored\n",
	  "5 r: both, 0 conditions, 1 settings" },
	{ "broken-section", "count 3",
	  "FILE:2: \"rule database]\" is not of the form key = value; the rule is ignored\n"
	  "FILE:6: \"\xc2\xa0[rule web]\" is not of the form key = value; the rule is ignored\n",
	  "9 r: both, 0 conditions, 1 settings" },
	{ "tabs", "idle 60", "", "2 database: both, 2 conditions, 1 settings" },
	{ "late-byte-order-mark", "idle 60", "FILE:2: \"???count\" is an unknown key\n" },
	{ "open-section", "count 3",
	  "FILE:2: \"[rule ab\" is not of the form [rule NAME]; the rule is ignored\n" },
	{ "section-with-equals", "count 3",
	  "FILE:2: \"\xc2\xa0[rule a\" is an unknown key; the rule is ignored\n",
	  "4 r: both, 0 conditions, 1 settings" },
	{ "long-broken-section", "count 3", "FILE:2: line is too long; the rule is ignored\n",
	  "4 r: both, 0 conditions, 1 settings" },
	{ "long-bracket-in-value", "idle 60", "FILE:1: line is too long\n" },
	{ "long-first-comment", "idle 60", "" },
	{ "long-section", "count 3", "FILE:2: line is too long; the rule is ignored\n",
	  "4 r: both, 0 conditions, 1 settings" },
	{ "long-line-in-rule", "", "FILE:2: line is too long; the rule is ignored\n",
	  "4 b: both, 0 conditions, 1 settings" },
	{ "override-and-log", "override 1",
	  "FILE:3: log_level: \"loud\" is not error, info or debug\n"
	  "FILE:5: sandboxed: \"perhaps\" is neither on nor off\n" },
	{ "log-off", "", "FILE:2: idle: \"6O\" is not a time (units: ms, s, min, h)\n" },
	{ "log-unknown", "count 7",
	  "FILE:1: log: \"loud\" is not off, stderr, syslog or an absolute "
	  "path\n" },
	{ "hash-in-value", "",
	  "FILE:1: idle: \"60#70\" is not a time (units: ms, s, min, h)\n"
	  "FILE:2: count: \"7#\" is not a number\n"
	  "FILE:3: log: \"off#\" is not off, stderr, syslog or an absolute "
	  "path\n" },
	{ "zero-bytes", "idle 60, interval 10",
	  "FILE:2: \"???\" is not of the form key = value\n"
	  "FILE:3: \"co?unt\" is an unknown key\n"
	  "FILE:4: count: \"7?\" is not a number\n" },
	{ "byte-order-mark", "idle 60, count 7", "" },
	{ "control-characters", "count 7",
	  "FILE:1: idle: \"?[31m60\" is not a time (units: ms, s, min, h)\n" },
	{ "long-line", "idle 60, interval 10, syn_count 3, max_segment 1200",
	  "FILE:2: line is too long\n"
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

/* "LINE NAME: ROLES, N conditions, N settings; ..." */
static const char *rules_text(const struct rules *rules)
{
	static const char *const roles[] = { "nobody", "client", "server", "both" };
	static char text[2048];
	size_t length = 0;

	*text = 0;
	for (const struct rule *rule = rule_next(rules, NULL); rule; rule = rule_next(rules, rule))
		length += (size_t)snprintf(text + length, sizeof text - length,
					   "%s%u %.*s: %s, %u conditions, %u settings",
					   length ? "; " : "", rule->line,
					   (int)rule_name(rule).length, rule_name(rule).at,
					   roles[rule->roles], rule->conditions, rule->settings);
	return text;
}

START_TEST(fixture_file)
{
	static const size_t pieces[] = { 65536, 4096, 4095, 100, 7, 1 };
	const struct fixture *fixture = &fixtures[_i];
	struct messages messages;
	struct file_content content;
	size_t length;
	char *text = read_fixture(fixture, &length);

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		read_text(text, length, pieces[i], &content, &messages);
		ck_assert_str_eq(values_text(&content.globals), fixture->values);
		ck_assert_str_eq(messages.at, fixture->messages);
		ck_assert_str_eq(rules_text(&content.rules), fixture->rules ? fixture->rules : "");
	}
}
END_TEST

/* A second file begins anew; nothing of the first is left. */
START_TEST(read_again)
{
	static const char text[] = "idle = 60\noverride = on\nlog = /tmp/x\nlog_level = debug\n"
				   "[rule a]\nidle = 5\nlong";
	struct file_content content = { .rules = { (unsigned char *)memory, sizeof memory, 0 } };
	struct errors errors = { 0 };
	static struct file_reader reader;
	size_t room;

	file_reader_start(&reader, &content, "FILE", &program, &errors);
	memcpy(file_reader_room(&reader, &room), text, sizeof text - 1);
	file_reader_filled(&reader, sizeof text - 1);
	ck_assert_uint_gt(content.rules.used, 0);
	file_reader_start(&reader, &content, "FILE", &program, &errors);
	memcpy(file_reader_room(&reader, &room), "count = 7", 9);
	ck_assert_uint_eq(room, FILE_LINE_MAX + 1);
	file_reader_filled(&reader, 9);
	file_reader_end(&reader);
	file_reader_end(&reader);
	ck_assert_str_eq(values_text(&content.globals), "count 7");
	ck_assert_int_eq(content.logging.target, LOG_UNSET);
	ck_assert_int_eq(content.logging.level, LEVEL_UNSET);
	ck_assert_uint_eq(content.rules.used, 0);
	ck_assert_uint_eq(content.globals.value[OPTION_COUNT].line, 1);
	ck_assert_uint_eq(errors.count, 0);
}
END_TEST

static unsigned int columns[8];
static unsigned int column_count;

static void take_column(void *context, const struct error *error)
{
	(void)context;
	columns[column_count++] = error->column;
}

/* The column is that of the offending word, from 1. */
START_TEST(column_of_word)
{
	static const char text[] = "idle = 6O\n\n\tcount=x # y\n  idel = 5\n  nonsense\nidle =\n";
	struct errors errors = { take_column, NULL, 0 };
	struct file_content content = { .rules = { (unsigned char *)memory, memory_size, 0 } };
	static struct file_reader reader;
	size_t room;

	file_reader_start(&reader, &content, "FILE", &program, &errors);
	memcpy(file_reader_room(&reader, &room), text, sizeof text - 1);
	file_reader_filled(&reader, sizeof text - 1);
	file_reader_end(&reader);
	ck_assert_uint_eq(column_count, 5);
	ck_assert_uint_eq(columns[0], 8);
	ck_assert_uint_eq(columns[1], 8);
	ck_assert_uint_eq(columns[2], 3);
	ck_assert_uint_eq(columns[3], 3);
	ck_assert_uint_eq(columns[4], 1);
}
END_TEST

/* Whom a file may belong to, and who may write to it. */
START_TEST(files_that_are_refused)
{
	enum { NOBODY = 65534, LARGE = FILE_MAX + 1 };
	static const struct {
		struct file_facts facts;
		enum error_code code;
	} row[] = {
		{ { true, S_IFREG | 0644, 0, 1000, 10 }, ERROR_NONE },
		{ { true, S_IFREG | 0600, 1000, 1000, FILE_MAX }, ERROR_NONE },
		{ { true, S_IFREG | 0755, 0, 0, 10 }, ERROR_NONE },
		{ { true, S_IFREG | 0646, 0, 1000, 10 }, ERROR_WRITABLE },
		{ { true, S_IFREG | 0666, 1000, 1000, 10 }, ERROR_WRITABLE },
		{ { true, S_IFREG | 0664, 1000, 1000, 10 }, ERROR_GROUP_WRITABLE },
		{ { true, S_IFREG | 0660, 0, 0, 10 }, ERROR_GROUP_WRITABLE },
		{ { false, S_IFREG | 0664, NOBODY, 1000, 10 }, ERROR_GROUP_WRITABLE },
		{ { true, S_IFREG | 0644, 1001, 1000, 10 }, ERROR_OWNER },
		{ { true, S_IFREG | 0644, 1001, 0, 10 }, ERROR_OWNER },
		/* In a user namespace root's file seems to be this one's; that of another could
		   too. */
		{ { false, S_IFREG | 0644, NOBODY, 1000, 10 }, ERROR_NONE },
		{ { true, S_IFREG | 0644, NOBODY, 1000, 10 }, ERROR_OWNER },
		{ { false, S_IFREG | 0644, 1001, 1000, 10 }, ERROR_OWNER },
		{ { true, S_IFDIR | 0755, 0, 1000, 10 }, ERROR_NOT_A_FILE },
		{ { true, S_IFIFO | 0644, 0, 1000, 0 }, ERROR_NOT_A_FILE },
		{ { false, S_IFREG | 0644, 0, 1000, LARGE }, ERROR_LARGE_FILE },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++)
		ck_assert_msg(file_refused(&row[i].facts) == row[i].code, "row %zu", i);
}
END_TEST

START_TEST(files_that_do_not_open)
{
	ck_assert_int_eq(file_open_error(ENOENT, true), ERROR_NO_FILE);
	ck_assert_int_eq(file_open_error(ENOTDIR, true), ERROR_NO_FILE);
	ck_assert_int_eq(file_open_error(ENOENT, false), ERROR_NONE);
	ck_assert_int_eq(file_open_error(EACCES, false), ERROR_NO_PERMISSION);
	ck_assert_int_eq(file_open_error(EPERM, true), ERROR_NO_PERMISSION);
	ck_assert_int_eq(file_open_error(EMFILE, false), ERROR_UNREADABLE);
}
END_TEST

/* A line of 4095 bytes is read, one of 4096 is not; with and without its end, in all pieces. */
START_TEST(length_of_line)
{
	static const size_t pieces[] = { 1, 7, 4095, 4096, 8192 };
	static char text[8192];

	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
		for (size_t length = FILE_LINE_MAX - 1; length <= FILE_LINE_MAX + 1; length++)
			for (int end = 0; end <= 1; end++) {
				bool fits = length <= 4095;
				struct messages messages;
				struct file_content content;

				memset(text, ' ', length);
				memcpy(text, "idle = 60", 9);
				strcpy(text + length, end ? "\ncount = 7" : "");
				read_text(text, strlen(text), pieces[i], &content, &messages);
				ck_assert_str_eq(messages.at,
						 fits ? "" : "FILE:1: line is too long\n");
				ck_assert_str_eq(values_text(&content.globals),
						 fits ? (end ? "idle 60, count 7" : "idle 60")
						      : (end ? "count 7" : ""));
			}
}
END_TEST

/* The longest name of a rule that a line can hold is kept whole. */
START_TEST(length_of_name)
{
	static char text[FILE_LINE_MAX + 32] = "[rule ";
	struct messages messages;
	struct file_content content;
	const struct rule *rule;

	memset(text + 6, 'n', FILE_LINE_MAX - 7);
	strcpy(text + FILE_LINE_MAX - 1, "]\nidle = 60\n");
	read_text(text, strlen(text), 8192, &content, &messages);
	ck_assert_str_eq(messages.at, "");
	rule = rule_next(&content.rules, NULL);
	ck_assert_uint_eq(rule_name(rule).length, FILE_LINE_MAX - 7);
	ck_assert_int_eq(memcmp(rule_name(rule).at, text + 6, FILE_LINE_MAX - 7), 0);
	ck_assert_uint_eq(rule->settings, 1);
}
END_TEST

/* What the log may be, and that a word that is refused changes nothing. */
START_TEST(words_for_log)
{
	struct logging logging = { LOG_SYSLOG, LEVEL_DEBUG, "" }, other = { 0 };
	char path[LOG_PATH_SIZE + 1] = "/";

	ck_assert_int_eq(LOG_PATH_SIZE, 255 + 1);
	memset(path + 1, 'p', 255);
	ck_assert_int_eq(log_parse((struct text){ path, 256 }, &logging), ERROR_LOG);
	ck_assert_int_eq(log_parse(text_of("log"), &logging), ERROR_LOG);
	ck_assert_int_eq(log_parse(text_of("OFF"), &logging), ERROR_LOG);
	ck_assert_int_eq(log_parse((struct text){ "/a\0b", 4 }, &logging), ERROR_LOG);
	ck_assert_int_eq(log_parse((struct text){ "/", 0 }, &logging), ERROR_LOG);
	ck_assert_int_eq(log_level_parse(text_of("Error"), &logging), ERROR_LOG_LEVEL);
	ck_assert_int_eq(logging.target, LOG_SYSLOG);
	ck_assert_int_eq(logging.level, LEVEL_DEBUG);
	ck_assert_str_eq(logging.path, "");
	ck_assert_int_eq(log_parse((struct text){ path, 255 }, &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_FILE);
	ck_assert_uint_eq(strlen(logging.path), 255);
	ck_assert_int_eq(log_parse((struct text){ "/abc", 2 }, &logging), ERROR_NONE);
	ck_assert_str_eq(logging.path, "/a");
	/* Only what is said is put over it. */
	logging_merge(&logging, &other);
	ck_assert_int_eq(logging.target, LOG_FILE);
	ck_assert_int_eq(logging.level, LEVEL_DEBUG);
	other = (struct logging){ LOG_FILE, LEVEL_ERROR, "/b" };
	logging_merge(&logging, &other);
	ck_assert_str_eq(logging.path, "/b");
	memset(other.path + 1, 'q', 254);
	logging_merge(&logging, &other);
	ck_assert_str_eq(logging.path, other.path);
	ck_assert_int_eq(logging.level, LEVEL_ERROR);
	ck_assert_int_eq(log_parse(text_of("off"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_OFF);
	ck_assert_int_eq(log_parse(text_of("/dev/stderr"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_STDERR);
	ck_assert_int_eq(log_parse(text_of("/dev/stderrx"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_FILE);
	ck_assert_int_eq(log_parse(text_of("stderr"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_STDERR);
	ck_assert_int_eq(log_parse(text_of("syslog"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.target, LOG_SYSLOG);
	ck_assert_int_eq(log_level_parse(text_of("info"), &logging), ERROR_NONE);
	ck_assert_int_eq(logging.level, LEVEL_INFO);
}
END_TEST

/* In memory of each size up to what a file needs: the rules that fit are kept, and none is halved.
 */
START_TEST(memory_for_rules)
{
	static const char text[] =
		"[rule one]\nremote = 10.0.0.1\nremote_port = 80\nidle = 5\ncount = 3\n"
		"[rule two]\nlocal_port = 80\noverride = on\n";
	unsigned char *bytes = (unsigned char *)memory;
	enum { MOST = 512, AREA = 1024, UNTOUCHED = 0xa5 };
	size_t both = SIZE_MAX, touched = 0;

	for (size_t size = 0; size <= MOST; size++) {
		struct file_content content = { .rules = { bytes, size, 0 } };
		struct errors errors = { 0 };
		static struct file_reader reader;
		unsigned int count = 0;
		size_t room;

		memset(bytes, UNTOUCHED, AREA);
		file_reader_start(&reader, &content, "FILE", &program, &errors);
		memcpy(file_reader_room(&reader, &room), text, sizeof text - 1);
		file_reader_filled(&reader, sizeof text - 1);
		file_reader_end(&reader);
		for (const struct rule *rule = rule_next(&content.rules, NULL); rule;
		     rule = rule_next(&content.rules, rule))
			count++;
		ck_assert_uint_eq(count + errors.count, 2);
		ck_assert_uint_le(content.rules.used, size);
		for (size_t i = size; i < AREA; i++)
			touched += bytes[i] != UNTOUCHED;
		/* The first size that has room for both has not a byte to spare. */
		if (count == 2 && both == SIZE_MAX)
			ck_assert_uint_eq(both = content.rules.used, size);
		ck_assert(both == SIZE_MAX || count == 2);
	}
	ck_assert_uint_eq(touched, 0);
	ck_assert_uint_lt(both, MOST);
}
END_TEST

/* Whatever the room for rules: each is there with all that it has, or is not there at all. */
START_TEST(little_memory)
{
	static const char text[] =
		"[rule first]\nremote = 10.0.0.0/8 fd00::/8\nremote_port = 80\n"
		"idle = 1\ncount = 2\noverride = on\n"
		"[rule second]\nremote_port = 81 82 83\n[rule third]\nidle = 3\n";
	static const char *const whole[] = { "1 first: both, 3 conditions, 3 settings",
					     "7 second: both, 3 conditions, 0 settings",
					     "9 third: both, 0 conditions, 1 settings" };
	struct file_content content;
	struct messages messages;
	char got[512];
	int all = 0;

	for (memory_size = 0; memory_size <= 1024; memory_size++) {
		int rules = 0, errors = 0;

		read_text(text, sizeof text - 1, sizeof text, &content, &messages);
		ck_assert_uint_le(content.rules.used, memory_size);
		snprintf(got, sizeof got, "%s", rules_text(&content.rules));
		for (char *rule = strtok(got, ";"); rule; rule = strtok(NULL, ";"), rules++) {
			const char *begin = rule + strspn(rule, " ");

			ck_assert_msg(!strcmp(begin, whole[0]) || !strcmp(begin, whole[1]) ||
					      !strcmp(begin, whole[2]),
				      "%zu bytes: %s", memory_size, begin);
		}
		for (const char *at = messages.at; (at = strstr(at, "memory for rules")); at++)
			errors++;
		ck_assert_msg(rules + errors == 3, "%zu bytes: %d, %s", memory_size, rules,
			      messages.at);
		all += rules == 3;
	}
	memory_size = sizeof memory;
	ck_assert_int_gt(all, 0);
	ck_assert_int_lt(all, 1000);
}
END_TEST

/* Every setting knows its line. */
START_TEST(lines_of_settings)
{
	char text[1024] = "#\n";
	size_t length = 2;
	struct file_content content;
	struct messages messages;

	for (size_t id = 0; id < OPTIONS; id++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s = default\n",
					   option_table[id].key);
	length += (size_t)snprintf(text + length, sizeof text - length, "override = on\n");
	read_text(text, length, length, &content, &messages);
	for (unsigned int id = 0; id < OPTIONS; id++)
		ck_assert_uint_eq(content.globals.value[id].line, id + 2);
	ck_assert_uint_eq(content.globals.override.line, OPTIONS + 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("file");
	TCase *tcase = harness_case(suite, "file", 20);

	tcase_add_loop_test(tcase, fixture_file, 0, FIXTURES);
	tcase_add_test(tcase, read_again);
	tcase_add_test(tcase, column_of_word);
	tcase_add_test(tcase, length_of_line);
	tcase_add_test(tcase, length_of_name);
	tcase_add_test(tcase, words_for_log);
	tcase_add_test(tcase, memory_for_rules);
	tcase_add_test(tcase, little_memory);
	tcase_add_test(tcase, lines_of_settings);
	tcase_add_test(tcase, files_that_are_refused);
	tcase_add_test(tcase, files_that_do_not_open);
	return harness_run(suite);
}
