/* keepalive enable --root: by the library, by BPF programs, or both; and what disable leaves. */
#define _GNU_SOURCE
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image.h"
#include "lib/harness.h"

static void make_image(const char *unit)
{
	make_tree(unit);
	put_program("usr/bin/fixed", true, false);
	put_program("usr/bin/foreign", false, true);
	put_program("usr/bin/owned", true, true);
	ck_assert_int_eq(chmod(at("usr/bin/owned"), 04755), 0);
	put_program("usr/bin/grouped", true, true);
	ck_assert_int_eq(chmod(at("usr/bin/grouped"), 02755), 0);
}

static bool is_without_programs(void)
{
	struct called called = CALL("attach", "/nowhere");

	return strstr(called.errors, "built without");
}

/* Returns what is written after the head, the directory of the command as %s. */
static char *written(const char *path)
{
	char *content = read_whole(at(path)), *at = strstr(content, "ExecStartPre=-+/");
	char *end = at ? strstr(at, "/keepalive attach") : NULL, *result;

	if (!end)
		return content;
	ck_assert_int_gt(asprintf(&result, "%.*s%%s%s", (int)(at + 15 - content), content, end), 0);
	free(content);
	return result;
}

/* Without the library of `enable` where that would be refused. */
static struct called enable_by(const char *unit, const char *method, const char *const *more)
{
	const char *arguments[20] = { "enable", unit, "--root", tree() };
	int count = 4;

	if (method) {
		arguments[count++] = "--method";
		arguments[count++] = method;
	}
	if (!method || strcmp(method, "kernel")) {
		arguments[count++] = "--library";
		arguments[count++] = LIBRARY;
	}
	while (*more)
		arguments[count++] = *more++;
	return call(arguments);
}
#define ENABLE_BY(unit, method, ...) enable_by(unit, method, (const char *const[]){ __VA_ARGS__ })

enum way { NONE, LIBRARY_ALONE, KERNEL, BOTH };

