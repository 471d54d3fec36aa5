/* The system calls that the library adds: which, where, and nowhere else. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks/drive.h"
#include "hooks/trace.h"

#define FIVE                                                                                       \
	" setsockopt SO_KEEPALIVE setsockopt TCP_KEEPIDLE setsockopt TCP_KEEPINTVL"                \
	" setsockopt TCP_KEEPCNT setsockopt TCP_USER_TIMEOUT"

/* What comes between a mark of the victim's and the next, beyond what the program does itself. */
static const struct {
	const char *mark;
	const char
		*extra; /* after the program's own calls; NULL: only options are asked for or set */
} phases[] = {
	{ "socket", FIVE },
	{ "socket of ipv6", FIVE },
	{ "socket of udp", "" },
	{ "socket of unix", "" },
	{ "socket of netlink", "" },
	{ "socket of nothing", "" },
	{ "listen", "" },
	{ "connect", "" },
	{ "accept", "" },
	{ "accept4", "" },
	{ "connect of udp", "" },
	{ "sendto", "" },
	{ "sendmsg", "" },
	{ "fast open", "" },
	{ "listen of unix", "" },
	{ "connect of unix", "" },
	{ "accept of unix", "" },
	{ "connect of past", NULL },
	{ "accept of past", NULL },
	{ "connect of past udp", NULL },
	/* Unknown descriptors are asked about each time: the next of its number may be TCP. */
	{ "connect again", NULL },
};

/* Takes the calls about options out of the text. */
static void without_options(char *calls)
{
	char kept[CALLS_MAX] = "", *word;

	for (word = strtok(calls, " "); word; word = strtok(NULL, " "))
		if (islower((unsigned char)*word) && strcmp(word, "setsockopt") &&
		    strcmp(word, "getsockopt"))
			snprintf(kept + strlen(kept), sizeof kept - strlen(kept), " %s", word);
	strcpy(calls, kept);
}

START_TEST(main_phase)
{
	static const char *const settings[] = { OURS, NULL };
	char *control = trace("calls", "", settings), *with;
	char own[CALLS_MAX], got[CALLS_MAX], expected[2 * CALLS_MAX];

	if (!control)
		SKIP("strace is not installed, or may not trace");
	with = trace("calls", shim_path(), settings);
	ck_assert_ptr_nonnull(with);
	for (size_t i = 0; i < sizeof phases / sizeof *phases; i++) {
		calls_of_phase(control, phases[i].mark, own);
		calls_of_phase(with, phases[i].mark, got);
		ck_assert_str_ne(own, "");
		snprintf(expected, sizeof expected, "%s%s", own,
			 phases[i].extra ? phases[i].extra : "");
		if (!phases[i].extra)
			without_options(got);
		expect_text(got, expected, phases[i].mark);
	}
	free(control), free(with);
}
END_TEST

/* Paths that the program opens before its first mark; the library and what it needs not counted. */
static void opened(const char *lines, char *paths)
{
	for (*paths = 0; *lines && !line_has(lines, "\"mark: "); lines = next_line(lines)) {
		char name[64], path[256];
		size_t used = strlen(paths);

		name_of(lines, name, sizeof name);
		if (!strncmp(name, "open", 4) && !line_has(lines, "libkeepalive.so\"") &&
		    sscanf(lines, "%*[^\"]\"%255[^\"]", path) == 1)
			snprintf(paths + used, CALLS_MAX - used, "%s\n", path);
	}
}

/* What is opened at the start, beyond what the program and its loader open. */
static const struct {
	enum { NO_FILE, DEFAULT_FILE, NAMED_FILE } configured, opened;
	const char *environment[2];
} starts[] = {
	{ NO_FILE, NO_FILE, { NULL } },
	{ DEFAULT_FILE, DEFAULT_FILE, { NULL } },
	{ NAMED_FILE, NAMED_FILE, { NULL } },
	{ DEFAULT_FILE, NO_FILE, { "KEEPALIVE=off" } },
	{ NAMED_FILE, NO_FILE, { "DD_USE_KEEPALIVE=0" } },
};

START_TEST(start)
{
	const char *directory = getenv("TEST_SYSCONFDIR");
	char path[3][300] = { "" }, setting[3][320] = { "KEEPALIVE_CONF=", "KEEPALIVE_CONF" };
	const char *environment[] = { setting[starts[_i].configured], starts[_i].environment[0],
				      NULL };
	char expected[2 * CALLS_MAX], got[CALLS_MAX];
	char *control, *with;

	ck_assert_ptr_nonnull(directory);
	snprintf(path[DEFAULT_FILE], sizeof path[0], "%s/libkeepalive.conf\n", directory);
	snprintf(path[NAMED_FILE], sizeof path[0], "%s\n", scratch_file("settings", "idle = 60\n"));
	snprintf(setting[NAMED_FILE], sizeof setting[0], "KEEPALIVE_CONF=%s",
		 scratch_path("settings"));
	control = trace("calls", "", environment);
	if (!control)
		SKIP("strace is not installed, or may not trace");
	with = trace("calls", shim_path(), environment);
	ck_assert_ptr_nonnull(with);
	opened(control, got);
	ck_assert_str_ne(got, "");
	snprintf(expected, sizeof expected, "%s%s", got, path[starts[_i].opened]);
	opened(with, got);
	expect_text(got, expected, setting[starts[_i].configured]);
	free(control), free(with);
}
END_TEST

