/* keepalive enable and disable in the image of a system: what is written, refused and put back. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/image.h"
#include "lib/harness.h"

START_TEST(writes_it)
{
	struct called called;
	char expected[900];

	make_tree(UNIT);
	called = ENABLE("talk", "--idle", "60", "--interval=10s", "--count", "6", "--user-timeout",
			"auto", "--override", "on", "--config", "/etc/other.conf", "--log",
			"syslog");
	expect_status(&called, 0);
	snprintf(expected, sizeof expected,
		 "keepalive: %s/etc/other.conf: the configuration file does "
		 "not exist\n",
		 tree());
	ck_assert_str_eq(called.errors, expected);
	snprintf(
		expected, sizeof expected,
		"wrote %s\n+ [Service]\n+ Environment=LD_PRELOAD=" LIBRARY
		"\n+ Environment=KEEPALIVE_IDLE=60\n+ Environment=KEEPALIVE_INTERVAL=10s\n"
		"+ Environment=KEEPALIVE_COUNT=6\n+ Environment=KEEPALIVE_USER_TIMEOUT=auto\n"
		"+ Environment=KEEPALIVE_OVERRIDE=on\n+ Environment=KEEPALIVE_CONF=/etc/other.conf\n"
		"+ Environment=KEEPALIVE_LOG=syslog\n",
		at(TALK));
	ck_assert_str_eq(called.output, expected);
	expect_content(TALK, HEAD("talk.service") "Environment=LD_PRELOAD=" LIBRARY "\n"
						  "Environment=KEEPALIVE_IDLE=60\n"
						  "Environment=KEEPALIVE_INTERVAL=10s\n"
						  "Environment=KEEPALIVE_COUNT=6\n"
						  "Environment=KEEPALIVE_USER_TIMEOUT=auto\n"
						  "Environment=KEEPALIVE_OVERRIDE=on\n"
						  "Environment=KEEPALIVE_CONF=/etc/other.conf\n"
						  "Environment=KEEPALIVE_LOG=syslog\n");
}
END_TEST

/* Whatever the umask of who calls. */
START_TEST(others_may_read_it)
{
	int status;

	make_tree(UNIT);
	free(process_run(
		&(struct command){
			.argv = (const char *const[]){ "sh", "-c", "umask 077; exec \"$@\"", "sh",
						       command(), "enable", "talk", "--root",
						       tree(), "--library", LIBRARY, NULL } },
		&status));
	ck_assert_int_eq(status, 0);
	expect_mode(TALK, 0644);
	expect_mode(ETC "talk.service.d", 0755);
}
END_TEST

START_TEST(again_it_changes_the_settings_only)
{
	struct called called;
	char *before;

	make_tree("[Service]\nExecStart=/usr/bin/talk\nEnvironment=LD_PRELOAD=/opt/a.so\n");
	called = ENABLE("talk", "--idle", "60");
	expect_quiet(&called);
	called = ENABLE("talk", "--count", "3");
	expect_quiet(&called);
	expect_content(TALK, HEAD("talk.service") "Environment=LD_PRELOAD=/opt/a.so:" LIBRARY "\n"
						  "Environment=KEEPALIVE_COUNT=3\n");
	before = list(tree(), true);
	called = ENABLE("talk.service", "--count", "3");
	expect_quiet(&called);
	expect_same_tree(before, true, "the same once more");
	free(before);
	/* What the unit has meanwhile, not what we have written. */
	put_file(&(struct file){ USR "talk.service", SAYS("LD_PRELOAD=/opt/b.so") });
	called = ENABLE("talk", NULL);
	expect_quiet(&called);
	expect_content(TALK, HEAD("talk.service") "Environment=LD_PRELOAD=/opt/b.so:" LIBRARY "\n");
}
END_TEST

/* What is there beforehand, the unit, and how it is called. */
static const struct round {
	const char *unit, *more;
	struct file files[FILES_MAX];
} rounds[] = {
	{ "talk", NULL, { { NULL } } },
	{ "talk", "--runtime", { { NULL } } },
	{ "talk", NULL, { { ETC "talk.service.d/", NULL } } },
	{ "talk", NULL, { { ETC "talk.service.d/10-a.conf", "[Service]\nUser=nobody\n" } } },
	{ "talk", NULL, { { ETC "talk.service.d/.hidden", "" } } },
	{ "say@.service", NULL, { { USR "say@.service", UNIT } } },
	{ "say@a-b.c", NULL, { { ETC "say@.service", UNIT } } },
	{ "say@\\x2d", "--runtime", { { ETC "say@.service", UNIT } } },
	{ "there",
	  NULL,
	  { { ETC "there.service", "->/srv/there.service" }, { "srv/there.service", UNIT } } },
};

START_TEST(disable_puts_all_back)
{
	const struct round *round = &rounds[_i];
	struct called called;
	char *before;

	make_tree(UNIT);
	for (const struct file *file = round->files; file->path; file++)
		put_file(file);
	before = list(tree(), false);
	called = ENABLE(round->unit, "--idle", "5", round->more);
	expect_quiet(&called);
	called = ENABLE(round->unit, "--idle", "6", round->more);
	expect_quiet(&called);
	called = disable(round->unit, round->more);
	expect_quiet(&called);
	expect_says(called.output, "removed ");
	expect_same_tree(before, false, round->unit);
	free(before);
}
END_TEST