static const struct choice {
	const char *lines; /* of [Service] */
	const char *method;
	enum way way;
	const char *flags; /* of attach */
	const char *message;
	bool of_root; /* its program belongs to root */
} choices[] = {
	{ "ExecStart=/usr/bin/talk", NULL, LIBRARY_ALONE, NULL, "" },
	{ "ExecStart=/usr/bin/talk", "library", LIBRARY_ALONE, NULL, "" },
	{ "ExecStart=/usr/bin/talk", "kernel", KERNEL, "--program talk --uid 0", "" },
	{ "ExecStart=/usr/bin/talk", "both", BOTH, "--program talk --uid 0", "" },
	{ "ExecStart=/usr/bin/fixed", NULL, KERNEL, "--program fixed --uid 0",
	  "/usr/bin/fixed: it is statically linked\n" },
	{ "ExecStart=/usr/bin/fixed", "kernel", KERNEL, "--program fixed --uid 0", "" },
	{ "ExecStart=/usr/bin/fixed", "library", LIBRARY_ALONE, NULL, "it is statically linked\n" },
	{ "ExecStart=/usr/bin/foreign", NULL, KERNEL, "--program foreign --uid 0",
	  "it is for another architecture" },
	{ "ExecStart=/usr/bin/owned", NULL, LIBRARY_ALONE, NULL, "", true },
	{ "User=nobody\nExecStart=/usr/bin/owned", NULL, KERNEL, "--program owned --uid nobody",
	  "/usr/bin/owned: it is set-user-ID: the loader ignores LD_PRELOAD" },
	{ "User=nobody\nExecStart=/usr/bin/grouped", NULL, KERNEL, "--program grouped --uid nobody",
	  "it is set-group-ID" },
	{ "User=nobody\nNoNewPrivileges=yes\nExecStart=/usr/bin/owned", NULL, LIBRARY_ALONE, NULL,
	  "" },
	/* Several commands, some of which the library reaches. */
	{ "Type=oneshot\nExecStart=/usr/bin/talk\nExecStart=/usr/bin/fixed", NULL, BOTH,
	  "--program talk --uid 0", "it is statically linked\n" },
	/* The words of the unit: specifiers stay, variables do not. */
	{ "User=%i\nExecStart=-@/usr/bin/fi%%xed$A other", "kernel", KERNEL,
	  "--program fi%%xed$$A --uid %i", "" },
	{ "User=a\nDynamicUser=yes\nExecStart=/usr/bin/talk", "kernel", KERNEL, "--program talk",
	  "" },
	/* Where its programs run elsewhere. */
	{ "ExecStart=/usr/bin/systemd-run talk", NULL, NONE, NULL, "nothing was written" },
	{ "ExecStart=/usr/bin/systemd-run talk", "kernel", NONE, NULL, "nothing was written" },
	{ "ExecStart=/usr/bin/su - a", NULL, KERNEL, "--program su --uid 0",
	  "4: /usr/bin/su: if PAM begins a session" },
	{ "ExecStart=/usr/bin/sudo -u a talk", NULL, KERNEL, "--program sudo --uid 0",
	  "it starts its program without LD_PRELOAD" },
	{ "ExecStart=/usr/bin/cron", NULL, LIBRARY_ALONE, NULL, "--method both reaches them, too" },
	/* What + does not leave. */
	{ "RootDirectory=/srv\nExecStart=/usr/bin/talk", "kernel", NONE, NULL,
	  "4: " COMMAND " cannot be run outside of RootDirectory=" },
	{ "RootImage=/a.raw\nExecStart=/usr/bin/talk", "kernel", NONE, NULL,
	  "cannot be run outside of RootImage=" },
	{ "RootDirectory=/srv\nBindReadOnlyPaths=" BINDIR " /proc /sys\nExecStart=/usr/bin/talk",
	  "kernel", KERNEL, "--program talk --uid 0",
	  "4: " COMMAND " runs inside of RootDirectory=, and needs /proc" },
	{ "RootImage=/a.raw\nBindReadOnlyPaths=" BINDIR "\nExecStart=/usr/bin/talk", "kernel",
	  KERNEL, "--program talk --uid 0", "runs inside of RootImage=" },
	{ "RootDirectory=/\nExecStart=/usr/bin/talk", "kernel", KERNEL, "--program talk --uid 0",
	  "" },
	{ "ProtectHome=yes\nExecStart=/usr/bin/talk", "both", BOTH, "--program talk --uid 0", "" },
	{ "SystemCallFilter=~setsockopt\nExecStart=/usr/bin/talk", "both", NONE, NULL,
	  "would kill the service" },
};

static void expect_written(const struct choice *choice)
{
	char *content = written(TALK), *expected;

	ck_assert_int_gt(
		asprintf(&expected, HEAD("talk.service") "%s%s%s%s%s",
			 choice->way == KERNEL ? "" : "Environment=LD_PRELOAD=" LIBRARY "\n",
			 "Environment=KEEPALIVE_IDLE=60\n",
			 choice->flags ? "ExecStartPre=-+%s/keepalive attach --self " : "",
			 choice->flags ? choice->flags : "", choice->flags ? "\n" : ""),
		0);
	ck_assert_str_eq(content, expected);
	free(expected);
	free(content);
}

START_TEST(chosen)
{
	const struct choice *choice = &choices[_i];
	struct called called;
	char unit[400], *before;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	if (choice->of_root && geteuid())
		SKIP("only root has programs of root");
	snprintf(unit, sizeof unit, "[Unit]\nDefaultDependencies=no\n[Service]\n%s\n",
		 choice->lines);
	make_image(unit);
	put_program(&COMMAND[1], true, true);
	before = list(tree(), false);
	called = ENABLE_BY("talk", choice->method, "--idle", "60", NULL);
	expect_status(&called, choice->way == NONE);
	expect_says(called.errors, choice->message);
	if (!*choice->message)
		ck_assert_str_eq(called.errors, "");
	if (choice->way != NONE) {
		expect_written(choice);
		called = disable("talk", NULL);
		expect_quiet(&called);
	}
	expect_same_tree(before, false, choice->lines);
	free(before);
}
END_TEST

