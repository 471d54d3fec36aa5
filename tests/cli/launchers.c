/* keepalive run: launchers that drop LD_PRELOAD, and an LD_PRELOAD that names another
 * libkeepalive.so. */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

enum { OURS = 125, WORDS_MAX = 14 };

#define DROPPED "it starts its program without LD_PRELOAD"
#define TOLD "printenv", "LD_PRELOAD"

/* Runs `keepalive run FLAG -- WORDS`, `flag` may be NULL, with a variable that may be NULL. */
static struct called run(const char *flag, const char *variable, const char *const *words)
{
	const char *arguments[WORDS_MAX + 4] = { "run" };
	int count = 1;

	if (flag)
		arguments[count++] = flag;
	arguments[count++] = "--";
	for (int i = 0; words[i]; i++)
		arguments[count++] = words[i];
	return call_as(NULL, (const char *const[]){ variable, NULL }, arguments);
}

/* A script in the scratch directory, by whose name it can be started there. */
static char *script(const char *name, const char *content)
{
	char *path = strdup(scratch_file(name, content));

	ck_assert_int_eq(chmod(path, 0755), 0);
	return path;
}

/* What is said is what is so: the program at the end of the line tells of its LD_PRELOAD. */
static void expect_true(const char *const *words, bool dropped)
{
	struct called called = run(NULL, NULL, words);

	ck_assert_msg(!strstr(called.output, "libkeepalive.so") == dropped, "%s: %s%s", words[0],
		      called.output, called.errors);
	ck_assert_msg(!!strstr(called.errors, DROPPED) == dropped, "%s: %s%s", words[0],
		      called.output, called.errors);
	called = run("--strict", NULL, words);
	if (!dropped) {
		expect_says(called.output, "libkeepalive.so");
		return;
	}
	expect_status(&called, OURS);
	ck_assert_str_eq(called.output, "");
}

static const struct {
	bool dropped;
	const char *words[WORDS_MAX];
} of_env[] = {
	{ false, { "env", TOLD } },
	{ false, { "env", "-v", "-u", "HOME", "A=B", TOLD } },
	{ false, { "env", "-C", "/", "--", TOLD } },
	{ false, { "env", "--unset=HOME", "--chdir=/", TOLD } },
	{ false, { "env", "-S", "printenv LD_PRELOAD" } },
	{ false, { "env", "env", "sh", "-c", "printenv LD_PRELOAD # env -i" } },
	{ true, { "env", "-i", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "nice", "-n", "5", "env", "-i", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "timeout", "-k", "5", "10s", "env", "-i", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "nohup", "setsid", "-w", "stdbuf", "-oL", "env", "-u", "LD_PRELOAD", TOLD } },
	{ false, { "nice", "-n", "5", "env", TOLD } },
	{ false, { "timeout", "10", "sh", "-c", "printenv LD_PRELOAD # env -i" } },
	{ true, { "env", "-", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "env", "--ignore-env", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "env", "-vi", "PATH=/usr/bin:/bin", TOLD } },
	{ true, { "env", "-u", "LD_PRELOAD", TOLD } },
	{ true, { "env", "-uLD_PRELOAD", TOLD } },
	{ true, { "env", "--unset=LD_PRELOAD", TOLD } },
	{ true, { "env", "--uns=LD_PRELOAD", TOLD } },
	{ true, { "env", "--u", "LD_PRELOAD", TOLD } },
	{ false, { "env", "--uns", "HOME", "--ch", "/", TOLD } },
	{ true, { "env", "--sp", "-i PATH=/usr/bin:/bin printenv LD_PRELOAD" } },
	{ true, { "env", "LD_PRELOAD=", TOLD } },
	{ true, { "env", "-S", "-i PATH=/usr/bin:/bin printenv LD_PRELOAD" } },
	{ true, { "env", "A=B", "env", "-i", "PATH=/usr/bin:/bin", TOLD } },
};

START_TEST(env)
{
	expect_true(of_env[_i].words, of_env[_i].dropped);
}
END_TEST

START_TEST(env_that_sets_it_again)
{
	const char *again = joined("LD_PRELOAD=", shim_path());

	expect_true((const char *const[]){ "env", "-i", again, "PATH=/usr/bin:/bin", TOLD, NULL },
		    false);
}
END_TEST

START_TEST(scripts)
{
	const char *dropping = script("dropping", "#!/usr/bin/env -S -i PATH=/usr/bin:/bin sh\n"
						  "printenv LD_PRELOAD\n");
	const char *other = script("other", "#!/usr/bin/env -S -u HOME sh\nprintenv LD_PRELOAD\n");
	const char *outer = script("outer", "#!/bin/sh\nprintenv LD_PRELOAD\n");

	expect_true((const char *const[]){ dropping, "x", NULL }, true);
	expect_true((const char *const[]){ "env", dropping, NULL }, true);
	expect_true((const char *const[]){ other, NULL }, false);
	expect_true((const char *const[]){ outer, NULL }, false);
}
END_TEST

