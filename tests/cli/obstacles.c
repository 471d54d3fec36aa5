/* keepalive enable on units whose service the library does not reach. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/image.h"
#include "lib/harness.h"

/* What keeps the library out of a service: what of it is said, and how the library is called. */
#define NOT "nothing was written"
static const struct hindrance {
	const char *lines; /* of [Service], besides ExecStart= */
	const char *message;
	const char *library;
} hindrances[] = {
	{ "ProtectHome=yes", "4: ProtectHome=yes hides /home/a.so", "/home/a.so" },
	{ "ProtectHome=yes\nBindPaths=/home", "hides /home/a.so", "/home/a.so" },
	{ "ProtectHome=tmpfs", "ProtectHome=tmpfs hides /root/a.so", "/root/a.so" },
	{ "PrivateTmp=True", "PrivateTmp=True hides", "/var/tmp/a.so" },
	{ "DynamicUser=1", "DynamicUser=1 hides", "/tmp/a.so" },
	{ "InaccessiblePaths=/srv -/opt", "4: InaccessiblePaths=/srv -/opt hides " LIBRARY },
	{ "InaccessiblePaths=/a\nInaccessiblePaths=+/opt/libkeepalive.so",
	  "5: InaccessiblePaths=" },
	{ "InaccessiblePaths=/link", "hides " LIBRARY },
	{ "TemporaryFileSystem=/opt:ro", "TemporaryFileSystem=/opt:ro hides " LIBRARY },
	{ "TemporaryFileSystem=/:ro\nBindReadOnlyPaths=/usr /lib",
	  "TemporaryFileSystem=/:ro hides" },
	{ "TemporaryFileSystem=/opt\nBindPaths=/usr:/opt", "TemporaryFileSystem=/opt hides" },
	{ "SystemCallFilter=@network-io\nSystemCallFilter=setsockopt:EPERM",
	  "5: SystemCallFilter= refuses setsockopt()" },
	{ "NoExecPaths=/\nExecPaths=/usr", "add " LIBRARY " to ExecPaths=" },
	{ "RootDirectory=" LIBRARY, "RootDirectory=" LIBRARY ": Not a directory" },
	{ "RootDirectory=/srv/%p", "RootDirectory=/srv/%p: " LIBRARY " does not exist there" },
	{ "SystemCallFilter=@system-service\nSystemCallFilter=~setsockopt",
	  "5: SystemCallFilter= would kill the service as soon as the library calls setsockopt()" },
	{ "SystemCallFilter=read write", "4: SystemCallFilter= would kill" },
	{ "SystemCallFilter=~@network-io", "would kill" },
	{ "SystemCallFilter=~@network-io\nSystemCallErrorNumber=EPERM",
	  "SystemCallFilter= refuses setsockopt() to the service" },
	{ "SystemCallFilter=~setsockopt:EPERM", "refuses setsockopt()" },
	{ "SystemCallFilter=~setsockopt:kill\nSystemCallErrorNumber=EPERM", "would kill" },
	{ "SystemCallFilter=~setsockopt\nSystemCallErrorNumber=EPERM\nSystemCallErrorNumber=",
	  "would kill" },
	{ "SystemCallFilter=~getsockopt", "calls getsockopt()" },
	{ "Environment=LD_PRELOAD=/usr/lib/libkeepalive.so",
	  "LD_PRELOAD has /usr/lib/libkeepalive.so, which is another file than " LIBRARY },
	{ "Environment=LD_PRELOAD=a.so:/gone/libkeepalive.so",
	  "LD_PRELOAD has /gone/libkeepalive.so, which does not exist" },
	{ "Environment=LD_PRELOAD=libkeepalive.so", "does not find " LIBRARY },
	{ "ExecStart=\nExecStart=/bin/true", "talk.service runs no program" },
	{ "ExecStart=\nExecStart=/usr/bin/env -i /usr/bin/talk",
	  "/usr/bin/env: it starts its program without LD_PRELOAD" },
	{ "ExecStart=\nExecStart=-/usr/bin/sudo -u a /usr/bin/talk",
	  "/usr/bin/sudo: it starts its program without LD_PRELOAD" },
	{ "ExecStart=\nExecStart=@su talk -l a", "su: it starts its program without LD_PRELOAD" },
	{ "ExecStart=\nExecStart=runuser -l a",
	  "runuser: it starts its program without LD_PRELOAD" },
	{ "ExecStart=\nExecStart=/usr/bin/cleans",
	  "env: it starts its program without LD_PRELOAD" },
	{ "ExecStart=\nExecStart=/usr/bin/pg_ctlcluster %i start", "/VERSION/CLUSTER/environment" },
};

