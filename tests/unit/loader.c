/* The loader: which file is read, what off means, and users by name. */
#include <stdio.h>
#include <string.h>

#include "lib/harness.h"
#include "lib/in_memory.h"
#include "lib/messages.h"

enum { DAEMON = 1, NOBODY = 65534 };

static const char users[] = "daemon:x:1:1::/:/bin/false\n"
			    "#\n"
			    "dae:x:7:7\n"
			    "daemons:x:8:8::\n"
			    "nameless:x::9::\n"
			    "letters:x:1O:9::\n"
			    "large:x:4294967296:9::\n"
			    "short:x\n"
			    "1:x:12:12::\n"
			    "nobody:x:65534:65534::/nonexistent:/bin/false\n"
			    "last:x:65533:";

static uint64_t memory[512];

static const struct text *no_names(void)
{
	static const struct text none[PROGRAM_NAMES];

	return none;
}

static struct loaded load(const char *text, uint32_t user, struct messages *messages)
{
	struct errors errors = collect_messages(messages);
	struct loaded loaded = { .file.rules = { (unsigned char *)memory, sizeof memory, 0 } };

	*messages = (struct messages){ 0 };
	in_memory.users = (struct file_in_memory){ users, sizeof users - 1, 0 };
	load_in_memory(&loaded, NULL, text, strlen(text),
		       (struct program){ .names = no_names, .user_known = true, .user = user },
		       &errors);
	return loaded;
}

static const struct user_row {
	const char *list;
	uint32_t user;
	int holds;
	const char *messages;
} user_rows[] = {
	{ "1", DAEMON, 1, "" },
	{ "01", DAEMON, 1, "" },
	{ "2", DAEMON, 0, "" },
	{ "0", 0, 1, "" },
	{ "2 1", DAEMON, 1, "" },
	{ "daemon", DAEMON, 1, "" },
	{ "nobody daemon", DAEMON, 1, "" },
	{ "daemon", NOBODY, 0, "" },
	{ "nobody", NOBODY, 1, "" },
	{ "last", 65533, 1, "" },
	{ "dae", 7, 1, "" },
	{ "daemons", 8, 1, "" },
	{ "daem", DAEMON, 0, "FILE:2: uid: \"daem\" is not a user in /etc/passwd\n" },
	{ "daemon:x", DAEMON, 0, "FILE:2: uid: \"daemon:x\" is not a user in /etc/passwd\n" },
	/* One who is not there keeps nobody else out. */
	{ "absent daemon", DAEMON, 1, "FILE:2: uid: \"absent\" is not a user in /etc/passwd\n" },
	{ "nameless", 0, 0, "FILE:2: uid: \"nameless\" is not a user in /etc/passwd\n" },
	{ "letters", 1, 0, "FILE:2: uid: \"letters\" is not a user in /etc/passwd\n" },
	{ "large", 0, 0, "FILE:2: uid: \"large\" is not a user in /etc/passwd\n" },
	{ "short", 0, 0, "FILE:2: uid: \"short\" is not a user in /etc/passwd\n" },
	/* Digits are a number, whatever names there are. */
	{ "1", 12, 0, "" },
	{ "1x", DAEMON, 0,
	  "FILE:2: uid: \"1x\" is not a user name or number; the rule is ignored\n" },
	{ "4294967295", 4294967295, 0,
	  "FILE:2: uid: \"4294967295\" is not a user name or number; the rule is ignored\n" },
	{ "", DAEMON, 0, "FILE:2: uid: has no value; the rule is ignored\n" },
};

START_TEST(uid)
{
	static const size_t pieces[] = { 0, 1, 7 };
	const struct user_row *row = &user_rows[_i];
	char text[128];

	snprintf(text, sizeof text, "[rule r]\nuid = %s\nidle = 5\n", row->list);
	for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
		struct messages messages;
		struct loaded loaded;

		in_memory.piece = pieces[i];
		loaded = load(text, row->user, &messages);
		ck_assert_str_eq(messages.at, row->messages);
		ck_assert_int_eq(rule_next(&loaded.file.rules, NULL) != NULL, row->holds);
	}
}
END_TEST

/* A user and a program: both have to be right. Nothing is known of the user: no rule by user holds.
 */
START_TEST(uid_and_others)
{
	struct messages messages;
	struct loaded loaded =
		load("[rule r]\nuid = 1\nprogram = x\nidle = 5\n", DAEMON, &messages);
	struct errors errors = collect_messages(&messages);
	static const char any[] = "[rule r]\nuid = 0 1\nidle = 5\n";

	ck_assert_ptr_null(rule_next(&loaded.file.rules, NULL));
	loaded = load("[rule r]\nuid = 1\nprogram = *\nidle = 5\n", DAEMON, &messages);
	ck_assert_ptr_null(rule_next(&loaded.file.rules, NULL)); /* it has no name */
	loaded = load("[rule r]\nuid = 1\nrole = client\nidle = 5\n", DAEMON, &messages);
	ck_assert_ptr_nonnull(rule_next(&loaded.file.rules, NULL));
	load_in_memory(&loaded, NULL, any, sizeof any - 1, (struct program){ .names = no_names },
		       &errors);
	ck_assert_ptr_null(rule_next(&loaded.file.rules, NULL));
	ck_assert_str_eq(messages.at, "");
}
END_TEST