/* Lines of others in the file stay, also other ExecStartPre=. */
START_TEST(other_lines)
{
	static const char others[] = "[Service]\nExecStartPre=-+" COMMAND " attach --self\n"
				     "ExecStartPre=" COMMAND " check\n"
				     "ExecStartPre=-+" COMMAND " \\\n  attach --self --uid 0\n"
				     "ExecStartPre=/opt/a attach --self\n[Install]\n"
				     "ExecStartPre=-+" COMMAND " attach --self\n";
	static const char kept[] = "[Service]\nExecStartPre=" COMMAND " check\n"
				   "ExecStartPre=/opt/a attach --self\n[Install]\n"
				   "ExecStartPre=-+" COMMAND " attach --self\n";
	struct called called;

	make_image(UNIT);
	put_file(&(struct file){ TALK, others });
	called = disable("talk", NULL);
	expect_quiet(&called);
	expect_content(TALK, kept);
	called = disable("talk", NULL);
	expect_status(&called, 1);
}
END_TEST

/* Another method replaces the lines of the first one. */
START_TEST(another_method)
{
	struct called called;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	make_image(UNIT);
	put_program(&COMMAND[1], true, true);
	called = ENABLE_BY("talk", "kernel", "--count", "3", NULL);
	expect_quiet(&called);
	called = ENABLE_BY("talk", "library", "--count", "3", NULL);
	expect_quiet(&called);
	expect_says(called.output, "\n- ExecStartPre=-+");
	expect_content(TALK, HEAD("talk.service") OURS);
	called = ENABLE_BY("talk", "kernel", NULL);
	expect_quiet(&called);
	expect_says(called.output, "\n- Environment=LD_PRELOAD=" LIBRARY "\n");
}
END_TEST

/* A drop-in that is read later undoes ours. */
START_TEST(emptied_later)
{
	struct called called;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	make_image(UNIT);
	put_file(&(struct file){ ETC "talk.service.d/60-a.conf", "[Service]\nExecStartPre=\n" });
	called = ENABLE_BY("talk", "kernel", NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "60-a.conf:2: ExecStartPre= is emptied after " NAME);
	put_file(&(struct file){ ETC "talk.service.d/60-a.conf", "[Service]\nEnvironment=\n" });
	called = ENABLE_BY("talk", "kernel", "--idle", "60", NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "60-a.conf:2: Environment= is emptied after " NAME);
}
END_TEST

/* The section of a socket; and the program of its service. */
static const struct {
	const char *name, *lines;
	struct file service;
	const char *flags;
} activations[] = {
	{ "talk.socket", "ListenStream=1", { USR "talk.service", UNIT }, "--program talk --uid 0" },
	{ "say.socket",
	  "ListenStream=1\nAccept=yes",
	  { USR "say@.service", "[Service]\nExecStart=/usr/bin/say\nUser=nobody\n" },
	  "--program say --uid nobody" },
	{ "say.socket",
	  "Service=talk.service",
	  { USR "talk.service", UNIT },
	  "--program talk --uid 0" },
	{ "say@x.socket",
	  "ListenStream=1",
	  { USR "say@.service", "[Service]\nExecStart=/usr/bin/say\n" },
	  "--program say --uid 0" },
	{ "alone.socket", "ListenStream=1", { NULL }, NULL },
};

START_TEST(sockets)
{
	char path[200], *content, *expected, socket[300];
	const char *name = activations[_i].name, *flags = activations[_i].flags;
	struct called called;
	char *before;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	make_image(NULL);
	put_program(&COMMAND[1], true, true);
	snprintf(path, sizeof path, USR "%s", name);
	snprintf(socket, sizeof socket, "[Socket]\n%s\n", activations[_i].lines);
	put_file(&(struct file){ path, socket });
	if (activations[_i].service.path)
		put_file(&activations[_i].service);
	/* One for all sockets, which is no drop-in of services. */
	put_file(&(struct file){ USR "service.d/60-a.conf", "[Socket]\nExecStartPre=\n" });
	before = list(tree(), false);
	called = ENABLE_BY(name, "kernel", "--count", "3", NULL);
	expect_quiet(&called);
	expect_says(called.output, "by BPF programs in the kernel (keepalive attach)\n");
	snprintf(path, sizeof path, ETC "%s.d/" NAME, name);
	content = written(path);
	ck_assert_int_gt(
		asprintf(&expected,
			 "# Written by keepalive enable; keepalive disable %s removes it.\n"
			 "# Directories made for it: 1\n[Socket]\nEnvironment=KEEPALIVE_COUNT=3\n"
			 "ExecStartPre=-+%%s/keepalive attach --self%s%s\n",
			 name, flags ? " " : "", flags ? flags : ""),
		0);
	ck_assert_str_eq(content, expected);
	called = disable(name, NULL);
	expect_quiet(&called);
	expect_same_tree(before, false, name);
	free(before);
	put_file(&(struct file){ USR "socket.d/60-a.conf", "[Socket]\nExecStartPre=\n" });
	called = ENABLE_BY(name, "kernel", NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "socket.d/60-a.conf:2: ExecStartPre= is emptied");
}
END_TEST

