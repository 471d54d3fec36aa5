/* The command itself: its verbs, its help, its exit statuses, and where it prints what. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/harness.h"

enum { FAILED = 1, USAGE = 2, OF_RUN = 125 };

/* What verbs take besides the option table and --help. */
#define OF_TABLES "--json", "--raw", "--noheadings", "-J", "-r", "-n"
#define OF_LOGS "--override", "--sandboxed", "--log", "--log-level"

static const struct verb {
	const char *name;
	bool settings;
	int usage_status;
	const char *flags[24];
} verbs[] = {
	{ "run", true, OF_RUN, { OF_LOGS, "--strict", "--library" } },
	{ "show",
	  false,
	  USAGE,
	  { OF_TABLES, "--all", "--children", "--output", "--sort", "--watch", "-w", "--state",
	    "--port", "--peer", "--program", "--unit", "--never", "-a", "-c", "-o" } },
	{ "audit", false, USAGE, { OF_TABLES, "--prometheus" } },
	{ "apply", true, USAGE, { OF_TABLES, "--watch", "--children", "-w", "-c" } },
	{ "check",
	  true,
	  USAGE,
	  { OF_TABLES, "--program", "--role", "--remote", "--remote-port", "--local-port" } },
	{ "explain",
	  true,
	  USAGE,
	  { OF_TABLES, "--within", "--idle-timeout", "--network", "--situation", "--details",
	    "--svg" } },
	{ "enable", true, USAGE, { OF_LOGS, "--runtime", "--root", "--library" } },
	{ "disable", false, USAGE, { "--runtime", "--root" } },
	{ "attach", true, USAGE, { "--self", "--all", "--program", "--uid", "--override" } },
	{ "detach", false, USAGE, { "--self" } },
	{ "events",
	  false,
	  USAGE,
	  { "--all", "--children", "--every", "--number", "--json", "-a", "-c", "-J" } },
};

static void expect_only_output(const struct called *called, const char *begin)
{
	expect_status(called, 0);
	ck_assert_str_eq(called->errors, "");
	ck_assert_msg(!strncmp(called->output, begin, strlen(begin)), "%.200s", called->output);
}

/* An error in our name, and nothing that a program could take for an answer. */
static void expect_error(const struct called *called, int status, const char *word)
{
	expect_status(called, status);
	ck_assert_str_eq(called->output, "");
	ck_assert_msg(!strncmp(called->errors, "keepalive: ", 11), "%.200s", called->errors);
	expect_says(called->errors, word);
}

START_TEST(alone)
{
	struct called called = call((const char *const[]){ NULL });

	expect_status(&called, USAGE);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, "Usage: keepalive VERB");
	called = CALL("");
	expect_status(&called, USAGE);
	ck_assert_str_eq(called.output, "");
}
END_TEST

/* Each verb is tried: one that is new needs a row. */
START_TEST(verbs_are_known)
{
	for (const char *const *name = verb_names(); *name; name++) {
		size_t i = 0;

		while (i < COUNT(verbs) && strcmp(verbs[i].name, *name))
			i++;
		ck_assert_msg(i < COUNT(verbs), "%s needs a row in tests/cli/usage.c", *name);
	}
}
END_TEST

START_TEST(help_of_all)
{
	static const char *const words[] = { "--help", "-h" };

	for (size_t i = 0; i < COUNT(words); i++) {
		struct called called = CALL(words[i]);

		expect_only_output(&called, "Usage: keepalive VERB");
		for (size_t k = 0; k < COUNT(verbs); k++)
			expect_says(called.output, verbs[k].name);
		called = CALL("help", "help");
		expect_only_output(&called, "Usage: keepalive VERB");
	}
}
END_TEST

START_TEST(version)
{
	struct called called = CALL("--version");

	expect_only_output(&called, "keepalive ");
	ck_assert_str_eq(strrchr(called.output, ' '), " " PACKAGE_VERSION "\n");
	called = CALL("-V");
	expect_only_output(&called, "keepalive ");
}
END_TEST