static const struct {
	bool dropped;
	const char *words[WORDS_MAX];
} of_root[] = {
	{ false, { "su", "-c", "printenv LD_PRELOAD" } },
	{ false, { "su", "root", "-s", "/bin/sh", "-c", "printenv LD_PRELOAD" } },
	{ true, { "su", "-", "-c", "printenv LD_PRELOAD" } },
	{ true, { "su", "-l", "root", "-c", "printenv LD_PRELOAD" } },
	{ true, { "su", "--login", "--command", "printenv LD_PRELOAD" } },
	{ true, { "su", "-lc", "printenv LD_PRELOAD" } },
	{ false, { "su", "-w", "LD_PRELOAD", "-l", "-c", "printenv LD_PRELOAD" } },
	{ false, { "runuser", "-u", "root", "--", TOLD } },
	{ false, { "runuser", "-c", "printenv LD_PRELOAD" } },
	{ true, { "runuser", "-l", "root", "-c", "printenv LD_PRELOAD" } },
	{ true, { "runuser", "-", "root", "-c", "printenv LD_PRELOAD" } },
	{ false, { "setpriv", "--no-new-privs", TOLD } },
	{ true, { "setpriv", "--reset-env", TOLD } },
	{ true, { "sudo", "-n", TOLD } },
	{ true, { "sudo", "-n", "-E", TOLD } },
	{ false, { "sudo", "-n", "--preserve-env=LD_PRELOAD", TOLD } },
};

/* For root none of these is in secure mode. The control: without our options, by what is so alone.
 */
START_TEST(launchers_of_root)
{
	const char *const *words = of_root[_i].words;
	struct called called;
	int status;

	if (getuid())
		SKIP("for others they are set-user-ID: test_run.c has that");
	if (!have_program(words[0]))
		SKIP("%s is missing", words[0]);
	called.output = process_run_both(
		&(struct command){
			.argv = words[0][0] == 's' && words[0][2] == 'd'
					? (const char *const[]){ "sudo", "-n", "true", NULL }
				: words[0][1] == 'e'
					? (const char *const[]){ "setpriv", "true", NULL }
					: (const char *const[]){ words[0], "-c", "true", NULL } },
		&status, &called.errors);
	if (status)
		SKIP("%s does not work here: %s", words[0], called.errors);
	expect_true(words, of_root[_i].dropped);
}
END_TEST

/* Those that this machine need not have, by their words alone: a script has their name. */
static const struct {
	bool dropped;
	const char *words[WORDS_MAX];
} by_name[] = {
	{ true, { "sudo", "-u", "nobody", "prog" } },
	{ true, { "sudo", "-E", TOLD } },
	{ false, { "sudo", "--preserve-env=HOME,LD_PRELOAD", "prog" } },
	{ false, { "sudo", "LD_PRELOAD=/x/libkeepalive.so", "prog" } },
	{ true, { "doas", "prog" } },
	{ true, { "pkexec", "prog" } },
	{ true, { "systemd-run", "-u", "x", "--", "prog" } },
	{ true, { "systemd-run", "--setenv=A=B", TOLD } },
	{ false, { "systemd-run", "--user", "--scope", "prog" } },
	{ false, { "systemd-run", "-E", "LD_PRELOAD", "prog" } },
	{ false, { "systemd-run", "--setenv=LD_PRELOAD=/x.so", "prog" } },
	{ true, { "run0", "prog" } },
	{ false, { "run0", "--setenv=LD_PRELOAD", "prog" } },
	{ true, { "machinectl", "shell", "m", "/bin/prog" } },
	{ false, { "machinectl", "list" } },
	{ true, { "service", "nginx", "start" } },
	{ true, { "systemctl", "--no-block", "restart", "nginx" } },
	{ false, { "systemctl", "status", "nginx" } },
};

START_TEST(launchers_by_name)
{
	const char *const *words = by_name[_i].words;
	const char *first = script(words[0], "#!/bin/sh\necho ran\n");
	const char *argv[WORDS_MAX] = { first };
	struct called called;

	for (int i = 1; words[i]; i++)
		argv[i] = words[i];
	called = run(NULL, NULL, argv);
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "ran\n");
	ck_assert_msg(!!strstr(called.errors, DROPPED) == by_name[_i].dropped, "%s", called.errors);
	called = run("--strict", NULL, argv);
	expect_status(&called, by_name[_i].dropped ? OURS : 0);
	ck_assert_str_eq(called.output, by_name[_i].dropped ? "" : "ran\n");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("launchers");
	TCase *tcase = harness_case(suite, "launchers", 60);

	tcase_add_loop_test(tcase, env, 0, COUNT(of_env));
	tcase_add_test(tcase, env_that_sets_it_again);
	tcase_add_test(tcase, scripts);
	tcase_add_loop_test(tcase, launchers_of_root, 0, COUNT(of_root));
	tcase_add_loop_test(tcase, launchers_by_name, 0, COUNT(by_name));
	return harness_run(suite);
}
