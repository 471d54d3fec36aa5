/* Besides other preloaded libraries, in every order: all of them work. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "lib/process.h"

#define COUNTED "other: socket 6, connect 4, listen 2, accept 2, accept4 2\n"
#define ODD "other: connect 4, listen 2\n"
#define ASKED "other: dlsym was asked\n"
#define NOBODY_ASKED "other: nobody asked\n"
#define COUNTED_EARLY "other: socket 6, connect 1, listen 1, accept 1, accept4 0\n"
#define ALLOCATED "allocator: sockets were made\n"

/* Libraries in the order of LD_PRELOAD; "us" is the library itself, "copy" a copy of it. */
static const struct row {
	const char *preload;
	const char *lines;         /* that they add to the report */
	const char *control_lines; /* without us; NULL: the same */
} rows[] = {
	{ "us", "", NULL },
	{ "us copy", "", NULL },
	{ "copy us", "", NULL },
	{ "othershim us", COUNTED, NULL },
	{ "us othershim", COUNTED, NULL },
	{ "copy othershim us", COUNTED, NULL },
	{ "othershim_null us", NOBODY_ASKED, NULL },
	{ "us othershim_dlsym", NOBODY_ASKED, NULL },
	{ "othershim_malloc us", ALLOCATED, NULL },
	{ "us othershim_malloc", ALLOCATED, NULL },
	{ "othershim_odd us", ODD, NULL },
	{ "us othershim_odd", ODD, NULL },
	{ "us othershim_odd copy", ODD, NULL },
	/* dlsym is asked only where there is something that the loader alone can look into. */
	{ "us othershim_sysv", COUNTED, NULL },
	{ "us copy othershim_sysv", COUNTED, NULL },
	{ "us othershim_old", "", NULL },
	{ "us othershim_old othershim", COUNTED, NULL },
	{ "othershim_null us othershim_old", ASKED, NOBODY_ASKED },
	{ "us othershim_old othershim_null", ASKED, NOBODY_ASKED },
	{ "us othershim_old othershim_null copy", ASKED, NOBODY_ASKED },
	{ "othershim_dlsym us othershim_old", ASKED, NOBODY_ASKED },
	{ "us othershim_old othershim_dlsym", ASKED, NOBODY_ASKED },
	{ "othershim_dlsym us othershim_old copy", ASKED, NOBODY_ASKED },
	{ "othershim othershim_dlsym us othershim_old", COUNTED ASKED, NULL },
	{ "othershim_malloc us othershim_old", ALLOCATED, NULL },
	{ "us othershim_old othershim_malloc", ALLOCATED, NULL },
	{ "othershim_malloc othershim_dlsym us othershim_old", ALLOCATED ASKED,
	  ALLOCATED NOBODY_ASKED },
	{ "us othershim_old othershim_malloc othershim_dlsym", ALLOCATED ASKED,
	  ALLOCATED NOBODY_ASKED },
};

static const char *copy_of_us(void)
{
	const char *path = scratch_path("copy.so");
	struct command copy = { .argv = (const char *[]){ "cp", shim_path(), path, NULL } };
	int status;

	free(process_run(&copy, &status));
	ck_assert_int_eq(status, 0);
	return path;
}

static const char *path_of(const char *name)
{
	if (!strcmp(name, "us"))
		return shim_path();
	return strcmp(name, "copy") ? other_path(name) : copy_of_us();
}

/* LD_PRELOAD for the names, without us and our copy where `with` is false. */
static void list_paths(char *list, size_t size, const char *names, bool with)
{
	char words[128];
	size_t used = 0;

	snprintf(words, sizeof words, "%s", names);
	*list = 0;
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		if (!with && (!strcmp(word, "us") || !strcmp(word, "copy")))
			continue;
		used += (size_t)snprintf(list + used, size - used, "%s%s", used ? ":" : "",
					 path_of(word));
	}
}

/* Both runs with what is preloaded besides, and the lines of that. */
static void try_row(const struct row *row, struct trial trial, const char *program)
{
	char control[1000], with[1000], expected[4096], expected_of_control[4096], path[64];
	char kept[512]; /* paths share a few buffers */
	char *report;

	snprintf(kept, sizeof kept, "%s", program);
	snprintf(path, sizeof path, "tests/hooks/expected/%s", trial.expected);
	report = read_whole(source_path(path));
	snprintf(expected, sizeof expected, "%s%s", report, row->lines);
	snprintf(expected_of_control, sizeof expected_of_control, "%s%s", report,
		 row->control_lines ? row->control_lines : row->lines);
	list_paths(control, sizeof control, row->preload, false);
	list_paths(with, sizeof with, row->preload, true);
	trial.expected = expected;
	trial.control = expected_of_control;
	trial.control_preload = control;
	trial.preload = with;
	trial.errors = ""; /* the loader reports what it cannot preload */
	trial_compare(&trial, kept);
	free(report);
}

START_TEST(besides)
{
	const struct trial trial = { .victim = "inherit", .expected = "inherit" };

	try_row(&rows[_i], trial, victim_path());
}
END_TEST

/* Functions are looked up by a program that calls them before everybody else. */
static const struct row early_rows[] = {
	{ "us", "", NULL },
	{ "us othershim", COUNTED_EARLY, NULL },
	{ "us othershim_old othershim_dlsym", ASKED, NOBODY_ASKED },
	{ "othershim_dlsym us othershim_old", ASKED, NOBODY_ASKED },
	{ "us othershim_old othershim_malloc", ALLOCATED, NULL },
	{ "othershim_malloc us othershim_old", ALLOCATED, NULL },
};

START_TEST(before_all)
{
	const struct trial trial = { .victim = "preinit",
				     .expected = "early",
				     .environment = { "EARLY=plain" } };

	try_row(&early_rows[_i], trial, build_path("tests/hooks/early"));
}
END_TEST

/* libkeepalive 0.3 sets what both know; the user timeout is ours alone. */
START_TEST(besides_the_ancestor)
{
	char both[2][1000];
	struct trial trial = {
		.victim = "socket",
		.expected = "socket: 1 61/11/7 31000\ndescriptor: %S\nsecure mode: 0\n",
		.control = "socket: 1 61/11/7 0\ndescriptor: %S\nsecure mode: 0\n",
		.control_preload = ANCESTOR,
		.preload = both[_i],
		.environment = { "KEEPALIVE=on", "KEEPIDLE=61", "KEEPINTVL=11", "KEEPCNT=7" },
		.errors = "",
	};

	if (!have_ancestor())
		SKIP("libkeepalive 0.3 is not installed");
	snprintf(both[0], sizeof both[0], "%s:%s", ANCESTOR, shim_path());
	snprintf(both[1], sizeof both[1], "%s:%s", shim_path(), ANCESTOR);
	trial_compare(&trial, victim_path());
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("others");
	TCase *tcase = harness_case(suite, "besides", 60);

	tcase_add_loop_test(tcase, besides, 0, sizeof rows / sizeof *rows);
	tcase_add_loop_test(tcase, before_all, 0, sizeof early_rows / sizeof *early_rows);
	tcase_add_loop_test(tcase, besides_the_ancestor, 0, 2);
	return harness_run(suite);
}
