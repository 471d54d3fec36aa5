/*
 * keepalive apply by names, which are looked up anew in each round: in a PID namespace of its own,
 * so that a name means no process of the machine's.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

/* A listener for `word`; what stands before it in each script. */
static const char listener[] = "import signal, socket\n"
			       "listener = socket.create_server(('127.0.0.1', 0))\n"
			       "print('ready', flush=True)\n"
			       "signal.pause()\n";

/* start NAME: starts one, waits until it listens, and leaves its process id in $pid. */
static const char functions[] =
	"keepalive=$1 peek=$2 python=$(python3 -c 'import sys; print(sys.executable)')\n"
	"mkfifo ready\n"
	"for name in apple pear; do\n"
	"    { echo \"#!$python\"; cat listener; } >$name && chmod +x $name\n"
	"done\n"
	"start() {\n"
	"    ./$1 >ready & pid=$!\n"
	"    read -r _ <ready\n"
	"}\n"
	"idle() {\n"
	"    $peek $1 | while read -r _ _ _ _ _ _ idle _; do [ $idle = IDLE ] || echo $idle; done\n"
	"}\n"
	"has() {\n"
	"    until [ \"$(idle $1)\" = $2 ]; do :; done\n"
	"}\n";

static const char *const as_root[] = { "unshare",      "--pid",        "--fork",
				       "--kill-child", "--mount-proc", NULL };
static const char *const as_user[] = { "unshare", "--user",       "--map-root-user", "--pid",
				       "--fork",  "--kill-child", "--mount-proc",    NULL };

enum { WORDS_MAX = 16 };

/* Runs `script` after the functions, as the first process of a namespace. */
static struct called run_apart(const char *script)
{
	const char *argv[WORDS_MAX] = { NULL };
	const char *const *apart = getuid() ? as_user : as_root;
	const char *more[] = { "sh",
			       "-eu",
			       "-c",
			       joined(functions, script),
			       "sh",
			       build_path("keepalive"),
			       build_path("tests/lib/peek"),
			       NULL };
	const char *directory = strdup(scratch_path("apart-%d", getpid()));
	struct called called;
	int count = 0;

	for (int i = 0; apart[i]; i++)
		argv[count++] = apart[i];
	for (int i = 0; more[i]; i++)
		argv[count++] = more[i];
	ck_assert_int_eq(mkdir(directory, 0755), 0);
	scratch_file(joined(strrchr(directory, '/') + 1, "/listener"), listener);
	called.output = process_run_both(&(struct command){ .argv = argv, .directory = directory },
					 &called.status, &called.errors);
	return called;
}

static bool cannot_be_apart(void)
{
	const char *argv[WORDS_MAX] = { NULL };
	const char *const *apart = getuid() ? as_user : as_root;
	int status, count = 0;
	char *errors;

	for (; apart[count]; count++)
		argv[count] = apart[count];
	argv[count] = "true";
	free(process_run_both(&(struct command){ .argv = argv }, &status, &errors));
	free(errors);
	return status != 0;
}

static void expect_output(const struct called *called, const char *output)
{
	expect_status(called, 0);
	ck_assert_msg(!strcmp(called->output, output), "%s%s", called->output, called->errors);
}

/* All of that name, and no other. */
START_TEST(all_of_a_name)
{
	struct called called;

	if (cannot_be_apart())
		SKIP("no PID namespace can be made here");
	called = run_apart("start apple; a=$pid; start apple; b=$pid; start pear; c=$pid\n"
			   "$keepalive apply apple --idle 61 --raw >/dev/null\n"
			   "echo $(idle $a) $(idle $b) $(idle $c | sed s/7200/left/)\n"
			   "$keepalive apply '[ap]*' --idle 62 --raw >/dev/null\n"
			   "echo $(idle $a) $(idle $b) $(idle $c)\n"
			   "$keepalive apply fig --idle 63 || echo $?\n");
	expect_output(&called, "61 61 left\n62 62 62\n1\n");
	expect_says(called.errors, "fig: no process has this name\n");
}
END_TEST

/* Before there is one, again after it was started again, and another besides. */
START_TEST(watching_a_name)
{
	struct called called;

	if (cannot_be_apart())
		SKIP("no PID namespace can be made here");
	called = run_apart(
		"$keepalive apply apple --watch --idle 61 -rn >table 2>errors & watcher=$!\n"
		"until grep waiting errors; do :; done\n"
		"start apple; has $pid 61; echo first\n"
		"kill $pid; wait $pid || :\n"
		"start apple; has $pid 61; echo second\n"
		"start apple; has $pid 61; echo third\n"
		"start pear; start apple; has $pid 61; echo $(idle $(($pid - 1)) | sed "
		"s/7200/left/)\n"
		"kill $watcher; wait $watcher || echo $?\n"
		"wc -l <errors; grep -c ' idle ' table\n");
	expect_output(&called, "keepalive: apple: no process has this name; waiting\n"
			       "first\nsecond\nthird\nleft\n143\n1\n4\n");
}
END_TEST

/* A process id is another matter: it ends with its process, whoever has the number later. */
START_TEST(watching_an_id)
{
	struct called called;

	if (cannot_be_apart())
		SKIP("no PID namespace can be made here");
	called = run_apart("start apple; a=$pid; start apple; b=$pid\n"
			   "$keepalive apply $a $b --watch --idle 61 >/dev/null & watcher=$!\n"
			   "has $a 61; has $b 61; kill $a; wait $a || :\n"
			   "kill -0 $watcher && kill $b; wait $b || :\n"
			   "wait $watcher; echo $?\n");
	expect_output(&called, "0\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("named");
	TCase *tests = harness_case(suite, "named", 60);

	if (!have_program("python3") || !have_program("unshare")) {
		puts("1..0 # SKIP python3 or unshare is missing");
		return 0;
	}
	tcase_add_test(tests, all_of_a_name);
	tcase_add_test(tests, watching_a_name);
	tcase_add_test(tests, watching_an_id);
	return harness_run(suite);
}
