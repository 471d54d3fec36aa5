/* Words that are misspelt, abbreviated or ambiguous, and values that were probably not meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/harness.h"

enum { FAILED = 1, USAGE = 2, OF_RUN = 125, WORDS_MAX = 8 };

/* Fails the test unless the command refuses these words on stderr, with that in its message. */
static void expect_refused(const char *const *words, int status, const char *message)
{
	struct called called = call(words);

	expect_status(&called, status);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, message);
}

/* Names and numbers that are nobody's: a command that takes these words must not do harm either. */
static const struct {
	const char *words[WORDS_MAX];
	int status;
	const char *message;
} refused[] = {
	/* Abbreviations, with the argument apart, after a =, missing, or without any. */
	{ { "run", "--user", "1000", "true" },
	  OF_RUN,
	  "unknown flag --user; did you mean --user-timeout?\n" },
	{ { "run", "--user=1000", "true" },
	  OF_RUN,
	  "unknown flag --user=1000; did you mean --user-timeout?\n" },
	{ { "run", "--stric", "true" }, OF_RUN, "unknown flag --stric; did you mean --strict?\n" },
	{ { "apply", "2147483646", "--user", "30" }, USAGE, "unknown flag --user" },
	{ { "apply", "2147483646", "--watc" }, USAGE, "did you mean --watch?\n" },
	{ { "show", "--chil" }, USAGE, "did you mean --children?\n" },
	{ { "show", "--out" }, USAGE, "did you mean --output?\n" },
	{ { "check", "--remote-p", "80" }, USAGE, "did you mean --remote-port?\n" },
	{ { "explain", "--idle-time=350" }, USAGE, "did you mean --idle-timeout?\n" },
	{ { "enable", "no-such-unit", "--root", "/nowhere", "--run" },
	  USAGE,
	  "did you mean --runtime?\n" },
	{ { "disable", "no-such-unit", "--roo=/nowhere" }, USAGE, "did you mean --root?\n" },
	{ { "explain", "--hel" }, USAGE, "did you mean --help?\n" },
	{ { "explain", "--hel=1" }, USAGE, "did you mean --help?\n" },
	/* Misspelt. */
	{ { "explain", "--idel", "60" }, USAGE, "unknown flag --idel; did you mean --idle?\n" },
	{ { "explain", "--user_timeout=9" }, USAGE, "did you mean --user-timeout?\n" },
	{ { "explain", "--colour" }, USAGE, "unknown flag --colour\n" },
	{ { "shwo" }, USAGE, "unknown verb shwo; did you mean show?\n" },
	{ { "enabel", "nginx" }, USAGE, "unknown verb enabel; did you mean enable?\n" },
	{ { "--hlep" }, USAGE, "unknown verb --hlep; did you mean --help?\n" },
	{ { "show", "-o", "pid,sate" }, USAGE, "\"sate\" is not a column; did you mean STATE?\n" },
	{ { "show", "-o", "+colour" }, USAGE, "\"colour\" is not a column\n" },
	{ { "frobnicate" }, USAGE, "unknown verb frobnicate\n" },
	{ { "help", "explian" }, USAGE, "unknown verb explian; did you mean explain?\n" },
	/* Two meanings. */
	{ { "apply", "2147483645", "--watch", "2147483646" },
	  USAGE,
	  "--watch 2147483646 has two meanings: write --watch=2147483646, or put 2147483646 "
	  "before --watch\n" },
	{ { "apply", "2147483645", "-w", "2147483646" }, USAGE, "write --watch=2147483646" },
	{ { "apply", "--watch", "2147483646" }, USAGE, "put 2147483646 before --watch" },
};

START_TEST(refused_words)
{
	expect_refused(refused[_i].words, refused[_i].status, refused[_i].message);
}
END_TEST

/* These have one meaning. */
START_TEST(watch_with_a_number)
{
	static const char *const words[][WORDS_MAX] = {
		{ "apply", "--watch=30", "2147483646" },
		{ "apply", "2147483646", "--watch=30" },
		{ "apply", "2147483646", "--watch" },
		{ "apply", "2147483646", "--watch", "--idle", "60" },
	};
	struct called called = call(words[_i]);

	ck_assert_msg(!strstr(called.errors, "--watch"), "%s", called.errors);
	expect_status(&called, FAILED);
}
END_TEST

