/* Settings that cannot be read, and files that are refused: said at the start, and passed over. */
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/drive.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define SOCKET(values) "socket: " values "\ndescriptor: %S\nsecure mode: 0\n"

/* One line each, and the program goes on with all the others. */
static const struct {
	const char *file; /* its content; NULL: none is named */
	struct trial trial;
} bad_settings[] = {
	{ NULL,
	  { .environment = { "KEEPALIVE_USER_TIMEOUT=6O" },
	    .errors =
		    "libkeepalive: KEEPALIVE_USER_TIMEOUT: \"6O\" is not a time (units: ms, s, min, h)\n",
	    .expected = SOCKET("1 61/11/7 0") } },
	{ NULL,
	  { .environment = { "KEEPALIVE_SYN_COUNT=128", "KEEPALIVE_LOG=loud" },
	    .errors =
		    "libkeepalive: KEEPALIVE_SYN_COUNT: \"128\" is outside 1..127\n"
		    "libkeepalive: KEEPALIVE_LOG: \"loud\" is not off, stderr, syslog or an absolute path\n",
	    .expected = SOCKET("1 61/11/7 31000") } },
	{ "idle = 62\ncount = x\ninterval = 12\ncount = 5\n",
	  { .environment = { NOT_OURS },
	    .errors = "libkeepalive: %f:2: count: \"x\" is not a number\n",
	    .expected = SOCKET("1 62/12/5 0") } },
	/* What the environment says wrongly is not said: the file's holds. */
	{ "count = 5\nrubbish\n",
	  { .environment = { "KEEPALIVE_COUNT=x" },
	    .errors = "libkeepalive: KEEPALIVE_COUNT: \"x\" is not a number\n"
		      "libkeepalive: %f:2: \"rubbish\" is not of the form key = value\n",
	    .expected = SOCKET("1 61/11/5 31000") } },
	{ "idle = x\n",
	  { .environment = { "KEEPALIVE_SYN_COUNT=x", "KEEPALIVE_LOG=off" },
	    .errors = "",
	    .expected = SOCKET("1 61/11/7 31000") } },
	{ "idle = x\nlog = off\n",
	  { .environment = { "KEEPALIVE_SYN_COUNT=x" },
	    .errors = "",
	    .expected = SOCKET("1 61/11/7 31000") } },
	{ "idle = x\n",
	  { .environment = { "KEEPALIVE=off", "KEEPALIVE_IDLE=6O" },
	    .errors = "",
	    .expected = SOCKET("%F") } },
};

/* Puts the settings into a file, where there are any, and compares what becomes of one socket. */
static void try_settings(struct trial trial, const char *content, void (*change)(const char *path))
{
	char name[32], path[512];

	/* Each test is a process, and has a file of its own. */
	snprintf(name, sizeof name, "settings.%d", getpid());
	trial.victim = "socket";
	trial.control = SOCKET("%F");
	if (content) {
		snprintf(path, sizeof path, "%s", scratch_file(name, content));
		trial.file = path;
	}
	if (change)
		change(path);
	trial_compare(&trial, trial.user ? victim_copy("victim") : victim_path());
}

START_TEST(bad_setting)
{
	try_settings(bad_settings[_i].trial, bad_settings[_i].file, NULL);
}
END_TEST

#define UNKNOWN "is an unknown key"

/* More than twenty errors: those are said, and how many there are besides. */
START_TEST(many_errors)
{
	enum { ERRORS = 23, SHOWN = 20 };
	struct trial trial = { .expected = SOCKET("%O") };
	char content[2048] = "", errors[4096] = "";
	size_t used = 0, said = 0;

	for (int i = 1; i <= ERRORS; i++) {
		used += (size_t)snprintf(content + used, sizeof content - used, "key%d = 1\n", i);
		if (i <= SHOWN)
			said += (size_t)snprintf(errors + said, sizeof errors - said,
						 "libkeepalive: %%f:%d: \"key%d\" " UNKNOWN "\n", i,
						 i);
	}
	snprintf(errors + said, sizeof errors - said, "libkeepalive: %d more errors\n",
		 ERRORS - SHOWN);
	trial.errors = errors;
	try_settings(trial, content, NULL);
}
END_TEST

/* Files that are refused, each with a setting in it that must not be taken. */
static void make_nothing(const char *path)
{
	unlink(path);
}

static void make_folder(const char *path)
{
	unlink(path);
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void make_fifo(const char *path)
{
	unlink(path);
	ck_assert_int_eq(mkfifo(path, 0644), 0);
}

static void make_writable(const char *path)
{
	ck_assert_int_eq(chmod(path, 0646), 0);
}

static void make_writable_by_group(const char *path)
{
	ck_assert_int_eq(chmod(path, 0664), 0);
}

static void make_unreadable(const char *path)
{
	ck_assert_int_eq(chmod(path, geteuid() ? 0 : 0600), 0);
}

static void make_foreign(const char *path)
{
	enum { SOMEBODY = 12345 };

	ck_assert_int_eq(chown(path, SOMEBODY, SOMEBODY), 0);
}

static void make_large(const char *path)
{
	ck_assert_int_eq(truncate(path, 1024 * 1024 + 1), 0);
}

static const struct {
	void (*change)(const char *path);
	const char *error;
	bool as_nobody, by_root;
} refused_files[] = {
	{ make_nothing, "does not exist", false, false },
	{ make_folder, "is not a regular file", false, false },
	{ make_fifo, "is not a regular file", false, false },
	{ make_writable, "is refused: it is writable by others (chmod go-w)", false, false },
	{ make_writable_by_group, "is refused: it is writable by its group (chmod go-w)", false,
	  false },
	{ make_unreadable, "permission denied", true, false },
	{ make_foreign, "is refused: its owner is neither root nor this user", false, true },
	{ make_large, "is refused: it is larger than 1 MiB", false, false },
};

START_TEST(refused_file)
{
	char errors[200];
	struct trial trial = {
		.expected = SOCKET("1 61/11/7 0"),
		.errors = errors,
		.environment = { "KEEPALIVE_USER_TIMEOUT=" },
		.user = refused_files[_i].as_nobody ? "nobody" : NULL,
	};

	if (refused_files[_i].by_root && geteuid())
		SKIP("only root can give a file away");
	snprintf(errors, sizeof errors, "libkeepalive: %%f: %s\n", refused_files[_i].error);
	try_settings(trial, "user_timeout = 5000\n", refused_files[_i].change);
}
END_TEST

/* A file that the user owns, and one that root owns, are taken. */
START_TEST(good_file)
{
	struct trial trial = {
		.expected = SOCKET("1 62/12/5 0"),
		.errors = "",
		.user = _i ? "nobody" : NULL,
		.environment = { NOT_OURS },
	};

	try_settings(trial, "idle = 62\ninterval = 12\r\ncount = 5", NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("settings");
	TCase *tcase = harness_case(suite, "settings", 60);

	tcase_add_loop_test(tcase, bad_setting, 0, COUNT(bad_settings));
	tcase_add_test(tcase, many_errors);
	tcase_add_loop_test(tcase, refused_file, 0, COUNT(refused_files));
	tcase_add_loop_test(tcase, good_file, 0, 2);
	return harness_run(suite);
}
