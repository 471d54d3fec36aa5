/*
 * Stock programs that put themselves into a seccomp sandbox: they live under the library, which
 * makes no system call in a sandbox that kills, and they die of it where it is told to go on.
 */
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/stock.h"

enum { SKIPPED = 77, KILLED = 128 + 31, PATIENCE = 20 };

#define ANY_SETTINGS "keepalive = on\nidle = 61\n[rule near]\nremote = 127.0.0.0/8\ncount = 7\n"
#define TRUSTED "sandboxed = on\n" ANY_SETTINGS

static char chronyd_at[256] = "chronyd";

/* quickstart only unpacks it where another program sets the clock. */
static void find_chronyd(void)
{
	const char *unpacked = build_path("unpacked/chrony/usr/sbin/chronyd");

	if (!have_program(chronyd_at) && have_program(unpacked))
		snprintf(chronyd_at, sizeof chronyd_at, "%s", unpacked);
}

/*
 * As Debian starts it (-F 1), and with one server of NTS, which is spoken to over TCP; 4.0 wants
 * its name. It leaves the clock alone (-x), and what it is not root for.
 */
#define CHRONYD                                                                                      \
	.argv = { chronyd_at, "-4", "-F", "1", "-d", "-x", "-U", "-u", "@USER@", "-f", "@CONFIG@" }, \
	.config = "server localhost nts ntsport @CONNECT@\nbindcmdaddress /\ncmdport 0\n"            \
		  "pidfile @SCRATCH@/chronyd.pid\n"

static const struct stock chronyd = {
	.name = "chronyd",
	CHRONYD,
	.settings = ANY_SETTINGS,
	.talk = { { LOGS, "Loaded seccomp filter" }, { HEAR, "\x16\x03" } }, /* TLS begins */
	.sockets = { { CLIENT, NOTHING, NOTHING } },
};

static const struct stock chronyd_trusted = {
	.name = "chronyd, trusted",
	CHRONYD,
	.settings = TRUSTED,
};

static void make_empty_folder(void)
{
	mkdir(scratch_path("empty"), 0555);
}

/*
 * Its sandbox is off by default, and does not fit today's C library: a listing of files ends the
 * session, with the library and without it. This session does not get that far.
 */
#define VSFTPD                                                                                     \
	.argv = { "vsftpd", "@CONFIG@" },                                                          \
	.config = "listen=YES\nlisten_ipv6=NO\nlisten_address=127.0.0.1\nlisten_port=@LISTEN@\n"   \
		  "background=NO\nanonymous_enable=YES\nsecure_chroot_dir=@SCRATCH@/empty\n"       \
		  "anon_root=@SCRATCH@/empty\nrun_as_launching_user=@ORDINARY@\n"                  \
		  "seccomp_sandbox=YES\n",                                                         \
	.prepare = make_empty_folder

static const struct stock vsftpd = {
	.name = "vsftpd",
	VSFTPD,
	.settings = ANY_SETTINGS,
	.talk = { { HEAR, "220" },
		  { SAY, "USER anonymous\r\n" },
		  { HEAR, "331" },
		  { SAY, "PASS nobody@localhost\r\n" },
		  { HEAR, "230" },
		  { SAY, "PASV\r\n" }, /* a socket that is made in the sandbox */
		  { HEAR, "227" } },
	.sockets = { { ACCEPTED, ON_ONLY, { 1, 61, LEFT, 7, LEFT } } },
};

static const struct stock vsftpd_trusted = {
	.name = "vsftpd, trusted",
	VSFTPD,
	.settings = TRUSTED,
	.talk = { { HEAR, "220" },
		  { SAY, "USER anonymous\r\n" },
		  { HEAR, "331" },
		  { SAY, "PASS nobody@localhost\r\n" },
		  { HEAR, "230" },
		  { SAY, "PASV\r\n" },
		  { HEAR, "500" } }, /* whom it asks for the socket has been killed */
};