/* True if the help has a line for the flag, a long or short one. */
static bool is_listed(const char *help, const char *flag)
{
	size_t length = strlen(flag);

	for (const char *at = help; (at = strstr(at, flag)); at += length)
		if (at[-1] == ' ' && strchr(" ,[\n", at[length]))
			return true;
	return false;
}

START_TEST(help_of_verb)
{
	const struct verb *verb = &verbs[_i];
	struct called called = CALL(verb->name, "--help");
	char *begin;

	ck_assert_int_ge(asprintf(&begin, "Usage: keepalive %s ", verb->name), 0);
	expect_only_output(&called, begin);
	ck_assert_str_eq(CALL(verb->name, "-h").output, called.output);
	ck_assert(is_listed(called.output, "--help") && is_listed(called.output, "-h"));
	for (size_t i = 0; i < COUNT(verb->flags) && verb->flags[i]; i++)
		ck_assert_msg(is_listed(called.output, verb->flags[i]), "%s", verb->flags[i]);
	for (size_t id = 0; id < OPTIONS; id++)
		ck_assert_msg(is_listed(called.output, flag_of(&option_table[id])) ==
				      verb->settings,
			      "%s", option_table[id].key);
	ck_assert_int_eq(is_listed(called.output, "--config"), verb->settings);
	ck_assert(!is_listed(called.output, "--no-such-flag"));
}
END_TEST

START_TEST(errors_in_the_file)
{
	static const char *const unknown[] = {
		"--no-such-flag", "--no-such-flag=1", "-Z", "-d", "-q", "-x", "-2", "-3"
	};
	const struct verb *verb = &verbs[_i];
	struct called called;

	for (size_t i = 0; i < COUNT(unknown); i++) {
		called = CALL(verb->name, unknown[i]);
		expect_error(&called, verb->usage_status, "unknown flag");
		expect_says(called.errors, unknown[i]);
		expect_says(called.errors, "--help'.\n");
	}
	called = CALL(verb->name, "--help=1");
	expect_error(&called, verb->usage_status, "--help takes no argument");
	if (verb->settings) {
		called = CALL(verb->name, "--idle");
		expect_error(&called, verb->usage_status, "--idle needs an argument");
	}
}
END_TEST

START_TEST(unknown_verb)
{
	static const char *const words[] = { "runs", "ru", "Run", "--run", "-x", "--", "helps" };
	struct called called;

	for (size_t i = 0; i < COUNT(words); i++) {
		called = CALL(words[i], "true");
		expect_error(&called, USAGE, words[i]);
		expect_says(called.errors, "unknown verb");
	}
}
END_TEST

static const char *const full[][5] = {
	{ "--help" },
	{ "--version" },
	{ "run", "--help" },
	{ "check", "--help" },
	{ "check" },
	{ "check", "--role", "client" },
	{ "check", "--role", "client", "--json" },
};

/* Nothing that was to be printed is lost without a word. */
START_TEST(full_disk)
{
	const char *command = build_path("keepalive");
	const char *argv[COUNT(full[0]) + 5] = { "sh", "-c", "exec \"$@\" >/dev/full", "sh",
						 command };
	char *errors;
	int status;

	for (size_t i = 0; i < COUNT(full[0]) && full[_i][i]; i++)
		argv[i + 5] = full[_i][i];
	process_run_both(&(struct command){ .argv = argv }, &status, &errors);
	ck_assert_int_eq(status, FAILED);
	ck_assert_str_eq(errors, "keepalive: standard output: No space left on device\n");
	argv[2] = "exec \"$@\" >/dev/null";
	process_run_both(&(struct command){ .argv = argv }, &status, &errors);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(errors, "");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("usage");
	TCase *tcase = harness_case(suite, "usage", 60);

	tcase_add_test(tcase, alone);
	tcase_add_test(tcase, verbs_are_known);
	tcase_add_test(tcase, help_of_all);
	tcase_add_test(tcase, version);
	tcase_add_loop_test(tcase, help_of_verb, 0, COUNT(verbs));
	tcase_add_loop_test(tcase, errors_in_the_file, 0, COUNT(verbs));
	tcase_add_test(tcase, unknown_verb);
	tcase_add_loop_test(tcase, full_disk, 0, COUNT(full));
	return harness_run(suite);
}