/* Directories that an image does not have are made, and go again. */
START_TEST(missing_folders)
{
	struct called called;
	char *before;

	put(USR "talk.service", UNIT, strlen(UNIT), 0644);
	put("opt/libkeepalive.so", "", 0, 0644);
	before = list(tree(), false);
	for (int i = 0; i < 2; i++) {
		const char *more = i ? "--runtime" : NULL;

		called = ENABLE("talk", more);
		expect_quiet(&called);
		called = ENABLE("talk", "--idle=9", more);
		expect_quiet(&called);
		expect_mode(i ? RUN : ETC, 0755);
		called = disable("talk", more);
		expect_quiet(&called);
		expect_same_tree(before, false, "missing directories");
	}
	free(before);
	/* What came into them meanwhile stays, and its directories. */
	called = ENABLE("talk", NULL);
	put_file(&(struct file){ ETC "other.service", UNIT });
	called = disable("talk", NULL);
	expect_quiet(&called);
	ck_assert_int_eq(access(at(ETC "other.service"), F_OK), 0);
	ck_assert_int_eq(access(at(ETC "talk.service.d"), F_OK), -1);
}
END_TEST

/* What the unit has in LD_PRELOAD, in which files, and what is written then. */
static const struct preload {
	const char *unit;
	struct file files[FILES_MAX];
	const char *line;
} preloads[] = {
	{ "talk", { { USR "talk.service", SAYS("LD_PRELOAD=a.so") } }, "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk", { { USR "talk.service", SAYS("LD_PRELOAD=") } }, "LD_PRELOAD=" LIBRARY },
	{ "talk", { { USR "talk.service", SAYS("LD_PRELOAD_=a.so") } }, "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "talk.service", SAYS("A=1 \"LD_PRELOAD=a.so b.so\" B=2") } },
	  "\"LD_PRELOAD=a.so b.so:" LIBRARY "\"" },
	{ "talk",
	  { { USR "talk.service", SAYS("'LD_PRELOAD=/x/it\\'s.so'") } },
	  "\"LD_PRELOAD=/x/it's.so:" LIBRARY "\"" },
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=/\\x61\\142\\u00e9\\\\\\sc.so") } },
	  "\"LD_PRELOAD=/ab\303\251\\\\ c.so:" LIBRARY "\"" },
	/* Specifiers stay what they are. */
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=/opt/%p-%%.so") } },
	  "LD_PRELOAD=/opt/%p-%%.so:" LIBRARY },
	/* Lines that continue each other, with a comment between them. */
	{ "talk",
	  { { USR "talk.service", "[Service]\nEnvironment=A=1 \\\n# LD_PRELOAD=no.so\n ; no \\\n"
				  "  LD_PRELOAD=a.so \\\n  B=2\n" } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service",
	      "[Service]\nEnvironment=LD_PRELOAD=a.so \\\n ; LD_PRELOAD=no.so\n B=2\n" } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service", "[Service]\r\nEnvironment=A=1 \\\r\nLD_PRELOAD=a.so\r\n" } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service",
	      "[Service]\n# a comment \\\nEnvironment = LD_PRELOAD=a.so \r\n" } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service", "[Service]\nEnvironment=A=1 \\\n\nLD_PRELOAD=no.so\n" } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "talk.service", "[Service]\nEnvironment=LD_PRELOAD=a.so \\" } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	/* The last one counts, and an empty one takes all back. */
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so\nEnvironment=LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=b.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so\nEnvironment=\nEnvironment=B=2") } },
	  "LD_PRELOAD=" LIBRARY },
	/* What systemd cannot read it ignores, from there on. */
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so A=\\q LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so \"LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	/* Another section is another matter. */
	{ "talk",
	  { { USR "talk.service", "[Unit]\nEnvironment=LD_PRELOAD=no.so\n[Service]\nUser=nobody\n"
				  "[X-Service]\nEnvironment=LD_PRELOAD=no.so\n" } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=/usr/lib/libkeepalive.so:b.so") },
	    { "usr/lib/libkeepalive.so", COPY } },
	  "LD_PRELOAD=/usr/lib/libkeepalive.so:b.so" },
	/* Drop-ins: over the unit's own file, by their names, the first directory's. */
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so") },
	    { USR "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=b.so:" LIBRARY },
	{ "talk",
	  { { ETC "talk.service.d/20-c.conf", SAYS("LD_PRELOAD=c.so") },
	    { USR "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=c.so:" LIBRARY },
	{ "talk",
	  { { ETC "talk.service.d/.20-c.conf", SAYS("LD_PRELOAD=no.so") } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { ETC "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=b.so") },
	    { USR "talk.service.d/20-c.conf", SAYS("LD_PRELOAD=c.so") },
	    { RUN "talk.service.d/20-c.txt", SAYS("LD_PRELOAD=no.so") },
	    { RUN "talk.service.d/.20-d.conf", SAYS("LD_PRELOAD=no.so") } },
	  "LD_PRELOAD=c.so:" LIBRARY },
	{ "talk",
	  { { ETC "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=etc.so") },
	    { RUN "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=run.so") },
	    { USR "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=usr.so") } },
	  "LD_PRELOAD=etc.so:" LIBRARY },
	{ "talk",
	  { { RUN "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=run.so") },
	    { "usr/local/lib/systemd/system/talk.service.d/10-b.conf",
	      SAYS("LD_PRELOAD=local.so") } },
	  "LD_PRELOAD=run.so:" LIBRARY },
	{ "talk",
	  { { ETC "talk.service.d/10-b.conf", "->/dev/null" },
	    { USR "talk.service.d/10-b.conf", SAYS("LD_PRELOAD=b.so") } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "service.d/10-all.conf", SAYS("LD_PRELOAD=all.so") } },
	  "LD_PRELOAD=all.so:" LIBRARY },
	{ "talk",
	  { { ETC "service.d/10-all.conf", SAYS("LD_PRELOAD=all.so") },
	    { USR "talk.service.d/10-all.conf", SAYS("LD_PRELOAD=one.so") } },
	  "LD_PRELOAD=one.so:" LIBRARY },
	/* The unit of the first directory. */
	{ "talk",
	  { { ETC "talk.service", SAYS("LD_PRELOAD=etc.so") },
	    { USR "talk.service", SAYS("LD_PRELOAD=usr.so") } },
	  "LD_PRELOAD=etc.so:" LIBRARY },
	{ "walk",
	  { { "lib/systemd/system/walk.service", SAYS("LD_PRELOAD=lib.so") } },
	  "LD_PRELOAD=lib.so:" LIBRARY },
	/* Templates, instances and prefixes. */
	{ "say@x",
	  { { USR "say@.service", SAYS("LD_PRELOAD=/%i.so") } },
	  "LD_PRELOAD=/%i.so:" LIBRARY },
	{ "say@x",
	  { { ETC "say@.service", SAYS("LD_PRELOAD=a.so") },
	    { USR "say@x.service", SAYS("LD_PRELOAD=x.so") } },
	  "LD_PRELOAD=x.so:" LIBRARY },
	{ "say@x",
	  { { USR "say@.service", UNIT },
	    { ETC "say@.service.d/10-a.conf", SAYS("LD_PRELOAD=template.so") } },
	  "LD_PRELOAD=template.so:" LIBRARY },
	{ "say@x",
	  { { USR "say@.service", UNIT },
	    { ETC "say@.service.d/10-a.conf", SAYS("LD_PRELOAD=template.so") },
	    { ETC "say@x.service.d/10-a.conf", SAYS("LD_PRELOAD=instance.so") } },
	  "LD_PRELOAD=instance.so:" LIBRARY },
	{ "say@.service",
	  { { USR "say@.service", UNIT },
	    { ETC "say@.service.d/10-a.conf", SAYS("LD_PRELOAD=template.so") },
	    { ETC "say@x.service.d/20-a.conf", SAYS("LD_PRELOAD=instance.so") } },
	  "LD_PRELOAD=template.so:" LIBRARY },
	{ "say-some-words",
	  { { USR "say-some-words.service", UNIT },
	    { ETC "say-.service.d/10-a.conf", SAYS("LD_PRELOAD=say.so") } },
	  "LD_PRELOAD=say.so:" LIBRARY },
	{ "say-some-words",
	  { { USR "say-some-words.service", UNIT },
	    { ETC "say-.service.d/10-a.conf", SAYS("LD_PRELOAD=say.so") },
	    { ETC "say-some-.service.d/10-a.conf", SAYS("LD_PRELOAD=some.so") },
	    { ETC "say-some.service.d/20-a.conf", SAYS("LD_PRELOAD=no.so") } },
	  "LD_PRELOAD=some.so:" LIBRARY },
	{ "say-some@x",
	  { { USR "say-some@.service", UNIT },
	    { ETC "say-@x.service.d/10-a.conf", SAYS("LD_PRELOAD=x.so") },
	    { ETC "say-@.service.d/05-a.conf", SAYS("LD_PRELOAD=all.so") } },
	  "LD_PRELOAD=x.so:" LIBRARY },
	/* Links inside of the image, from its own root. */
	{ "talk",
	  { { "srv/talk.service", SAYS("LD_PRELOAD=srv.so") },
	    { ETC "talk.service", "->/srv/talk.service" } },
	  "LD_PRELOAD=srv.so:" LIBRARY },
	/* What comes after ours may name the library itself. */
	{ "talk",
	  { { USR "talk.service", SAYS("LD_PRELOAD=a.so") },
	    { ETC "talk.service.d/override.conf", SAYS("LD_PRELOAD=b.so:libkeepalive.so") },
	    { "usr/lib/libkeepalive.so", COPY } },
	  "LD_PRELOAD=a.so:" LIBRARY },
	{ "talk",
	  { { USR "talk.service", UNIT "UnsetEnvironment=LD_PRELOAD\nUnsetEnvironment=\n"
				       "UnsetEnvironment=LD_PRELOAD=a.so LD_PRELOA KEEPALIVE_IDLE\n"
				       "EnvironmentFile=/etc/a\nEnvironmentFile=\n" },
	    { "etc/a", "LD_PRELOAD=no.so\n" } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "talk.service", UNIT "EnvironmentFile=-/etc/a\n" },
	    { "etc/a",
	      "# LD_PRELOAD=no.so\n;LD_PRELOAD=no.so\nA=\"\nLD_PRELOAD=no.so\n\" B=1\n"
	      "export LD_PRELOAD=no.so\nC='\\\nLD_PRELOAD=no.so'\nD=\\\nLD_PRELOAD=no.so\n" } },
	  "LD_PRELOAD=" LIBRARY },
	{ "talk",
	  { { USR "talk.service", UNIT "EnvironmentFile=-/etc/a\n" } },
	  "LD_PRELOAD=" LIBRARY },
};

