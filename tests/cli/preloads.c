/* keepalive run: an LD_PRELOAD that names a libkeepalive.so already, and several of that name. */
#define _GNU_SOURCE
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

enum { OURS = 125 };

/* Another file of that name, a copy of the library: how it is named in LD_PRELOAD, and found. */
static char *other_library(void)
{
	char *path;

	if (mkdir(scratch_path("another"), 0755))
		return strdup(scratch_path("another/libkeepalive.so"));
	path = strdup(scratch_path("another/libkeepalive.so"));
	free(process_run(
		&(struct command){ .argv = (const char *const[]){ "cp", shim_path(), path, NULL } },
		&(int){ 0 }));
	return path;
}

/* One run with LD_PRELOAD and, where it is not NULL, LD_LIBRARY_PATH. */
static struct called preloaded(const char *preload, const char *directory, const char *flag)
{
	const char *argv[] = { build_path("keepalive"),
			       "run",
			       "--idle",
			       "61",
			       flag ? flag : "--count=7",
			       "--",
			       victim(),
			       "socket",
			       NULL };
	const struct command command = {
		.argv = argv,
		.preload = preload,
		.environment = { directory ? joined("LD_LIBRARY_PATH=", directory) : NULL }
	};
	struct called called;

	called.output = process_run_both(&command, &called.status, &called.errors);
	return called;
}

START_TEST(another_library)
{
	const char *other = other_library(), *directory = strdup(scratch_path("another"));
	const char *const ways[][2] = { { other, NULL }, { "libkeepalive.so", directory } };

	for (size_t i = 0; i < COUNT(ways); i++) {
		struct called called = preloaded(ways[i][0], ways[i][1], NULL);

		expect_status(&called, 0);
		expect_says(called.errors,
			    joined("keepalive: LD_PRELOAD: the loader loads ", other));
		called = preloaded(ways[i][0], ways[i][1], "--strict");
		expect_status(&called, OURS);
		ck_assert_str_eq(called.output, "");
	}
}
END_TEST

/* By its path, by a link, and found by the loader; a later one of that name counts for nothing. */
START_TEST(the_library_itself)
{
	const char *own = strdup(build_path(".libs/libkeepalive.so")), *other = other_library();
	const char *link = strdup(scratch_path("link.%d", getpid()));
	const char *linked = joined(link, "/libkeepalive.so");
	const char *directory = strndup(own, (size_t)(strrchr(own, '/') - own));
	const char *const ways[][2] = { { own, NULL },
					{ linked, NULL },
					{ "libkeepalive.so", directory },
					{ joined(own, joined(":", other)), NULL } };

	ck_assert_int_eq(symlink(directory, link), 0);
	for (size_t i = 0; i < COUNT(ways); i++) {
		struct called called = preloaded(ways[i][0], ways[i][1], "--strict");

		expect_status(&called, 0);
		ck_assert_str_eq(called.errors, "");
		expect_says(called.output, "socket: 1 61/");
	}
}
END_TEST

/* The loader goes on without it, and so does the program with ours. */
START_TEST(library_that_is_not_there)
{
	static const char *const words[] = { "/nowhere/libkeepalive.so", "libkeepalive.so" };
	struct called called = preloaded(words[_i], "/nowhere", NULL);

	expect_status(&called, 0);
	/* An installed one, such as that of libkeepalive 0.3, is found by its bare name. */
	if (!strstr(called.errors, "keepalive: LD_PRELOAD: the loader loads /")) {
		expect_says(called.output, "socket: 1 61/");
		expect_says(called.errors, "keepalive: LD_PRELOAD: the loader does not find the "
					   "libkeepalive.so in it; ");
		expect_says(called.errors, "is added\n");
	}
	called = preloaded(words[_i], "/nowhere", "--strict");
	expect_status(&called, OURS);
	ck_assert_str_eq(called.output, "");
}
END_TEST

/* A third file of its name, as libkeepalive 0.3 has one in lib/, hides no library; nor does one for
 * another processor. */
START_TEST(library_of_the_other_abi)
{
	const char *root = strdup(scratch_path("abi")), *program = joined(root, "/program");
	const char *command = joined(root, "/bin/keepalive");
	char *line, *errors;
	int status;

	ck_assert_int_ge(
		asprintf(&line,
			 "cd '%s'; mkdir bin lib lib32 lib/x86_64-linux-gnu lib/aarch64-linux-gnu\n"
			 "cp '%s' bin/\n"
			 "cp '%s' lib/x86_64-linux-gnu/; cp '%s' lib/",
			 root, build_path("keepalive"), shim_path(), shim_path()),
		0);
	ck_assert_int_eq(mkdir(root, 0755), 0);
	free(process_run(
		&(struct command){ .argv = (const char *const[]){ "sh", "-ec", line, NULL } },
		&status));
	ck_assert_int_eq(status, 0);
	write_32bit_program(joined(root, "/lib/aarch64-linux-gnu/libkeepalive.so"), EM_ARM,
			    "/nowhere/ld-linux.so.3");
	write_32bit_program(joined(root, "/lib32/libkeepalive.so"), EM_386,
			    "/nowhere/ld-linux.so.2");
	write_32bit_program(program, EM_386, "/nowhere/ld-linux.so.2");
	free(process_run_both(
		&(struct command){ .argv = (const char *const[]){ command, "run", "--strict",
								  program, NULL } },
		&status, &errors));
	ck_assert_msg(!strstr(errors, "another architecture"), "%s", errors);
	ck_assert_int_ne(status, OURS);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("preloads");
	TCase *tcase = harness_case(suite, "preloads", 60);

	tcase_add_test(tcase, another_library);
	tcase_add_test(tcase, the_library_itself);
	tcase_add_test(tcase, library_of_the_other_abi);
	tcase_add_loop_test(tcase, library_that_is_not_there, 0, 2);
	return harness_run(suite);
}