START_TEST(chronyd_without_the_shim)
{
	if (!getpwuid(getuid()))
		SKIP("our user has no name");
	stock_run_client(&chronyd, false);
}
END_TEST

START_TEST(chronyd_with_the_shim)
{
	if (!getpwuid(getuid()))
		SKIP("our user has no name");
	stock_run_client(&chronyd, true);
}
END_TEST

START_TEST(chronyd_is_killed)
{
	const char *missing = stock_missing(&chronyd_trusted);
	struct act act;
	int port;

	if (missing)
		SKIP("no %s here", missing);
	if (!getpwuid(getuid()))
		SKIP("our user has no name");
	stock_listen(&port);
	stock_start_client(&act, &chronyd_trusted, true, port);
	ck_assert_int_eq(process_wait(&act.process, PATIENCE), KILLED);
}
END_TEST

START_TEST(vsftpd_without_the_shim)
{
	stock_run_server(&vsftpd, false);
}
END_TEST

START_TEST(vsftpd_with_the_shim)
{
	stock_run_server(&vsftpd, true);
}
END_TEST

START_TEST(vsftpd_is_killed)
{
	if (getuid())
		SKIP("vsftpd has one process less where it is not root");
	stock_run_server(&vsftpd_trusted, true);
}
END_TEST

/* A program of ours, for the actions that libseccomp has for calls that are not listed. */
static const struct filter {
	const char *action, *allowed;
	const char *sandboxed; /* what KEEPALIVE_SANDBOXED is */
	int status;
	const char *keepalive;
} filters[] = {
	{ "allow", NULL, "", 0, "1\n" },
	{ "log", NULL, "", 0, "1\n" },
	{ "errno", "setsockopt", "", 0, "1\n" },
	{ "errno", NULL, "", 0, "0\n" }, /* refused, which is no harm */
	{ "kill", NULL, "", 0, "0\n" },
	{ "kill-process", NULL, "", 0, "0\n" },
	{ "trap", NULL, "", 0, "0\n" },
	/* What is listed is not known to the library. */
	{ "kill", "setsockopt", "", 0, "0\n" },
	{ "kill", "setsockopt", "on", 0, "1\n" },
	{ "kill", NULL, "on", KILLED, "" },
	{ "kill-process", NULL, "on", KILLED, "" },
	{ "trap", NULL, "on", KILLED, "" },
};

START_TEST(libseccomp)
{
	const struct filter *filter = &filters[_i];
	const char *program = build_path("tests/programs/filtered");
	char sandboxed[32];
	struct command command = {
		.argv = (const char *[]){ program, filter->action, filter->allowed, NULL },
		.environment = { sandboxed },
	};
	int status;
	char *output;

	if (access(program, X_OK))
		SKIP("built without libseccomp");
	snprintf(sandboxed, sizeof sandboxed, "KEEPALIVE_SANDBOXED=%s", filter->sandboxed);
	output = process_run(&command, &status);
	if (status == SKIPPED)
		SKIP("no seccomp filter can be had here");
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(output, "0\n");
	free(output);
	command.preload = shim_path();
	output = process_run(&command, &status);
	ck_assert_int_eq(status, filter->status);
	ck_assert_str_eq(output, filter->keepalive);
	free(output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("sandboxed");
	TCase *killed = harness_case(suite, "killed", 60);

	find_chronyd();
	stock_add(suite, &chronyd, 0, chronyd_without_the_shim, chronyd_with_the_shim);
	stock_add(suite, &vsftpd, 0, vsftpd_without_the_shim, vsftpd_with_the_shim);
	tcase_add_test(killed, chronyd_is_killed);
	tcase_add_test(killed, vsftpd_is_killed);
	tcase_add_loop_test(harness_case(suite, "libseccomp", 60), libseccomp, 0,
			    sizeof filters / sizeof *filters);
	return harness_run(suite);
}