START_TEST(what_is_preloaded_stays)
{
	const struct preload *preload = &preloads[_i];
	char path[200], expected[400], *content, *from;
	struct called called;

	make_tree(NULL);
	put(USR "talk.service", UNIT, strlen(UNIT), 0644);
	for (const struct file *file = preload->files; file->path; file++)
		put_file(file);
	called = ENABLE(preload->unit, NULL);
	expect_quiet(&called);
	snprintf(path, sizeof path, ETC "%s%s.d/" NAME, preload->unit,
		 strstr(preload->unit, ".service") ? "" : ".service");
	content = read_whole(at(path));
	snprintf(expected, sizeof expected, "[Service]\nEnvironment=%s\n", preload->line);
	from = strstr(content, "[Service]");
	ck_assert_msg(from != NULL, "%s", content);
	ck_assert_str_eq(from, expected);
	free(content);
}
END_TEST

/* What is in the way, a piece of what is said about it, and the line that is named. */
static const struct refusal {
	const char *unit;
	struct file files[FILES_MAX];
	const char *file, *message;
	const char *more;
} refusals[] = {
	{ "talk",
	  { { ETC "talk.service.d/override.conf", "[Service]\nUser=nobody\n\nEnvironment=A=1 \\\n"
						  "LD_PRELOAD=a.so\n" } },
	  ETC "talk.service.d/override.conf:4: ",
	  "LD_PRELOAD is set after" },
	{ "talk",
	  { { ETC "talk.service.d/override.conf", "[Service]\nEnvironment=\n" } },
	  ETC "talk.service.d/override.conf:2: ",
	  "Environment= is emptied after" },
	{ "talk",
	  { { USR "service.d/50-mine.conf", SAYS("LD_PRELOAD=a.so") } },
	  USR "service.d/50-mine.conf:2: ",
	  "LD_PRELOAD is set after" },
	{ "talk",
	  { { USR "talk.service", UNIT "EnvironmentFile=/etc/a\n" },
	    { "etc/a", "\nA=1\n LD_PRELOAD = 'a.so'\n" } },
	  "etc/a:3: ",
	  "overrides a drop-in" },
	{ "talk",
	  { { ETC "talk.service.d/10-a.conf", "[Service]\nEnvironmentFile=-/etc/%N-%%-*.env\n" },
	    { "etc/talk-%-1.env", "A=1\n" },
	    { "etc/talk-%-2.env", "LD_PRELOAD=a.so" } },
	  "etc/talk-%-2.env:1: ",
	  "overrides a drop-in" },
	{ "say@x",
	  { { USR "say@.service", UNIT "EnvironmentFile=/etc/say-%i\n" },
	    { "etc/say-x", "LD_PRELOAD=a.so" } },
	  "etc/say-x:1: ",
	  "overrides a drop-in" },
	{ "talk",
	  { { USR "talk.service", UNIT "UnsetEnvironment=A LD_PRELOAD\n" } },
	  USR "talk.service:5: ",
	  "removes LD_PRELOAD" },
	{ "talk",
	  { { USR "talk.service", UNIT "UnsetEnvironment=LD_PRELOAD=" LIBRARY "\n" } },
	  USR "talk.service:5: ",
	  "removes LD_PRELOAD" },
	{ "nobody", { { NULL } }, "", "there is no unit nobody.service" },
	{ "nobody@x", { { NULL } }, "", "there is no unit nobody@x.service" },
	{ "talk@", { { NULL } }, "", "there is no unit talk@.service" },
	{ "nobody", { { ETC "nobody.service.d/a.conf", "" } }, "", "there is no unit" },
	{ "off",
	  { { ETC "off.service", "->/dev/null" }, { USR "off.service", UNIT } },
	  "",
	  "off.service is masked" },
	{ "off",
	  { { ETC "off.service", "" }, { USR "off.service", UNIT } },
	  "",
	  "off.service is masked" },
	{ "also",
	  { { ETC "also.service", "->/usr/lib/systemd/system/talk.service" } },
	  "",
	  "also.service is an alias of talk.service" },
	{ "talk",
	  { { TALK, "->/etc/mine.conf" }, { "etc/mine.conf", MARK } },
	  TALK,
	  "is not a regular file" },
	{ "talk", { { TALK "/", NULL } }, TALK, "is not a regular file" },
	/* Their namesake comes first. */
	{ "talk",
	  { { TALK, "# mine\n" } },
	  TALK,
	  "overrides it: remove that file first",
	  "--runtime" },
	{ "say@x",
	  { { USR "say@.service", UNIT }, { ETC "say@.service.d/" NAME, "[Service]\n" } },
	  ETC "say@.service.d/" NAME,
	  "overrides it",
	  "--runtime" },
	/* A file where a directory should be; links that lead out, or to nothing. */
	{ "talk", { { ETC "talk.service.d", "" } }, TALK, "Not a directory" },
	{ "talk",
	  { { ETC "talk.service.d", "->../../../../../../../../outside" } },
	  TALK,
	  "File exists" },
	{ "talk", { { ETC "talk.service.d", "->/tmp" } }, TALK, "File exists" },
	{ "talk", { { ETC "talk.service.d", "->talk.service.d" } }, TALK, "symbolic links" },
};