static void put_hindrance(const char *lines)
{
	char unit[600], *library;
	struct stat file;

	snprintf(unit, sizeof unit, "[Unit]\n[Service]\nExecStart=/usr/bin/talk\n%s\n", lines);
	make_tree(unit);
	put_file(&(struct file){ "link", "->opt" });
	put_file(&(struct file){ "usr/bin/cleans", "#!/usr/bin/env -iS talk\n" });
	put_file(&(struct file){ "srv/talk/usr/bin/talk", "" });
	put_file(&(struct file){ "closed/a.so", COPY });
	put_file(&(struct file){ "srv/there/libkeepalive.so", COPY });
	ck_assert_int_eq(chmod(at("closed"), 0700), 0);
	library = read_whole(shim_path());
	ck_assert_int_eq(stat(shim_path(), &file), 0);
	put("open/closed.so", library, (size_t)file.st_size, 0640);
	free(library);
	put_file(&(struct file){ "usr/lib/libkeepalive.so", "another" });
	put_file(&(struct file){ "home/a.so", COPY });
	put_file(&(struct file){ "root/a.so", COPY });
	put_file(&(struct file){ "tmp/a.so", COPY });
	put_file(&(struct file){ "var/tmp/a.so", COPY });
}

START_TEST(kept_out)
{
	const struct hindrance *hindrance = &hindrances[_i];
	struct called called;
	char *before;

	put_hindrance(hindrance->lines);
	before = list(tree(), true);
	called = CALL("enable", "--root", tree(), "talk", "--library",
		      hindrance->library ? hindrance->library : LIBRARY, "--method", "library");
	expect_status(&called, 1);
	expect_says(called.errors, hindrance->message);
	expect_says(called.errors, NOT);
	expect_same_tree(before, true, hindrance->lines);
	free(before);
}
END_TEST

/* The same: BPF programs need no library. These keep them out, too. */
static const char *const closed_to_both[] = { "RootDirectory=", "talk.service runs no program" };

START_TEST(kernel_instead)
{
	const struct hindrance *hindrance = &hindrances[_i];
	struct called called;
	bool closed = false;
	char *content;

	put_hindrance(hindrance->lines);
	put_program(&COMMAND[1], true, true);
	called = CALL("enable", "--root", tree(), "talk", "--library",
		      hindrance->library ? hindrance->library : LIBRARY);
	if (strstr(called.errors, "built without BPF"))
		SKIP("the command was built without BPF programs");
	for (size_t i = 0; i < COUNT(closed_to_both); i++)
		closed |= !!strstr(hindrance->message, closed_to_both[i]);
	expect_status(&called, closed);
	expect_says(called.errors, closed ? NOT : "");
	if (closed)
		return;
	content = read_whole(at(TALK));
	expect_says(called.output, "by BPF programs in the kernel (keepalive attach), as the "
				   "library does not reach it\n");
	ck_assert_ptr_null(strstr(content, "LD_PRELOAD"));
	expect_says(content, "\nExecStartPre=-+");
	expect_says(content, "/keepalive attach --self --program ");
}
END_TEST

/* What looks like it. */
static const struct hindrance no_hindrances[] = {
	{ "ProtectHome=tmpfs\nBindReadOnlyPaths=/home/a.so", "", "/home/a.so" },
	{ "InaccessiblePaths=/optional /opt/libkeepalive.so.1", "", NULL },
	{ "InaccessiblePaths=/opt\nInaccessiblePaths=\nInaccessiblePaths=/srv", "", NULL },
	{ "TemporaryFileSystem=/:ro\nBindReadOnlyPaths=/usr /lib /opt", "", NULL },
	{ "TemporaryFileSystem=/opt\nBindPaths=-/srv/there:/opt:rbind", "", NULL },
	{ "NoExecPaths=/\nExecPaths=/usr /opt", "", NULL },
	{ "RootDirectory=/srv/talk\nBindReadOnlyPaths=/opt", "", NULL },
	{ "RootDirectory=/", "", NULL },
	{ "SystemCallFilter=@system-service", "", NULL },
	{ "SystemCallFilter=~setsockopt\nSystemCallFilter=\nSystemCallFilter=~kill", "", NULL },
	{ "SystemCallFilter=~@network-io\nSystemCallFilter=setsockopt @network-io", "", NULL },
	{ "SystemCallFilter=read setsockopt getsockopt", "", NULL },
	{ "Environment=LD_PRELOAD=/opt/libkeepalive.so", "", NULL },
	{ "Environment=LD_PRELOAD=/opt/../link/libkeepalive.so", "", NULL },
	{ "ExecStart=\nExecStart=/usr/bin/env A=1 /usr/bin/talk -i", "", NULL },
	{ "ExecStart=\nExecStart=/usr/bin/env -i LD_PRELOAD=${LD_PRELOAD} /usr/bin/talk", "",
	  NULL },
	{ "ExecStart=\nExecStart=/usr/bin/env -i LD_PRELOAD=" LIBRARY " /usr/bin/talk", "", NULL },
	{ "ExecStart=\nExecStart=runuser -u a -- /usr/bin/talk -l", "", NULL },
	{ "ExecStart=/bin/true", "", NULL },
	/* It is written, and what is not reached is said. */
	{ "RootImage=/srv/image.raw",
	  "RootImage=/srv/image.raw: cannot find out whether the image contains " LIBRARY, NULL },
	{ "User=nobody", "User=nobody: not everybody may enter /closed, where the library is",
	  "/closed/a.so" },
	{ "User=nobody", "User=nobody: not everybody may read /open/closed.so", "/open/closed.so" },
	{ "User=root", "", "/closed/a.so" },
	{ "User=nobody", "", NULL },
	{ "ExecStart=/usr/bin/sudo talk", "/usr/bin/sudo: it starts its program without LD_PRELOAD",
	  NULL },
	{ "ExecStart=/usr/sbin/sshd -D", "the library reaches /usr/sbin/sshd, but its sessions get",
	  NULL },
	{ "ExecStart=/usr/sbin/cron -f", "its jobs get a new environment without the library",
	  NULL },
};

