/* keepalive enable and disable of drop-ins that somebody wrote or changed by hand. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/image.h"
#include "lib/harness.h"

/* What was there, what enable makes of it, and what disable leaves: "" for no file. */
static const struct edited {
	const char *before, *enabled, *left;
} edited[] = {
	/* As EXAMPLES has it. */
	{ "[Service]\nEnvironment=LD_PRELOAD=libkeepalive.so\n"
	  "Environment=KEEPALIVE_IDLE=60 KEEPALIVE_INTERVAL=10 KEEPALIVE_COUNT=6\n",
	  "[Service]\n" OURS, "" },
	/* Below our comment, by hand. */
	{ MARK " talk.service removes it.\n[Service]\nEnvironment=LD_PRELOAD=" LIBRARY "\n"
	       "Environment=KEEPALIVE_IDLE=90\nLimitNOFILE=9\n# mine\n",
	  "[Service]\nLimitNOFILE=9\n# mine\n" OURS, "[Service]\nLimitNOFILE=9\n# mine\n" },
	{ "# mine\n[Service]\nEnvironment=A=1 \"KEEPALIVE_IDLE=9\" 'B=2 3' C=%i\n"
	  "[Unit]\nDescription=x\nEnvironment=KEEPALIVE_IDLE=1\n",
	  "# mine\n[Service]\nEnvironment=A=1 \"B=2 3\" C=%i\n"
	  "[Unit]\nDescription=x\nEnvironment=KEEPALIVE_IDLE=1\n[Service]\n" OURS,
	  "# mine\n[Service]\nEnvironment=A=1 \"B=2 3\" C=%i\n"
	  "[Unit]\nDescription=x\nEnvironment=KEEPALIVE_IDLE=1\n[Service]\n" },
	{ "[Service]\nEnvironment=KEEPALIVE_IDLE=9 \\\n# KEEPALIVE_COUNT=1\n  A=1 \\\n "
	  "KEEPALIVE=on\n"
	  "Nice=1 \\\nEnvironment=KEEPALIVE=on",
	  "[Service]\nEnvironment=A=1\nNice=1 \\\nEnvironment=KEEPALIVE=on\n" OURS,
	  "[Service]\nEnvironment=A=1\nNice=1 \\\nEnvironment=KEEPALIVE=on\n" },
	/* Another library beside ours: of a file of enable it is a copy. */
	{ "[Service]\nEnvironment=A=1 \"LD_PRELOAD=/a.so " LIBRARY " b.so\"\n",
	  "[Service]\nEnvironment=A=1 LD_PRELOAD=/a.so:b.so\n"
	  "Environment=LD_PRELOAD=/a.so:b.so:" LIBRARY "\nEnvironment=KEEPALIVE_COUNT=3\n",
	  "[Service]\nEnvironment=A=1 LD_PRELOAD=/a.so:b.so\n" },
	{ MARK " talk.service removes it.\n[Service]\n"
	       "Environment=LD_PRELOAD=/a.so:" LIBRARY "\nNice=1\n",
	  "[Service]\nNice=1\n" OURS, "[Service]\nNice=1\n" },
	/* Another library, and what systemd ignores. */
	{ "[Service]\nEnvironment=LD_PRELOAD=/a.so\nEnvironment=KEEPALIVE_IDLE=9 \"B\nUser=a\n",
	  "[Service]\nEnvironment=LD_PRELOAD=/a.so\nEnvironment=KEEPALIVE_IDLE=9 "
	  "\"B\nUser=a\nEnvironment=LD_PRELOAD=/a.so:" LIBRARY "\nEnvironment=KEEPALIVE_COUNT=3\n",
	  "[Service]\nEnvironment=LD_PRELOAD=/a.so\nEnvironment=KEEPALIVE_IDLE=9 \"B\nUser=a\n" },
};

static void expect_changes(const char *output, const char *word, const char *path)
{
	char expected[400];

	snprintf(expected, sizeof expected, "%s %s", word, at(path));
	expect_says(output, expected);
}

