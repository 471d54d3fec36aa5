/* Programs without a C library, into which glibc's and musl's loaders map the library, too. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/nolibc.h"
#include "lib/process.h"

static const struct {
	const char *program;
	const char *output;
} rows[] = {
	{ "nolibc", "alive\n" },
	{ "nolibc-library", "alive\ngot a socket\n" },
	{ "nolibc-musl", "alive\n" },
	{ "nolibc-library-musl", "alive\ngot a socket\n" },
};

static const char *default_file(void)
{
	static char path[300];
	const char *directory = getenv("TEST_SYSCONFDIR");

	snprintf(path, sizeof path, "%s/libkeepalive.conf", directory ? directory : "/etc");
	return path;
}

/*
 * What the program prints, at the end of which it has to be well; nothing on stderr. Without a C
 * library there is no environment that could be read, so the default file is looked for.
 */
static void expect_output(const char *program, const char *preload, const char *expected)
{
	const struct command command = {
		.argv = (const char *[]){ program, NULL },
		.preload = preload,
		.environment = { OURS, "KEEPALIVE_SYN_COUNT=x" },
	};
	char *output, *errors;
	int status;

	output = process_run_both(&command, &status, &errors);
	ck_assert_msg(status == 0, "%s: status %d: %s", preload ? "trial" : "control", status,
		      errors);
	expect_text(output, expected, preload ? "trial" : "control");
	if (access(default_file(), F_OK))
		expect_text(errors, "", preload ? "errors, trial" : "errors, control");
	free(output), free(errors);
}

START_TEST(without_libc)
{
	char relative[80];
	const char *program;

	snprintf(relative, sizeof relative, "tests/hooks/%s", rows[_i].program);
	program = build_path(relative);
#ifndef NOLIBC_MACHINE
	SKIP("no way to the kernel is known for this machine");
#endif
	if (access(program, X_OK))
		SKIP("built without musl-gcc");
	expect_output(program, NULL, rows[_i].output);
	expect_output(program, shim_path(), rows[_i].output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loaders");

	tcase_add_loop_test(harness_case(suite, "without libc", 60), without_libc, 0,
			    sizeof rows / sizeof *rows);
	return harness_run(suite);
}