static const struct {
	const char *words[6], *message;
} wrong[] = {
	{ { "talk", "--method", "magic" }, "\"magic\" is not library, kernel or both" },
	{ { "talk.socket", "--method", "library" }, "talk.socket starts no program" },
	{ { "talk.socket", "--method", "both" }, "talk.socket starts no program" },
	{ { "talk.timer" }, "is a timer" },
	{ { "talk", "--method", "kernel", "--library", "/a" }, "--library cannot be used" },
};

START_TEST(wrong_calls)
{
	const char *const *words = wrong[_i].words;
	struct called called =
		CALL("enable", "--root", tree(), words[0], words[1], words[2], words[3], words[4]);

	expect_status(&called, 2);
	expect_says(called.errors, wrong[_i].message);
}
END_TEST

START_TEST(not_by_a_user)
{
	struct called called = CALL("enable", "--user", "talk", "--method", "kernel");

	expect_status(&called, 2);
	expect_says(called.errors, "--user: only root can attach BPF programs");
}
END_TEST

/* Calls it for units of a user, where systemctl prints `answer`; or fails, where that is NULL. */
static struct called call_where(const char *answer, const char *const *arguments)
{
	static const char *const places[] = { "bin",
					      "systemd",
					      ".config",
					      ".config/systemd",
					      ".config/systemd/user",
					      ".config/systemd/user/talk.service.d",
					      ".config/systemd/user/say@.service.d",
					      ".config/systemd/user/say@own.service.d" };
	static const char dropin[] = "[Service]\nExecStartPre=-+/usr/bin/keepalive attach --self\n";
	static const char script[] = "#!/bin/sh\necho \"$*\" >>\"$HOME/calls\"\n"
				     "[ \"$2\" = daemon-reload ] && exit\n"
				     "[ -n \"$ANSWER\" ] && printf '%s\\n' \"$ANSWER\"\n";
	const char *variables[] = { joined("PATH=", joined(scratch_path("bin"),
							   joined(":", getenv("PATH")))),
				    joined("HOME=", scratch()),
				    joined("XDG_RUNTIME_DIR=", scratch()),
				    "XDG_CONFIG_HOME=",
				    joined("ANSWER=", answer ? answer : ""),
				    NULL };

	for (size_t i = 0; i < COUNT(places); i++)
		mkdir(scratch_path("%s", places[i]), 0755);
	scratch_file("systemd/private", "");
	scratch_file(".config/systemd/user/talk.service.d/" NAME, dropin);
	scratch_file(".config/systemd/user/say@.service.d/" NAME, dropin);
	scratch_file(".config/systemd/user/say@own.service.d/" NAME, dropin);
	scratch_file(".config/systemd/user/a\\x2db.service", "[Service]\nExecStart=/bin/cat\n");
	scratch_file(".config/systemd/user/a\\x2db@.service", "[Service]\nExecStart=/bin/cat\n");
	ck_assert(!chmod(scratch_file("bin/systemctl", script), 0755));
	return call_as(NULL, variables, arguments);
}

static struct called disable_where(const char *answer)
{
	return call_where(answer, (const char *const[]){ "disable", "--user", "talk", NULL });
}