START_TEST(refused)
{
	const struct refusal *refusal = &refusals[_i];
	struct called called;
	char *before;

	make_tree(UNIT);
	for (const struct file *file = refusal->files; file->path; file++)
		put_file(file);
	before = list(tree(), true);
	called = ENABLE(refusal->unit, "--method", "library", "--idle", "60", refusal->more);
	expect_status(&called, 1);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, refusal->message);
	expect_says(called.errors, *refusal->file ? at(refusal->file) : "");
	expect_same_tree(before, true, refusal->message);
	free(before);
}
END_TEST

/* Ours in etc and ours in run: the first is read, the other not. */
START_TEST(hidden_by_its_like)
{
	struct called called;
	char *before;

	make_tree(UNIT);
	called = ENABLE("talk", NULL);
	expect_quiet(&called);
	before = list(tree(), true);
	called = ENABLE("talk", "--runtime");
	expect_status(&called, 1);
	expect_says(called.errors, "overrides it: run keepalive disable talk.service first");
	called = disable("talk", "--runtime");
	expect_status(&called, 1);
	expect_says(called.errors, "does not exist");
	expect_says(called.errors, "try without --runtime");
	expect_same_tree(before, true, "hidden");
	free(before);
	called = disable("talk", NULL);
	expect_quiet(&called);
	called = ENABLE("talk", "--runtime");
	expect_quiet(&called);
	called = disable("talk", NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "try with --runtime");
	called = disable("talk", "--runtime");
	expect_quiet(&called);
	called = disable("talk", "--runtime");
	expect_status(&called, 1);
	ck_assert(!strstr(called.errors, "try"));
}
END_TEST