static void expect_help_in_each_place(const char *verb)
{
	struct called asked = CALL(verb, "--help"), called = CALL("help", verb);

	expect_status(&called, 0);
	ck_assert_str_eq(called.output, asked.output);
	expect_says(called.output, "Exit status: ");
	if (!strcmp(verb, "run"))
		return;
	expect_says(called.output, "; 2 if");
	called = CALL(verb, "2147483646", "--no-such", "-x", "--help");
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, asked.output);
	/* After -- it is an operand: events would wait for a program of that name. */
	if (!strcmp(verb, "events"))
		return;
	called = CALL(verb, "--", "--help");
	ck_assert_str_ne(called.output, asked.output);
}

START_TEST(help_in_each_place)
{
	for (const char *const *verb = verb_names(); *verb; verb++)
		expect_help_in_each_place(*verb);
}
END_TEST

START_TEST(help_of_all)
{
	struct called called = CALL("help");

	expect_status(&called, 0);
	ck_assert_str_eq(called.output, CALL("--help").output);
	expect_says(called.output, "Exit status: ");
	/* This is the program's. */
	called = CALL("run", "--", "echo", "--no-such", "--help");
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "--no-such --help\n");
}
END_TEST

/* The kernel's name of each option has words beside it, and each column of show a line. */
START_TEST(help_in_plain_words)
{
	char *show = CALL("show", "--help").output, *explain = CALL("explain", "--help").output;

	for (size_t id = 0; id < OPTIONS; id++) {
		const char *name = joined(": ", option_table[id].kernel_name);

		expect_says(show, name);
		expect_says(explain, name);
	}
	expect_says(show, "\nColumns:\n  PROGRAM ");
	expect_says(show, "\n  DETECT_DATA  ");
	expect_says(show, "\n  WINDOW_CLAMP  ");
	for (char *line = strtok(show, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 100, "%s", line);
	for (char *line = strtok(explain, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(strlen(line) <= 104, "%s", line);
}
END_TEST

/* A file's and the environment's; what is not near to anything is somebody else's. */
START_TEST(keys_and_variables)
{
	const char *const path = strdup(scratch_file("keys.conf", "idel = 60\nfrobnicate = 1\n"
								  "[rule a]\nprogramm = x\n"));
	static const char *const variables[] = { "KEEPALIVE_IDEL=60", "KEEPALIVE_PORT_80_TCP=1",
						 "KEEPALIVE_=1", "KEEPALIVE_USER_TIMEOUT=30s",
						 NULL };
	struct called called =
		call_as(NULL, variables, (const char *const[]){ "check", path, NULL });

	expect_status(&called, FAILED);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, ":1:1: \"idel\" is an unknown key; did you mean idle?\n");
	expect_says(called.errors, ":2:1: \"frobnicate\" is an unknown key\n");
	expect_says(called.errors, "; did you mean program?\n");
	expect_says(called.errors, "keepalive: KEEPALIVE_IDEL is not a variable; did you mean "
				   "KEEPALIVE_IDLE?\n");
	ck_assert(!strstr(called.errors, "PORT"));
	ck_assert(!strstr(called.errors, "KEEPALIVE_ "));
	called = call_as(NULL, variables, (const char *const[]){ "run", "true", NULL });
	expect_status(&called, 0);
	expect_says(called.errors, "did you mean KEEPALIVE_IDLE?\n");
}
END_TEST

#define DOUBT "\"30\" is 30ms; did you mean 30s? If not, write 30ms\n"

/* In what is read from flags, variables and a file; 30ms and 1000 are taken as they are. */
START_TEST(bare_milliseconds)
{
	static const char *const verb[][4] = {
		{ "check" }, { "explain" }, { "run", "true" }, { "apply", "2147483646" }
	};
	static const char *const statuses = "1001";
	const char *const words[] = { verb[_i][0], "--user-timeout", "30", verb[_i][1], NULL };
	const char *const without[] = { verb[_i][0], "--user-timeout", "30ms", verb[_i][1], NULL };
	const char *path =
		strdup(scratch_file("bare.conf", "count = 30\nuser_timeout = 30 # s?\n"));
	const char *good =
		strdup(scratch_file("unit.conf", "# user_timeout = 30\nuser_timeout = 30 ms\n"
						 "[rule a]\nuser_timeout = 1000\n"
						 "idle = 30\nuser_timeout = 0\n"));
	const char *variables[] = { "TCP_USER_TIMEOUT=30", joined("KEEPALIVE_CONF=", path), NULL };
	struct called called = call_as(NULL, variables, words);

	ck_assert_int_eq(called.status, statuses[_i] - '0');
	expect_says(called.errors, "keepalive: --user-timeout: " DOUBT);
	expect_says(called.errors, "keepalive: TCP_USER_TIMEOUT: " DOUBT);
	expect_says(called.errors, joined(path, ":2:16: user_timeout: " DOUBT));
	ck_assert(!strstr(called.output, "no errors"));
	variables[0] = joined("KEEPALIVE_CONF=", good);
	variables[1] = "KEEPALIVE_USER_TIMEOUT=1000";
	called = call_as(NULL, variables, without);
	ck_assert_msg(!strstr(called.errors, "did you mean"), "%s", called.errors);
	ck_assert_int_eq(called.status, strcmp(verb[_i][0], "apply") ? 0 : FAILED);
}
END_TEST

START_TEST(bare_milliseconds_of_enable)
{
	struct called called =
		CALL("enable", "--root", scratch(), "--user-timeout", "30", "no-such");

	expect_says(called.errors, "keepalive: --user-timeout: " DOUBT);
	called = CALL("enable", "--root", scratch(), "--user-timeout", "30ms", "no-such");
	ck_assert(!strstr(called.errors, "did you mean"));
}
END_TEST

/* The units are named where one is wrong, by the library too: test_file.c has that. */
START_TEST(wrong_units)
{
	static const char *const words[] = { "1m", "1d", "60S", "1hour" };
	struct called called = CALL("explain", "--idle", words[_i]);

	expect_status(&called, USAGE);
	expect_says(called.errors, joined(words[_i], "\" is not a time (units: ms, s, min, h)\n"));
}
END_TEST

/* Without a connection: what is wrong, for programs. */
START_TEST(errors_as_json)
{
	const char *bad = strdup(scratch_file("json.conf", "idle = 6O\nuser_timeout = 30\n"));
	const char *good = strdup(scratch_file("fine.conf", "idle = 60\n"));
	struct called called = CALL("check", bad, "-J");

	expect_status(&called, FAILED);
	ck_assert(is_json(called.output));
	compact_json(called.output);
	expect_says(called.output, joined("{\"errors\":[{\"file\":\"", bad));
	expect_says(called.output, "\"line\":1,\"column\":8,\"message\":\"idle: ");
	expect_says(called.output, "\"line\":2,\"column\":16,\"message\":\"user_timeout: ");
	called = CALL("check", "-J", good);
	expect_status(&called, 0);
	ck_assert_str_eq(compact_json(called.output), "{\"errors\":[]}");
	called = CALL("check", good, "-r");
	expect_status(&called, 0);
	ck_assert(!strstr(called.output, "no errors"));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("words");
	TCase *tcase = harness_case(suite, "words", 60);

	tcase_add_loop_test(tcase, refused_words, 0, COUNT(refused));
	tcase_add_loop_test(tcase, watch_with_a_number, 0, 4);
	tcase_add_test(tcase, help_in_each_place);
	tcase_add_test(tcase, help_of_all);
	tcase_add_test(tcase, help_in_plain_words);
	tcase_add_test(tcase, keys_and_variables);
	tcase_add_loop_test(tcase, bare_milliseconds, 0, 4);
	tcase_add_test(tcase, bare_milliseconds_of_enable);
	tcase_add_loop_test(tcase, wrong_units, 0, 4);
	tcase_add_test(tcase, errors_as_json);
	return harness_run(suite);
}