/* Printed commands can be pasted into a shell. */
START_TEST(escaped_names)
{
	static const struct {
		const char *name, *restart, *verify;
	} units[] = {
		{ "a\\x2db", "to take effect: systemctl --user restart 'a\\x2db.service'\n",
		  " MainPID --value 'a\\x2db.service')\n" },
		{ "a\\x2db@", "to take effect: systemctl --user restart 'a\\x2db@*.service'\n",
		  "to verify: keepalive show 'a\\x2db@INSTANCE.service'\n" },
	};

	for (size_t i = 0; i < COUNT(units); i++) {
		const char *enable[] = { "enable",    "--user",      "--library",
					 shim_path(), units[i].name, NULL };
		const char *disable[] = { "disable", "--user", units[i].name, NULL };
		struct called called = call_where("", enable);

		expect_status(&called, 0);
		expect_says(called.output, units[i].restart);
		expect_says(called.output, units[i].verify);
		called = call_where("", disable);
		expect_status(&called, 0);
		expect_says(called.output, units[i].restart);
	}
}
END_TEST

/* The manager of a user cannot attach, also where the library does not reach the program. */
START_TEST(static_for_a_user)
{
	const char *words[] = { "enable", "--user", "--library", shim_path(), "still", NULL };
	struct called called;

	make_image(UNIT);
	call_where("", (const char *const[]){ "help", NULL });
	scratch_file(".config/systemd/user/still.service",
		     joined("[Service]\nExecStart=", joined(at("usr/bin/fixed"), "\n")));
	called = call_where("", words);
	expect_says(called.errors, "/usr/bin/fixed: it is statically linked");
	expect_says(called.output, "+ Environment=LD_PRELOAD=");
	ck_assert_msg(!strstr(called.output, "ExecStartPre"), "%s", called.output);
}
END_TEST

/* Programs that stay are no success. */
START_TEST(not_detached)
{
	struct called called = disable_where(NULL);

	expect_status(&called, 1);
	expect_says(called.errors, "talk.service: systemd does not answer: BPF programs, if");
	called = disable_where("ControlGroup=/cgroup.procs/a");
	expect_status(&called, 1);
	expect_says(called.errors, ": its BPF programs, if it has any, stay until");
	called = disable_where("ControlGroup=");
	expect_quiet(&called);
	/* All instances of a template. */
	called = call_where("ControlGroup=",
			    (const char *const[]){ "disable", "--user", "say@", NULL });
	expect_quiet(&called);
	expect_says(read_whole(scratch_path("calls")),
		    "show --property Id,ControlGroup -- say@*.service\n");
	/* But for those with a drop-in of their own. */
	called = call_where("Id=say@own.service\nControlGroup=/cgroup.procs/own\n\n"
			    "Id=say@red.service\nControlGroup=/cgroup.procs/red",
			    (const char *const[]){ "disable", "--user", "say@", NULL });
	expect_status(&called, 1);
	expect_says(called.errors, "cgroup.procs/red: ");
	ck_assert_msg(!strstr(called.errors, "/own"), "%s", called.errors);
}
END_TEST

static void shell(const char *line)
{
	int status;

	free(process_run(
		&(struct command){ .argv = (const char *const[]){ "sh", "-ec", line, NULL } },
		&status));
	ck_assert_msg(!status, "%s", line);
}