/* A unit that is gone is disabled all the same. */
START_TEST(disable_without_the_unit)
{
	struct called called;

	make_tree(UNIT);
	called = ENABLE("talk", NULL);
	expect_quiet(&called);
	ck_assert_int_eq(unlink(at(USR "talk.service")), 0);
	called = disable("talk", NULL);
	expect_quiet(&called);
	ck_assert_int_eq(access(at(ETC "talk.service.d"), F_OK), -1);
}
END_TEST

/* What is said on stderr, while it is written all the same. */
static const struct warning {
	struct file files[FILES_MAX];
	const char *file, *message;
	const char *more[5];
} warnings[] = {
	{ { { USR "talk.service", UNIT "EnvironmentFile=/etc/a\n" },
	    { "etc/a", "KEEPALIVE_IDLE=30\n" } },
	  "etc/a:1: ",
	  "KEEPALIVE_IDLE=30 is set, and overrides",
	  { "--idle", "60" } },
	{ { { ETC "talk.service.d/override.conf", SAYS("KEEPALIVE_IDLE=30") } },
	  ETC "talk.service.d/override.conf:2: ",
	  "KEEPALIVE_IDLE=30 is set",
	  { "--idle", "60" } },
	{ { { USR "talk.service", UNIT "UnsetEnvironment=KEEPALIVE_IDLE\n" } },
	  USR "talk.service:5: ",
	  "removes KEEPALIVE_IDLE",
	  { "--idle", "60" } },
	{ { { USR "talk.service", UNIT "EnvironmentFile=/etc/%m\n" } },
	  USR "talk.service:5: ",
	  "the variables in EnvironmentFile=/etc/%m are unknown" },
	{ { { USR "talk.service", UNIT "EnvironmentFile=/etc/*/a\n" } },
	  USR "talk.service:5: ",
	  "the variables in EnvironmentFile=/etc/*/a are unknown" },
	{ { { NULL } },
	  "nowhere.so",
	  ": the library does not exist",
	  { "--library", "/nowhere.so" } },
	{ { { "opt/link.so", "->/etc/passwd" } },
	  "opt/link.so",
	  ": the library does not exist",
	  { "--library", "/opt/link.so" } },
	{ { { NULL } }, "", "KEEPALIVE: keepalive is off", { "--keepalive", "off" } },
	{ { { USR "talk.service", "[Service]\nExecStart=-/usr/bin/fixed a\n" } },
	  "",
	  "/usr/bin/fixed: it is statically linked" },
	{ { { USR "talk.service", "[Service]\nExecStart=fixed\n" } },
	  "",
	  "fixed: it is statically linked" },
	{ { { USR "talk.service", "[Service]\nExecStart=@!/usr/bin/%p-foreign a\n" } },
	  "",
	  "/usr/bin/talk-foreign: it is for another architecture" },
	{ { { USR "talk.service", "[Service]\nExecStart=/usr/bin/linked\n" },
	    { "usr/bin/linked", "->/usr/bin/fixed" } },
	  "",
	  "/usr/bin/linked: it is statically linked" },
	{ { { USR "talk.service", "[Service]\nExecStart=/usr/bin/script\n" },
	    { "usr/bin/script", "#! /usr/bin/fixed -x\n" } },
	  "",
	  "/usr/bin/script: it is statically linked" },
	{ { { USR "talk.service.d/" NAME, "[Service]\n" } },
	  USR "talk.service.d/" NAME,
	  "has no effect any more" },
};

START_TEST(warned)
{
	const struct warning *warning = &warnings[_i];
	struct called called;

	make_tree(UNIT);
	put_program("usr/bin/fixed", true, false);
	put_program("usr/bin/talk-foreign", false, true);
	for (const struct file *file = warning->files; file->path; file++)
		put_file(file);
	called = ENABLE("talk", "--method", "library", warning->more[0],
			warning->more[0] ? warning->more[1] : NULL);
	expect_status(&called, 0);
	expect_says(called.errors, warning->message);
	expect_says(called.errors, *warning->file ? at(warning->file) : "");
	ck_assert_msg(strchr(called.errors, '\n') == strrchr(called.errors, '\n'), "%s",
		      called.errors);
	ck_assert_int_eq(access(at(TALK), F_OK), 0);
}
END_TEST