START_TEST(not_kept_out)
{
	const struct hindrance *hindrance = &no_hindrances[_i];
	struct called called;

	put_hindrance(hindrance->lines);
	called = CALL("enable", "--root", tree(), "talk", "--library",
		      hindrance->library ? hindrance->library : LIBRARY, "--method", "library");
	expect_status(&called, 0);
	if (*hindrance->message)
		expect_says(called.errors, hindrance->message);
	else
		ck_assert_str_eq(called.errors, "");
	ck_assert_int_eq(access(at(TALK), F_OK), 0);
}
END_TEST

/* The library and another file of its name, in directories of loaders; ELF: for another machine. */
#define ELF "\177ELF"
static const struct namesake {
	const char *ours, *other, *content;
	bool warned;
} namesakes[] = {
	{ "usr/lib/libkeepalive.so", "srv/libkeepalive.so", "text", false },
	{ "usr/lib/libkeepalive.so", "usr/lib/x86_64-linux-gnu/libkeepalive.so", "text", true },
	{ "usr/lib/s390x-linux-gnu/libkeepalive.so", "lib64/libkeepalive.so", "text", true },
	{ "lib/loongarch64-linux-gnu/libkeepalive.so", "libx32/libkeepalive.so", "text", true },
	{ "usr/local/lib64/libkeepalive.so", "usr/lib/riscv64-linux-gnu/libkeepalive.so", ELF,
	  false },
	{ "lib64/lp64d/libkeepalive.so", "usr/lib/arm-linux-gnueabi/libkeepalive.so", "text",
	  true },
};

START_TEST(found_by_name)
{
	const struct namesake *namesake = &namesakes[_i];
	struct called called;

	make_tree("[Service]\nExecStart=/usr/bin/talk\nEnvironment=LD_PRELOAD=libkeepalive.so\n");
	put_file(&(struct file){ namesake->ours, COPY });
	if (strcmp(namesake->content, ELF))
		put_file(&(struct file){ namesake->other, namesake->content });
	else
		put_program(namesake->other, false, false);
	called = ENABLE("talk", NULL);
	expect_status(&called, 0);
	if (namesake->warned) {
		expect_says(called.errors, "by this name the loader may find /");
		expect_says(called.errors, namesake->other);
	} else {
		ck_assert_str_eq(called.errors, "");
	}
}
END_TEST

/* A cluster of Debian's PostgreSQL has an environment of its own; the lines are said. */
START_TEST(postgres)
{
	struct called called;
	char expected[600];

	make_tree(UNIT);
	put_file(&(struct file){ USR "postgresql@.service",
				 "[Service]\nExecStart=-/usr/bin/pg_ctlcluster %i start\n" });
	called = ENABLE("postgresql@15-my-own", "--method", "library", "--idle", "60", "--log",
			"/var/log/it's\\%n");
	expect_status(&called, 1);
	snprintf(
		expected, sizeof expected,
		"put these lines into %s/etc/postgresql/15/my-own/environment instead, and restart "
		"it:\nLD_PRELOAD = '" LIBRARY "'\nKEEPALIVE_IDLE = '60'\n"
		"KEEPALIVE_LOG = '/var/log/it''s\\\\%%n'\nkeepalive: " NOT "\n",
		tree());
	expect_says(called.errors, expected);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("obstacles");
	TCase *tests = harness_case(suite, "obstacles", 30);

	tcase_add_loop_test(tests, kept_out, 0, COUNT(hindrances));
	tcase_add_loop_test(tests, kernel_instead, 0, COUNT(hindrances));
	tcase_add_loop_test(tests, not_kept_out, 0, COUNT(no_hindrances));
	tcase_add_loop_test(tests, found_by_name, 0, COUNT(namesakes));
	tcase_add_test(tests, postgres);
	return harness_run(suite);
}