/* All calls of the main phase. */
static void calls_after_start(const char *lines, char *calls)
{
	const char *begin = strstr(lines, "\"mark: ");

	ck_assert_ptr_nonnull(begin);
	for (*calls = 0; *begin; begin = next_line(begin))
		add_call(calls, begin);
}

START_TEST(switched_off)
{
	static const char *const settings[] = { "KEEPALIVE=off", OURS, NULL };
	char *control = trace("calls", "", settings), *with;
	char expected[CALLS_MAX], got[CALLS_MAX];

	if (!control)
		SKIP("strace is not installed, or may not trace");
	with = trace("calls", shim_path(), settings);
	ck_assert_ptr_nonnull(with);
	calls_after_start(control, expected);
	calls_after_start(with, got);
	expect_text(got, expected, "switched off");
	free(control), free(with);
}
END_TEST

static struct trial trials[] = {
	/* They need the kernel's headers. */
	{ .victim = "filter", .glibc_only = true },
	{ .victim = "filter", .environment = { "KEEPALIVE_OVERRIDE=on" }, .glibc_only = true },
	{ .victim = "filter child", .expected = "allocated\nchild: 0\n", .glibc_only = true },
	{ .victim = "refused", .glibc_only = true },
	{ .victim = "sandboxed /bin/true", .expected = "ended with 0\n", .glibc_only = true },
	{ .victim = "sandboxed /bin/true",
	  .expected = "ended with 0\n",
	  .file = "idle = 62\n[rule client]\nrole = client\nidle = 63\nuser_timeout = auto\n",
	  .glibc_only = true },
	{ .victim = "sandboxed /bin/true",
	  .expected = "ended with 0\n",
	  .environment = { "KEEPALIVE=off" },
	  .glibc_only = true },
	{ .victim = "own-sandbox", .glibc_only = true },
};

/* The filter does end who oversteps it. */
START_TEST(filter_is_strict)
{
	static const struct trial forbidden = { .victim = "filter forbidden" };
	enum { SKIPPED = 77, KILLED = 128 + 31 };
	struct outcome outcome = trial_run(&forbidden, victim_path(), NULL);

	if (outcome.status == SKIPPED)
		SKIP("%s", outcome.report);
	ck_assert_int_eq(outcome.status, KILLED);
	free(outcome.report), free(outcome.errors);
}
END_TEST

/* So does that of the start. */
START_TEST(start_filter_is_strict)
{
	static const struct trial forbidden = { .victim = "sandboxed /bin/sh -c :" };
	enum { SKIPPED = 77 };
	struct outcome outcome = trial_run(&forbidden, victim_path(), NULL);

	if (outcome.status == SKIPPED)
		SKIP("%s", outcome.report);
	ck_assert_str_eq(outcome.report, "killed by signal 31\n");
	free(outcome.report), free(outcome.errors);
}
END_TEST

/*
 * The same program, where it is said that its sandbox allows what the library does, which is not
 * so; and where the library does not see that there is one.
 */
static const struct {
	const char *victim, *file, *variable;
	bool killed;
} sandboxes[] = {
	{ "own-sandbox", "", "KEEPALIVE_SANDBOXED=on", true },
	{ "own-sandbox", "sandboxed = on\n", "KEEPALIVE_SANDBOXED=", true },
	{ "own-sandbox", "sandboxed = on\n", "KEEPALIVE_SANDBOXED=off", false },
	{ "own-sandbox", "sandboxed = off\n", "KEEPALIVE_SANDBOXED=on", true },
	{ "own-sandbox raw", "", "KEEPALIVE_SANDBOXED=", true },
	{ "own-sandbox raw", "", "KEEPALIVE=off", false },
};

START_TEST(trusted_sandbox)
{
	enum { SKIPPED = 77, KILLED = 128 + 31 };
	const struct trial trial = { .victim = sandboxes[_i].victim,
				     .file = scratch_file("sandbox", sandboxes[_i].file),
				     .environment = { sandboxes[_i].variable } };
	struct outcome control = trial_run(&trial, victim_path(), NULL);
	struct outcome outcome = trial_run(&trial, victim_path(), shim_path());

	if (control.status == SKIPPED)
		SKIP("%s", control.report);
	ck_assert_int_eq(control.status, 0);
	ck_assert_int_eq(outcome.status, sandboxes[_i].killed ? KILLED : 0);
	free(control.report), free(control.errors);
	free(outcome.report), free(outcome.errors);
}
END_TEST

static void write_files(void)
{
	for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
		if (trials[i].file)
			trials[i].file = strdup(scratch_file("start", trials[i].file));
}

int main(void)
{
	Suite *suite;
	TCase *tcase;

	write_files();
	suite = trial_suite("calls", trials, sizeof trials / sizeof *trials);
	tcase = harness_case(suite, "trace", 60);

	tcase_add_test(tcase, main_phase);
	tcase_add_loop_test(tcase, start, 0, sizeof starts / sizeof *starts);
	tcase_add_test(tcase, switched_off);
	tcase = harness_case(suite, "filter", 60);
	tcase_add_test(tcase, filter_is_strict);
	tcase_add_test(tcase, start_filter_is_strict);
	tcase_add_loop_test(harness_case(suite, "trusted sandbox", 60), trusted_sandbox, 0,
			    sizeof sandboxes / sizeof *sandboxes);
	return harness_run(suite);
}