/* A program with libseccomp; and what the drop-in then has, where the warning is heeded. */
START_TEST(warned_of_sandbox)
{
	static const char said[] = "keepalive: /usr/bin/sandboxed: it can enter a seccomp sandbox";
	char *source = strdup(source_path("tests/cli/mark.c")), *program;
	struct called called;
	int status;

	make_tree("[Service]\nExecStart=!/usr/bin/sandboxed -F 1\n");
	make_folders(at("usr/bin/sandboxed"));
	program = strdup(at("usr/bin/sandboxed"));
	free(process_run(&(struct command){ .argv = (const char *const[]){ "gcc", source,
									   "-Wl,--no-as-needed",
									   "-l:libseccomp.so.2",
									   "-o", program, NULL } },
			 &status));
	if (status)
		SKIP("no program with libseccomp can be made here");
	called = enable("talk", (const char *const[]){ NULL });
	expect_status(&called, 0);
	ck_assert_msg(!strncmp(called.errors, said, strlen(said)), "%s", called.errors);
	called = ENABLE("talk", "--sandboxed", "off");
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	expect_content(TALK, HEAD("talk.service") "Environment=LD_PRELOAD=" LIBRARY "\n"
						  "Environment=KEEPALIVE_SANDBOXED=off\n");
}
END_TEST

/* What looks like it, and is no reason to warn. */
static const struct {
	struct file files[FILES_MAX];
	const char *more[5];
} fine[] = {
	{ { { USR "talk.service", UNIT "EnvironmentFile=/etc/a\n" },
	    { "etc/a", "KEEPALIVE_COUNT=30\nKEEPALIVE_IDLE=6\\\n0 \n" } },
	  { "--idle", "60" } },
	{ { { ETC "talk.service.d/10-a.conf", SAYS("KEEPALIVE_IDLE=30") } }, { "--idle", "60" } },
	{ { { USR "talk.service", UNIT "ProtectHome=read-only\nPrivateTmp=no\n" },
	    { "home/a.so", COPY } },
	  { "--library", "/home/a.so" } },
	{ { { USR "talk.service", UNIT "ProtectHome=yes\nProtectHome=no\nPrivateTmp=yes\n" },
	    { "home/a.so", COPY } },
	  { "--library", "/home/a.so" } },
	{ { { USR "talk.service", UNIT "PrivateTmp=yes\n" }, { "tmpfile/a.so", COPY } },
	  { "--library", "/tmpfile/a.so" } },
	{ { { USR "talk.service",
	      "[Service]\nExecStart=/usr/bin/fixed\nExecStart=\nExecStart=/usr/bin/talk\n" } },
	  { NULL } },
	{ { { ETC "talk.service.d/60-a.conf", "[Unit]\nEnvironment=\n" } }, { NULL } },
};

START_TEST(not_warned)
{
	struct called called;

	make_tree(UNIT);
	put_program("usr/bin/fixed", true, false);
	for (const struct file *file = fine[_i].files; file->path; file++)
		put_file(file);
	called = enable("talk", fine[_i].more);
	expect_quiet(&called);
}
END_TEST

/* Words that are not the name of a service. */
static const struct {
	const char *word, *message;
} bad_names[] = {
	{ "", "\"\" is not the name of a unit" },
	{ ".service", "is not the name of a unit" },
	{ "@x.service", "is not the name of a unit" },
	{ "a b", "\"a b\" is not the name of a unit" },
	{ "a;reboot", "is not the name of a unit" },
	{ "caf\303\251", "is not the name of a unit" },
	{ "$(id)", "is not the name of a unit" },
	{ "a\n", "is not the name of a unit" },
	{ "../talk", "name the unit without its directory" },
	{ "/etc/systemd/system/talk.service", "name the unit without its directory" },
	{ "talk.timer",
	  "talk.timer is a timer: name the service that it activates, such as talk.service" },
	{ "talk.path", "is a path: name the service" },
	{ "talk@.path", "such as talk@.service" },
	{ "multi-user.target", "is a target: name a service" },
	{ "srv.mount", "is a mount: name a service" },
	{ "a.slice", "is a slice: name a service" },
};

START_TEST(bad_name)
{
	char *before;

	make_tree(UNIT);
	before = list(tree(), true);
	for (int i = 0; i < 2; i++) {
		struct called called =
			CALL(i ? "disable" : "enable", "--root", tree(), bad_names[_i].word);

		expect_status(&called, 2);
		expect_says(called.errors, bad_names[_i].message);
		expect_says(called.errors,
			    i ? "keepalive disable --help" : "keepalive enable --help");
	}
	expect_same_tree(before, true, bad_names[_i].word);
	free(before);
}
END_TEST

START_TEST(long_names)
{
	char name[300];
	struct called called;

	make_tree(UNIT);
	memset(name, 'a', sizeof name);
	name[248] = 0; /* 256 with .service: one too many */
	called = ENABLE(name, NULL);
	expect_status(&called, 2);
	expect_says(called.errors, "too long for a unit");
	/* One that systemd takes, without room for .d: the file system's word. */
	name[247] = 0;
	put_file(&(struct file){ "etc/x", "" });
	called = ENABLE(name, NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "there is no unit aaa");
}
END_TEST