/* systemd would run a file as root that another user can change. */
START_TEST(command_of_others)
{
	const char *path = scratch_path("open/keepalive"), *says = "others than root can change ";
	const char *const argv[] = {
		path, "enable", "--dry-run", "--method", "kernel", "talk", NULL
	};
	const struct command command = { .argv = argv };
	char *errors, *line;
	int status;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	if (geteuid() || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", "/run", "tmpfs", 0, NULL))
		SKIP("needs root, to make a mount namespace");
	ck_assert_int_gt(asprintf(&line,
				  "mkdir -p /run/systemd/system '%s/open'; cp '%s' '%s'\n"
				  "printf '[Service]\\nExecStart=/bin/cat\\n' "
				  ">/run/systemd/system/talk.service",
				  scratch(), build_path("keepalive"), path),
			 0);
	shell(line);
	process_run_both(&command, &status, &errors);
	if (strstr(errors, "control groups"))
		SKIP("no control groups of version 2");
	ck_assert_int_eq(status, 0);
	ck_assert_msg(!strstr(errors, says), "%s", errors);
	ck_assert(!chown(path, 1, 1));
	process_run_both(&command, &status, &errors);
	expect_says(errors, joined(says, path));
	ck_assert(!chown(path, 0, 0));
	ck_assert(!chmod(scratch_path("open"), 0775));
	process_run_both(&command, &status, &errors);
	ck_assert_int_eq(status, 0);
	expect_says(errors, joined(says, joined(scratch_path("open"), "\n")));
}
END_TEST

/* What a socket unit accepts has the control group of that. */
START_TEST(activated)
{
	struct called called;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	make_image(UNIT);
	put_program(&COMMAND[1], true, true);
	put_file(&(struct file){ USR "say@.service", UNIT });
	called = ENABLE_BY("talk", "kernel", NULL);
	expect_quiet(&called);
	put_file(&(struct file){ USR "talk.socket", "[Socket]\nListenStream=1\n" });
	put_file(&(struct file){ ETC "say.socket", "[Socket]\nListenStream=1\nAccept=yes\n" });
	called = ENABLE_BY("talk", "kernel", NULL);
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors,
			 "keepalive: what talk.socket accepts is not in the control group of "
			 "talk.service: enable talk.socket, too\n");
	called = ENABLE_BY("say@.service", "kernel", NULL);
	expect_says(called.errors, "what say.socket accepts is not in the control group");
	called = ENABLE("talk", NULL);
	expect_quiet(&called);
	/* Sockets of other names. */
	put_file(
		&(struct file){ USR "other.service", UNIT "Sockets=web.socket %p-admin.socket\n" });
	called = ENABLE_BY("other", "kernel", NULL);
	expect_status(&called, 0);
	expect_says(called.errors, "/other.service:5: what web.socket accepts is not in the");
	expect_says(called.errors, "other.service: enable other-admin.socket, too\n");
}
END_TEST

/* What has no effect is told. */
START_TEST(no_effect)
{
	static const char *const of_library[][2] = { { "--log", "syslog" },
						     { "--log-level", "debug" },
						     { "--sandboxed", "on" } };
	struct called called;

	if (is_without_programs())
		SKIP("the command was built without BPF programs");
	make_image(UNIT);
	put_program(&COMMAND[1], true, true);
	for (size_t i = 0; i < COUNT(of_library); i++) {
		called = ENABLE_BY("talk", "kernel", of_library[i][0], of_library[i][1], NULL);
		expect_says(called.errors, "--log, --log-level and --sandboxed are for the lib");
	}
	called = ENABLE_BY("talk", "kernel", "--defer-accept", "9", NULL);
	expect_says(called.errors, "defer_accept cannot be set by BPF programs");
	called = ENABLE_BY("talk", "kernel", "--keepalive", "off", NULL);
	expect_says(called.errors, "KEEPALIVE: keepalive is off, nothing is set");
	ck_assert_int_eq(unlink(at(&COMMAND[1])), 0);
	called = ENABLE_BY("talk", "kernel", NULL);
	expect_status(&called, 0);
	expect_says(called.errors, "/keepalive: the command does not exist");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("method");
	TCase *tests = harness_case(suite, "method", 30);

	tcase_add_loop_test(tests, chosen, 0, COUNT(choices));
	tcase_add_test(tests, other_lines);
	tcase_add_test(tests, another_method);
	tcase_add_test(tests, emptied_later);
	tcase_add_loop_test(tests, sockets, 0, COUNT(activations));
	tcase_add_loop_test(tests, wrong_calls, 0, COUNT(wrong));
	tcase_add_test(tests, not_by_a_user);
	tcase_add_test(tests, escaped_names);
	tcase_add_test(tests, static_for_a_user);
	tcase_add_test(tests, not_detached);
	tcase_add_test(tests, command_of_others);
	tcase_add_test(tests, activated);
	tcase_add_test(tests, no_effect);
	return harness_run(suite);
}
