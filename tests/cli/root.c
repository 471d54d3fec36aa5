/* keepalive enable --root: the interpreters of scripts are the image's, wherever links seem to
 * lead. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

#define STATIC "it is statically linked"

static void shell(const char *line)
{
	int status;

	free(process_run(
		&(struct command){ .argv = (const char *const[]){ "sh", "-ec", line, NULL } },
		&status));
	ck_assert_int_eq(status, 0);
}

/*
 * An image whose service is a script; the interpreter is a link to an absolute path, at which the
 * machine has `outside` and the image `inside`. A shared library is to us as static programs are:
 * it has no loader.
 */
static char *make_image(const char *name, const char *line, const char *outside, const char *inside)
{
	char *image = strdup(scratch_path("%s", name)), *target = joined(image, "-target"), *script;

	ck_assert_int_ge(
		asprintf(&script,
			 "mkdir -p '%s/etc/systemd/system' '%s/usr/bin' '%s/usr/lib' '%s%s'\n"
			 "rmdir '%s%s'; cp '%s' '%s'; cp '%s' '%s%s'\n"
			 "ln -s '%s' '%s/usr/bin/interpreter'\n"
			 "printf '%s\\n' >'%s/usr/bin/service'\n"
			 "printf '[Service]\\nExecStart=/usr/bin/service\\n' "
			 ">'%s/etc/systemd/system/a.service'\n",
			 image, image, image, image, target, image, target, outside, target, inside,
			 image, target, target, image, line, image, image),
		0);
	shell(script);
	return image;
}

static const char *const lines[] = { "#!/usr/bin/interpreter -x", "#!/usr/bin/env interpreter",
				     "#!/usr/bin/env -S A=B interpreter -x" };

START_TEST(interpreter_of_the_image)
{
	char *shared = strdup(shim_path()), *dynamic = strdup(build_path("tests/hooks/victim"));
	char *image = make_image(word_of(_i), lines[_i], dynamic, shared);
	struct called called = CALL("enable", "--root", image, "a");

	expect_status(&called, 0);
	expect_says(called.errors, STATIC);
	image = make_image(joined("other-", word_of(_i)), lines[_i], shared, dynamic);
	called = CALL("enable", "--root", image, "a");
	expect_status(&called, 0);
	ck_assert_msg(!strstr(called.errors, STATIC), "%s", called.errors);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("root");
	TCase *tcase = harness_case(suite, "root", 60);

	tcase_add_loop_test(tcase, interpreter_of_the_image, 0, COUNT(lines));
	return harness_run(suite);
}