START_TEST(wrong_calls)
{
	struct called called;

	make_tree(UNIT);
	called = CALL("enable", "--root", tree());
	expect_status(&called, 2);
	called = CALL("enable", "--root", tree(), "talk", "walk");
	expect_status(&called, 2);
	called = CALL("enable", "--root", tree(), "talk", "--idle", "6O");
	expect_status(&called, 2);
	called = CALL("enable", "--root", tree(), "talk", "--library", "a.so");
	expect_status(&called, 2);
	expect_says(called.errors, "path in the image");
	called = CALL("enable", "--root", tree(), "talk", "--config", "a.conf");
	expect_status(&called, 2);
	expect_says(called.errors, "path in the image");
	called = CALL("enable", "--root", at("nowhere"), "talk");
	expect_status(&called, 1);
	called = CALL("enable", "--root", at(USR "talk.service"), "talk");
	expect_status(&called, 1);
	called = CALL("enable", "--root", tree(), "talk", "--library", "/opt/a b.so");
	expect_status(&called, 1);
	expect_says(called.errors, "cannot contain a path with a space or colon");
	called = CALL("enable", "--root", tree(), "talk", "--log", "/var/log/\001");
	expect_status(&called, 1);
	expect_says(called.errors, "KEEPALIVE_LOG: systemd takes only UTF-8");
	called = CALL("enable", "--root", tree(), "talk", "--log", "/var/log/\355\240\200");
	expect_status(&called, 1);
	called = CALL("disable", "--root", tree(), "talk", "--idle", "60");
	expect_status(&called, 2);
	called = CALL("disable", "--root", tree(), "talk", "--user");
	expect_status(&called, 2);
	called = CALL("enable", "--root", tree(), "talk", "--user");
	expect_status(&called, 2);
	expect_says(called.errors, "--user cannot be used with --root");
	called = CALL("enable", "--root", tree(), "talk", "--now");
	expect_status(&called, 2);
	expect_says(called.errors, "--now cannot be used with --root");
	called = CALL("enable", "talk@", "--now");
	expect_status(&called, 2);
	expect_says(called.errors, "name an instance");
	ck_assert_int_eq(access(at(ETC "talk.service.d"), F_OK), -1);
	called = CALL("enable", "--root", tree(), "talk", "--config", "");
	expect_status(&called, 0);
}
END_TEST

/* Without --library: where it is installed, inside of the image. */
START_TEST(library_as_it_is_installed)
{
	struct called called;
	char *content, *line, path[300];

	make_tree(UNIT);
	called = CALL("enable", "--root", tree(), "talk");
	expect_status(&called, 0);
	expect_says(called.errors, "/libkeepalive.so: the library does not exist");
	content = read_whole(at(TALK));
	line = strstr(content, "Environment=LD_PRELOAD=/");
	ck_assert_msg(line != NULL, "%s", content);
	snprintf(path, sizeof path, "%s", line + strlen("Environment=LD_PRELOAD=/"));
	path[strcspn(path, "\n")] = 0;
	free(content);
	put_file(&(struct file){ path, "->/opt/libkeepalive.so" });
	called = CALL("enable", "--root", tree(), "talk");
	expect_quiet(&called);
}
END_TEST

#define AWKWARD "/var/log/a \"b\" \\c 50% 'd' $HOME \303\251\t%n"

START_TEST(quoting)
{
	struct called called;

	make_tree(UNIT);
	put_file(&(struct file){ "opt/100%.so", COPY });
	called = CALL("enable", "--root", tree(), "talk", "--library", "/opt/100%.so", "--log",
		      AWKWARD, "--config", "");
	expect_status(&called, 0);
	expect_content(TALK, HEAD("talk.service") "Environment=LD_PRELOAD=/opt/100%%.so\n"
						  "Environment=KEEPALIVE_CONF=\n"
						  "Environment=\"KEEPALIVE_LOG=/var/log/a "
						  "\\\"b\\\" \\\\c 50%% 'd' $HOME "
						  "\303\251\\t%%n\"\n");
}
END_TEST

/* As systemd reads it. */
START_TEST(systemd_finds_nothing_wrong)
{
	char root[300];
	struct called called;
	char *errors;
	int status;

	if (!have_program("systemd-analyze"))
		SKIP("systemd-analyze is missing");
	if (getuid() && access("/run/systemd", F_OK))
		SKIP("systemd-analyze needs /run/systemd, which only root can make");
	make_tree(NULL);
	put(USR "talk.service", UNIT, strlen(UNIT), 0644);
	called = ENABLE("talk", "--idle", "60", "--log", AWKWARD);
	expect_quiet(&called);
	snprintf(root, sizeof root, "--root=%s", tree());
	for (int i = 0; i < 2; i++) {
		free(process_run_both(
			&(struct command){ .argv = (const char *const[]){ "systemd-analyze",
									  "verify", "--man=no",
									  root, "talk.service",
									  NULL } },
			&status, &errors));
		if (strstr(errors, "--root is only supported for"))
			SKIP("systemd-analyze verify has no --root in this version");
		if (!i)
			ck_assert_str_eq(errors, "");
		else
			expect_says(errors, NAME ":2");
		free(errors);
		/* The control: it does read that file. */
		put(TALK, "[Service]\nEnvironment=\"LD_PRELOAD\n", 34, 0644);
	}
}
END_TEST

/* Where a directory may not be written to, nothing is left. */
START_TEST(not_permitted)
{
	const char *const directories[] = { ETC, ETC "talk.service.d" };
	char *before, *errors;
	int status;

	make_tree(UNIT);
	for (int i = 0; i < 2; i++) {
		make_folders(at(ETC "talk.service.d/"));
		if (!i)
			ck_assert_int_eq(rmdir(at(ETC "talk.service.d")), 0);
		ck_assert_int_eq(chmod(at(directories[i]), 0555), 0);
		before = list(tree(), true);
		for (int verb = 0; verb < 2; verb++) {
			free(process_run_both(
				&(struct command){
					.argv = (const char *const[]){ command(),
								       verb ? "disable" : "enable",
								       "talk", "--root", tree(),
								       NULL },
					.user = "nobody" },
				&status, &errors));
			ck_assert_int_eq(status, 1);
			expect_says(errors, verb ? "does not exist" : "Permission denied");
			expect_says(errors, at(TALK));
			free(errors);
		}
		expect_same_tree(before, true, directories[i]);
		free(before);
		ck_assert_int_eq(chmod(at(directories[i]), 0755), 0);
	}
}
END_TEST