/* Lines of others stay, those of ours are replaced, and both are said. */
START_TEST(lines_of_others_stay)
{
	const struct edited *file = &edited[_i];
	char *content, *before;
	struct called called;

	make_tree(UNIT);
	put_file(&(struct file){ TALK, file->before });
	before = list(tree(), true);
	called = ENABLE("talk", "--count", "3", "--dry-run");
	expect_quiet(&called);
	expect_changes(called.output, "would write", TALK);
	expect_says(called.output, "\n+ Environment=KEEPALIVE_COUNT=3\n");
	expect_same_tree(before, true, "--dry-run of enable");
	free(before);
	called = ENABLE("talk", "--count", "3");
	expect_quiet(&called);
	expect_changes(called.output, "wrote", TALK);
	expect_says(called.output, "\n+ Environment=KEEPALIVE_COUNT=3\n");
	content = read_whole(at(TALK));
	ck_assert_msg(!strncmp(content, MARK, strlen(MARK)), "%s", content);
	ck_assert_str_eq(strchr(content, '\n') + 1, file->enabled);
	free(content);
	before = list(tree(), true);
	called = ENABLE("talk", "--count", "3");
	expect_same_tree(before, true, "the same once more");
	ck_assert_ptr_eq(strstr(called.output, "\n+ "), NULL);
	called = CALL("disable", "--root", tree(), "talk", "--dry-run");
	expect_quiet(&called);
	expect_changes(called.output, *file->left ? "would keep" : "would remove", TALK);
	expect_says(called.output, "\n- Environment=KEEPALIVE_COUNT=3\n");
	expect_same_tree(before, true, "--dry-run of disable");
	free(before);
	called = disable("talk", NULL);
	expect_quiet(&called);
	expect_changes(called.output, *file->left ? "kept" : "removed", TALK);
	expect_says(called.output, "\n- Environment=KEEPALIVE_COUNT=3\n");
	if (*file->left)
		expect_content(TALK, file->left);
	else
		ck_assert_int_eq(access(at(TALK), F_OK), -1);
}
END_TEST

/* What it had and what it has, where it is called again. */
START_TEST(says_what_it_changes)
{
	struct called called;

	make_tree(UNIT);
	called = ENABLE("talk", "--idle", "60", "--count", "3");
	called = ENABLE("talk", "--count", "4");
	expect_quiet(&called);
	ck_assert_str_eq(strchr(called.output, '\n'),
			 "\n- Environment=KEEPALIVE_IDLE=60\n- Environment=KEEPALIVE_COUNT=3\n"
			 "+ Environment=KEEPALIVE_COUNT=4\n");
}
END_TEST

START_TEST(disable_leaves_what_is_not_ours)
{
	struct called called;
	char *before;

	make_tree(UNIT);
	put_file(&(struct file){ TALK, "# mine\n[Service]\nEnvironment=LD_PRELOAD=a.so A=1\n" });
	before = list(tree(), true);
	called = disable("talk", NULL);
	expect_status(&called, 1);
	expect_says(called.errors, "has no lines of keepalive enable: it stays unchanged");
	expect_same_tree(before, true, "the sample");
	free(before);
}
END_TEST

/* What others wrote into the file may undo it like that of any other. */
static const struct undone {
	const char *line, *expected;
} undone[] = {
	{ "UnsetEnvironment=LD_PRELOAD", "removes LD_PRELOAD" },
	{ "InaccessiblePaths=/opt", "hides" },
	{ "EnvironmentFile=/etc/talk", "overrides a drop-in" },
	{ "ExecStart=\nExecStart=/usr/bin/env -i /usr/bin/talk", "without LD_PRELOAD" },
};

START_TEST(lines_of_others_count)
{
	const char *lines = joined(joined("[Service]\n", undone[_i].line), "\n");
	struct called called;

	make_tree(UNIT);
	put_file(&(struct file){ "etc/talk", "LD_PRELOAD=/a.so\n" });
	called = ENABLE("talk", "--count", "3");
	expect_quiet(&called);
	put_file(&(struct file){ TALK, lines });
	called = ENABLE("talk", "--method", "library", "--count", "3");
	expect_status(&called, 1);
	expect_says(called.errors, undone[_i].expected);
	expect_content(TALK, lines);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("edited");
	TCase *tests = harness_case(suite, "edited", 30);

	tcase_add_loop_test(tests, lines_of_others_stay, 0, COUNT(edited));
	tcase_add_test(tests, says_what_it_changes);
	tcase_add_loop_test(tests, lines_of_others_count, 0, COUNT(undone));
	tcase_add_test(tests, disable_leaves_what_is_not_ours);
	return harness_run(suite);
}