/* Warnings are counted apart from errors. */
START_TEST(warnings)
{
	struct loaded loaded = { .file.rules = { (unsigned char *)memory, sizeof memory, 0 } };
	static const char text[] = "user_timeout = 30\nidle = x\n[rule r]\nuid = nobody-at-all 1\n"
				   "user_timeout = 31\n";
	struct messages messages = { 0 };
	struct errors errors = collect_messages(&messages);

	load_in_memory(&loaded, NULL, text, sizeof text - 1,
		       (struct program){ .names = no_names, .user_known = true, .user = DAEMON },
		       &errors);
	ck_assert_str_eq(values_text(&loaded.file.globals), "user_timeout 30");
	ck_assert_ptr_nonnull(rule_next(&loaded.file.rules, NULL));
	ck_assert_uint_eq(errors.count, 1);
	ck_assert_uint_eq(errors.warnings, 3);
}
END_TEST

START_TEST(no_list_of_users)
{
	struct loaded loaded = { .file.rules = { (unsigned char *)memory, sizeof memory, 0 } };
	static const char text[] = "[rule r]\nuid = daemon 1\nidle = 5\n";
	struct messages messages = { 0 };
	struct errors errors = collect_messages(&messages);

	in_memory.users = (struct file_in_memory){ 0 };
	load_in_memory(&loaded, NULL, text, sizeof text - 1,
		       (struct program){ .names = no_names, .user_known = true, .user = DAEMON },
		       &errors);
	ck_assert_str_eq(messages.at, "FILE:2: uid: \"daemon\" is not a user in /etc/passwd\n");
	ck_assert_ptr_nonnull(rule_next(&loaded.file.rules, NULL));
}
END_TEST

static const char settings[] = "idle = 5\nlog = /x\nsandboxed = on\n[rule a]\nidle = 6\n[rule b]\n";

static char opened[32]; /* the file that was opened last */
static int open_error;
static int read_error; /* of each read after the first */
static bool was_read;

static int open_noted(const char *path)
{
	snprintf(opened, sizeof opened, "%s", path);
	return -open_error;
}

static long read_noted(int fd, char *to, size_t size)
{
	(void)fd;
	ck_assert_uint_ge(size, sizeof settings - 1);
	if (was_read)
		return -read_error;
	was_read = true;
	memcpy(to, settings, sizeof settings - 1);
	return sizeof settings - 1;
}

static const struct system noted = { open_noted, describe_in_memory, read_noted, close_in_memory };

static bool load_noted(struct loaded *loaded, const char *variable, const char *file,
		       bool even_if_off, struct messages *messages)
{
	char text[64];
	char *variables[] = { text, NULL };
	const struct program program = { .names = no_names, .system = &noted };
	const struct loader loader = { .variables = variables,
				       .default_file = "/default",
				       .file = file,
				       .even_if_off = even_if_off,
				       .program = &program,
				       .system = &noted };
	struct errors errors = collect_messages(messages);

	snprintf(text, sizeof text, "%s", variable);
	*messages = (struct messages){ 0 };
	*loaded = (struct loaded){ .file.rules = { (unsigned char *)memory, sizeof memory, 0 } };
	*opened = 0;
	was_read = false;
	return configuration_load(loaded, &loader, &errors);
}

START_TEST(which_file)
{
	static const struct {
		const char *variable, *file, *opened;
		bool even_if_off, active, found;
		const char *messages;
	} row[] = {
		{ "X=", NULL, "/default", false, true, false, "" },
		{ "KEEPALIVE_CONF=/named", NULL, "/named", false, true, true,
		  "/named: does not exist\n" },
		{ "KEEPALIVE_CONF=/named", "/flag", "/flag", false, true, true,
		  "/flag: does not exist\n" },
		{ "KEEPALIVE_CONF=", NULL, "", false, true, false, "" },
		{ "KEEPALIVE_CONF=/named", "", "", false, true, false, "" },
		{ "KEEPALIVE=off", NULL, "", false, false, false, "" },
		{ "KEEPALIVE=off", NULL, "/default", true, false, false, "" },
		{ "KEEPALIVE=off", "/flag", "", false, false, false, "" },
	};

	open_error = ENOENT;
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct messages messages;
		struct loaded loaded;

		ck_assert_msg(load_noted(&loaded, row[i].variable, row[i].file, row[i].even_if_off,
					 &messages) == row[i].active,
			      "row %zu", i);
		ck_assert_str_eq(opened, row[i].opened);
		ck_assert_str_eq(messages.at, row[i].messages);
		ck_assert_msg(loaded.found == row[i].found, "row %zu", i);
	}
}
END_TEST

/* A file that fails in the middle leaves nothing, not what was read before either. */
START_TEST(read_in_part)
{
	struct messages messages;
	struct loaded loaded;

	open_error = 0;
	load_noted(&loaded, "X=", NULL, false, &messages);
	ck_assert_str_eq(messages.at, "");
	ck_assert_str_eq(values_text(&loaded.file.globals), "idle 5");
	ck_assert_int_eq(loaded.file.logging.target, LOG_FILE);
	ck_assert_int_eq(loaded.file.sandboxed.state, VALUE_SET);
	ck_assert_ptr_nonnull(rule_next(&loaded.file.rules, NULL));

	read_error = EIO;
	load_noted(&loaded, "X=", NULL, false, &messages);
	ck_assert_str_eq(messages.at, "/default: cannot be read\n");
	ck_assert_str_eq(values_text(&loaded.file.globals), "");
	ck_assert_int_eq(loaded.file.logging.target, LOG_UNSET);
	ck_assert_int_eq(loaded.file.sandboxed.state, VALUE_ABSENT);
	ck_assert_ptr_null(rule_next(&loaded.file.rules, NULL));
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("loader");
	TCase *test_case = harness_case(suite, "loader", 10);

	tcase_add_loop_test(test_case, uid, 0, sizeof user_rows / sizeof *user_rows);
	tcase_add_test(test_case, uid_and_others);
	tcase_add_test(test_case, warnings);
	tcase_add_test(test_case, no_list_of_users);
	tcase_add_test(test_case, which_file);
	tcase_add_test(test_case, read_in_part);
	return harness_run(suite);
}