START_TEST(may_not_be_removed)
{
	char *before, *errors;
	struct called called;
	int status;

	make_tree(UNIT);
	called = ENABLE("talk", NULL);
	expect_quiet(&called);
	ck_assert_int_eq(chmod(at(ETC "talk.service.d"), 0555), 0);
	before = list(tree(), true);
	free(process_run_both(
		&(struct command){ .argv = (const char *const[]){ command(), "disable", "talk",
								  "--root", tree(), NULL },
				   .user = "nobody" },
		&status, &errors));
	ck_assert_int_eq(status, 1);
	expect_says(errors, "Permission denied");
	expect_same_tree(before, true, "disable");
	free(errors);
	free(before);
	ck_assert_int_eq(chmod(at(ETC "talk.service.d"), 0755), 0);
}
END_TEST

/* A write that fails half way: no more than so many bytes fit into a file. */
START_TEST(no_room)
{
	struct called called;
	char *before;

	make_tree(UNIT);
	for (int i = 0; i < 2; i++) {
		int status;

		before = list(tree(), false);
		free(process_run(
			&(struct command){ .argv =
						   (const char *const[]){
							   "sh", "-c",
							   "trap '' XFSZ; ulimit -f 0; exec \"$@\"",
							   "sh", command(), "enable", "talk",
							   "--root", tree(), "--library", LIBRARY,
							   NULL } },
			&status));
		ck_assert_int_eq(status, 1);
		expect_same_tree(before, false, "no room");
		free(before);
		called = ENABLE("talk", "--idle", "60");
		expect_quiet(&called);
	}
}
END_TEST

/* Links in the way of it lead to what is in the image, and nothing outside is touched. */
static const struct escape {
	const char *link, *target; /* %s: a directory outside */
	int status;
} escapes[] = {
	{ ETC "talk.service.d", "%s", 1 },
	{ "etc/systemd", "%s", 1 },
	{ "etc", "%s", 1 },
	{ ETC "talk.service.d", "../../../../../../../../../..%s", 1 },
	/* This one is there, in the image. */
	{ ETC "talk.service.d", "/../srv", 0 },
};

START_TEST(does_not_leave_the_image)
{
	const struct escape *escape = &escapes[_i];
	char target[400], outside[300], *before, *after;
	struct called called;

	snprintf(outside, sizeof outside, "%s", scratch_path("outside.%d", getpid()));
	ck_assert_int_eq(mkdir(outside, 0777), 0);
	put("opt/libkeepalive.so", "", 0, 0644);
	put(USR "talk.service", UNIT, strlen(UNIT), 0644);
	make_folders(at("srv/"));
	make_folders(at(escape->link));
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(target, sizeof target, escape->target, outside);
#pragma GCC diagnostic pop
	ck_assert_int_eq(symlink(target, at(escape->link)), 0);
	before = list(outside, true);
	called = ENABLE("talk", NULL);
	expect_status(&called, escape->status);
	after = list(outside, true);
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(access(at("srv/" NAME), F_OK), escape->status ? -1 : 0);
	free(before);
	free(after);
	/* Nor is what a link outside of the image has there removed. */
	if (escape->status) {
		char *there;

		ck_assert_int_gt(asprintf(&there, "%s/" NAME, outside), 0);
		put_file(&(struct file){ "drop-in",
					 "# Written by keepalive enable; keepalive disable\n" });
		ck_assert_int_eq(rename(at("drop-in"), there), 0);
		called = disable("talk", NULL);
		expect_status(&called, 1);
		ck_assert_int_eq(access(there, F_OK), 0);
		free(there);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("enable");
	TCase *tests = harness_case(suite, "enable", 30);

	tcase_add_test(tests, writes_it);
	tcase_add_test(tests, others_may_read_it);
	tcase_add_test(tests, again_it_changes_the_settings_only);
	tcase_add_loop_test(tests, disable_puts_all_back, 0, sizeof rounds / sizeof *rounds);
	tcase_add_test(tests, missing_folders);
	tcase_add_loop_test(tests, what_is_preloaded_stays, 0, sizeof preloads / sizeof *preloads);
	tcase_add_loop_test(tests, refused, 0, sizeof refusals / sizeof *refusals);
	tcase_add_test(tests, hidden_by_its_like);
	tcase_add_test(tests, disable_without_the_unit);
	tcase_add_loop_test(tests, warned, 0, sizeof warnings / sizeof *warnings);
	tcase_add_test(tests, warned_of_sandbox);
	tcase_add_loop_test(tests, not_warned, 0, sizeof fine / sizeof *fine);
	tcase_add_loop_test(tests, bad_name, 0, sizeof bad_names / sizeof *bad_names);
	tcase_add_test(tests, long_names);
	tcase_add_test(tests, wrong_calls);
	tcase_add_test(tests, library_as_it_is_installed);
	tcase_add_test(tests, quoting);
	tcase_add_test(tests, systemd_finds_nothing_wrong);
	tcase_add_test(tests, not_permitted);
	tcase_add_test(tests, may_not_be_removed);
	tcase_add_test(tests, no_room);
	tcase_add_loop_test(tests, does_not_leave_the_image, 0, sizeof escapes / sizeof *escapes);
	return harness_run(suite);
}
