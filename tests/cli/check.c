/* keepalive check: errors and their places, and what holds for a connection, as the library has it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"

enum { NOBODY = 65534, FILES_MAX = 100, QUOTED_MAX = 60, WRONG = 1, USAGE = 2 };

/* The same file where it is ours, whosever the source tree is. */
static char *copied(const char *path)
{
	const char *name = strrchr(path, '/') + 1;
	char *copy = strdup(scratch_path("%s", name));
	struct command command = { .argv = (const char *const[]){ "cp", path, copy, NULL } };
	int status;

	free(process_run(&command, &status));
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(chmod(copy, 0644), 0);
	return copy;
}

/* What is left of `line` after `begin`, which it has to begin with. */
static const char *text_after(const char *line, const char *begin)
{
	ck_assert_msg(!strncmp(line, begin, strlen(begin)), "\"%s\" does not begin with \"%s\"",
		      line, begin);
	return line + strlen(begin);
}

/* ":LINE:COLUMN: " in front of a message. */
static const char *read_place(const char *message, unsigned int *line, unsigned int *column)
{
	int length = 0;

	ck_assert_msg(sscanf(message, ":%u:%u: %n", line, column, &length) == 2 && length,
		      "no place in \"%s\"", message);
	return message + length;
}

static const char *find_place(const char *content, unsigned int line, unsigned int column)
{
	while (--line)
		content = (const char *)rawmemchr(content, '\n') + 1;
	return content + column - 1;
}

/* Messages show what is no visible text as question marks. */
static bool is_shown_as(char byte, char shown)
{
	return byte == shown || (shown == '?' && (byte < ' ' || byte > '~'));
}

/*
 * What a message quotes is what stands at its place, whole; where it quotes nothing it is about the
 * line.
 */
static void expect_word_there(const char *message, const char *at, unsigned int column)
{
	const char *quote = strchr(message, '"');
	size_t length = 0;

	if (!quote) {
		ck_assert_uint_eq(column, 1);
		return;
	}
	quote++;
	while (length < QUOTED_MAX && is_shown_as(at[length], quote[length]))
		length++;
	ck_assert_msg(length, "there is \"%.20s\" and not what is quoted: %s", at, message);
	quote += length;
	quote += strncmp(quote, "...", 3) ? 0 : 3;
	ck_assert_msg(!strncmp(quote, "\" ", 2), "not all of what is quoted is at its place: %s",
		      message);
}

/*
 * Every line of `errors` is of the file and says where in it; they go to `messages` as the library
 * has them, which tells the line alone. How many there are.
 */
static int take_errors(char *errors, const char *path, char **messages)
{
	char *content = read_whole(path), *line;
	int count = 0;

	for (*messages = strdup(""); (line = strsep(&errors, "\n")) && *line; count++) {
		const char *message = text_after(text_after(line, "keepalive: "), path);
		char *suggestion = strstr(line, "; did you mean ");
		unsigned int row, column;
		char *same;

		if (suggestion)
			*suggestion = 0;
		message = read_place(message, &row, &column);
		expect_word_there(message, find_place(content, row, column), column);
		ck_assert_int_ge(asprintf(&same, "libkeepalive: %s:%u: %s\n", path, row, message),
				 0);
		*messages = joined(*messages, same);
	}
	return count;
}

/* What the library reports when a program starts with that file. */
static char *said_by_the_library(const char *path, const char *user)
{
	const struct command command = {
		.argv = (const char *const[]){ public_copy("tests/hooks/victim"), "socket", NULL },
		.preload = shim_path(),
		.user = user,
		.environment = { joined("KEEPALIVE_CONF=", path), "KEEPALIVE_LOG=stderr",
				 "KEEPALIVE_LOG_LEVEL=error" },
	};
	char *errors;
	int status;

	free(process_run_both(&command, &status, &errors));
	ck_assert_int_eq(status, 0);
	return errors;
}

static int expect_checked(const char *path)
{
	struct called called = CALL("check", path);
	char *messages;
	int count = take_errors(called.errors, path, &messages);

	expect_status(&called, count ? WRONG : 0);
	ck_assert_str_eq(called.output, count ? "" : joined(path, ": no errors\n"));
	ck_assert_str_eq(messages, said_by_the_library(path, NULL));
	return count;
}

static int is_configuration(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".conf");
}

START_TEST(fixtures)
{
	const char *directory = strdup(source_path("tests/unit/fixtures/"));
	struct dirent **files;
	int count = scandir(directory, &files, is_configuration, alphasort), errors = 0;

	ck_assert_int_ge(count, 37);
	for (int i = 0; i < count; i++)
		errors += expect_checked(copied(joined(directory, files[i]->d_name)));
	ck_assert_int_ge(errors, 60);
}
END_TEST

static const struct {
	const char *content;
	int errors;
} texts[] = {
	{ "", 0 },
	{ "\n\n\n", 0 },
	{ "idle = 60", 0 },
	{ "\xef\xbb\xbfidle = 60\r\ncount = 7\r\n", 0 },
	{ "\xef\xbb\xbfidle = 6O\r\n\tcount = x\r\n[rule a]\r\nremote = 1.2.3.4 5.6.7\r\n", 3 },
	{ "\xef\xbb\xbf   idel=5", 1 },
	{ "idle = 60 # seconds\ncount=7#\n", 1 },
	{ "[rule a]\nremote = 10.0.0.0/8\t::1 \t fe80::1%lo\nidle = 60", 1 },
	{ "[rule a]\nremote_port = 80 443 8000-7000 x\nrole = client servr\n", 2 },
	{ "[rule a]\nidle = 60 \t\n  interval   =   7seconds   # why\n", 1 },
	{ "keepalive = on\nlog = /var/log/keepalive\nlog_level = loud\noverride = 2\n", 2 },
	{ "= 60\nidle 60\nidle =\n", 3 },
	{ "idle = 60\nidle = 60\n\n\n\n\n\n\n\n\n\n\n\nrto_max = 999", 1 },
};

START_TEST(places)
{
	const char *path = strdup(scratch_file("text.conf", texts[_i].content));

	ck_assert_int_eq(expect_checked(path), texts[_i].errors);
}
END_TEST

START_TEST(samples)
{
	static const char *const directories[] = { "conf/presets/", "conf/" };
	int checked = 0;

	for (size_t i = 0; i < COUNT(directories); i++) {
		const char *directory = strdup(source_path(directories[i]));
		struct dirent **files;
		int count = scandir(directory, &files, is_configuration, alphasort);

		for (int k = 0; k < count; k++) {
			if (!strcmp(files[k]->d_name, "50-libkeepalive.conf"))
				continue; /* is for systemd */
			ck_assert_int_eq(
				expect_checked(copied(joined(directory, files[k]->d_name))), 0);
			checked++;
		}
	}
	ck_assert_int_ge(checked, 10);
}
END_TEST

/* Files that are not read at all. */
static void make_nothing(const char *path)
{
	unlink(path);
}

static void make_folder(const char *path)
{
	ck_assert_int_eq(mkdir(path, 0755), 0);
}

static void make_pipe(const char *path)
{
	ck_assert_int_eq(mkfifo(path, 0644), 0);
}

static void make_file(const char *path, mode_t mode)
{
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	fputs("idle = 60\n", file);
	ck_assert_int_eq(fclose(file), 0);
	ck_assert_int_eq(chmod(path, mode), 0);
}

static void make_closed(const char *path)
{
	make_file(path, 0);
}

static void make_writable(const char *path)
{
	make_file(path, 0646);
}

static void make_writable_by_group(const char *path)
{
	make_file(path, 0664);
}

static void make_foreign(const char *path)
{
	make_file(path, 0644);
	ck_assert_int_eq(chown(path, NOBODY, NOBODY), 0);
}

static void make_large(const char *path)
{
	make_file(path, 0644);
	ck_assert_int_eq(truncate(path, 1024 * 1024 + 1), 0);
}

static void make_link_to_itself(const char *path)
{
	ck_assert_int_eq(symlink(path, path), 0);
}

static const struct {
	void (*make)(const char *path);
	const char *user; /* whom to be, where we are root */
	const char *reason;
	bool root_only;
} refused[] = {
	{ make_nothing, NULL, "does not exist", false },
	{ make_folder, NULL, "is not a regular file", false },
	{ make_pipe, NULL, "is not a regular file", false },
	{ make_closed, "nobody", "permission denied", false },
	{ make_writable, NULL, "is refused: it is writable by others (chmod go-w)", false },
	{ make_writable_by_group, NULL, "is refused: it is writable by its group (chmod go-w)",
	  false },
	{ make_foreign, NULL, "is refused: its owner is neither root nor this user", true },
	{ make_large, NULL, "is refused: it is larger than 1 MiB", false },
	{ make_link_to_itself, NULL, "cannot be read", false },
};

START_TEST(file_that_is_refused)
{
	const char *path = strdup(scratch_path("refused.%d.conf", _i)), *user = refused[_i].user;
	const char *const argv[] = { public_copy("keepalive"), "check", path, NULL };
	char *message = joined(path, joined(": ", joined(refused[_i].reason, "\n"))), *errors;
	int status;

	if (refused[_i].root_only && getuid())
		SKIP("only root can give files away");
	refused[_i].make(path);
	ck_assert_str_eq(
		process_run_both(&(struct command){ .argv = argv, .user = user }, &status, &errors),
		"");
	ck_assert_int_eq(status, WRONG);
	ck_assert_str_eq(errors, joined("keepalive: ", message));
	ck_assert_str_eq(said_by_the_library(path, user), joined("libkeepalive: ", message));
}
END_TEST

/* Which file it is that is checked. */
START_TEST(which_file)
{
	static const char *const none[] = { "KEEPALIVE_CONF=", NULL };
	const char *good = strdup(scratch_file("good.conf", "idle = 60\n"));
	const char *bad = strdup(scratch_file("bad.conf", "idle = 6O\n"));
	const char *const variable[] = { joined("KEEPALIVE_CONF=", bad), NULL };
	struct called called = call_as(NULL, variable, (const char *const[]){ "check", NULL });

	expect_status(&called, WRONG);
	expect_says(called.errors, bad);
	called = call_as(NULL, variable, (const char *const[]){ "check", good, NULL });
	expect_status(&called, 0);
	called = call_as(NULL, variable, (const char *const[]){ "check", "--config", good, NULL });
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, joined(good, ": no errors\n"));
	called = CALL("check", "--config", bad, good);
	expect_status(&called, 0);
	called = call_as(NULL, none, (const char *const[]){ "check", NULL });
	expect_status(&called, 0);
	ck_assert_str_eq(called.output, "no file, and no errors in the environment\n");
}
END_TEST

START_TEST(default_file)
{
	const char *path = joined(getenv("TEST_SYSCONFDIR"), "/libkeepalive.conf");
	const char *const argv[] = { "env",   "-u", "KEEPALIVE_CONF", build_path("keepalive"),
				     "check", NULL };
	char *output, *errors;
	int status;

	if (!access(path, F_OK))
		SKIP("%s is there, and would be read", path);
	output = process_run_both(&(struct command){ .argv = argv }, &status, &errors);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(errors, "");
	ck_assert_str_eq(output, joined(path, ": does not exist, which is no error\n"));
}
END_TEST

START_TEST(environment)
{
	static const char *const variables[] = { "KEEPALIVE_IDLE=6O",  "TCP_SYNCNT=0",
						 "KEEPCNT=128",        "KEEPALIVE_OVERRIDE=maybe",
						 "KEEPALIVE_LOG=here", NULL };
	struct called called = call_as(NULL, variables, (const char *const[]){ "check", NULL });

	expect_status(&called, WRONG);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors,
		    "keepalive: KEEPALIVE_IDLE: \"6O\" is not a time (units: ms, s, min, h)\n");
	expect_says(called.errors, "keepalive: KEEPCNT: \"128\" is outside 1..127\n");
	expect_says(called.errors,
		    "keepalive: KEEPALIVE_OVERRIDE: \"maybe\" is neither on nor off\n");
	expect_says(called.errors, "keepalive: KEEPALIVE_LOG: \"here\" is not off, stderr");
	ck_assert(!strstr(called.errors, "TCP_SYNCNT"));
}
END_TEST

/* What holds for a connection. F stands for the path of the file in what is expected. */

#define RULES                                                                                      \
	"idle = 60\n"                                                                              \
	"count = 6\n"                                                                              \
	"[rule database]\n"                                                                        \
	"program = psql pg_*\n"                                                                    \
	"role = client\n"                                                                          \
	"remote = 10.0.0.0/8 fd00::/8\n"                                                           \
	"remote_port = 5432 6432-6440\n"                                                           \
	"idle = 30s\n"                                                                             \
	"user_timeout = auto\n"                                                                    \
	"[rule web]\n"                                                                             \
	"local_port = 80 8080-8090\n"                                                              \
	"idle = 90\n"                                                                              \
	"defer_accept = 5\n"                                                                       \
	"override = on\n"                                                                          \
	"[rule far]\n"                                                                             \
	"remote = 192.0.2.0/24\n"                                                                  \
	"idle = default\n"                                                                         \
	"keepalive = off\n"                                                                        \
	"[rule clients]\n"                                                                         \
	"role = client\n"                                                                          \
	"interval = 11\n"                                                                          \
	"[rule user]\n"                                                                            \
	"uid = daemon 54321\n"                                                                     \
	"count = 12\n"

static const struct query {
	const char *variables[4];
	const char *words[12];
	const char *rows[6]; /* among what it says; as --raw has it but for the blanks */
} queries[] = {
	{ { NULL },
	  { "--program", "cat" },
	  { "keepalive on yes the library", "idle 60 yes F:1",
	    "interval %interval no net.ipv4.tcp_keepalive_intvl", "count 6 yes F:2",
	    "user_timeout 0 no the kernel", "override off no the library" } },
	{ { NULL },
	  { "--role", "client" },
	  { "idle 60 yes F:1", "interval 11 yes F:21, rule clients", "count 6 yes F:2" } },
	{ { NULL },
	  { "--role", "server" },
	  { "idle 60 yes F:1", "interval %interval no net.ipv4.tcp_keepalive_intvl",
	    "defer_accept 0 no the kernel" } },
	{ { NULL },
	  { "--program", "/usr/bin/psql", "--remote", "10.1.2.3", "--remote-port", "5432" },
	  { "idle 30 yes F:8, rule database", "interval 11 yes F:21, rule clients",
	    "user_timeout 95900 yes F:9, rule database, auto" } },
	{ { NULL },
	  { "--program", "pg_dump", "--remote", "fd00::1", "--remote-port", "6440" },
	  { "idle 30 yes F:8, rule database" } },
	{ { NULL },
	  { "--program", "pg_dump", "--remote", "::ffff:10.1.2.3", "--remote-port", "6432" },
	  { "idle 30 yes F:8, rule database" } },
	{ { NULL }, { "--uid", "54321" }, { "idle 60 yes F:1", "count 12 yes F:24, rule user" } },
	{ { NULL }, { "--uid", "daemon" }, { "count 12 yes F:24, rule user" } },
	{ { NULL }, { "--uid", "54322", "--role", "client" }, { "count 6 yes F:2" } },
	{ { NULL }, { "--role", "client" }, { "count 6 yes F:2" } },
	/* Each condition fails alone. */
	{ { NULL },
	  { "--program", "psq", "--remote", "10.1.2.3", "--remote-port", "5432" },
	  { "idle 60 yes F:1" } },
	{ { NULL },
	  { "--program", "psql", "--remote", "11.1.2.3", "--remote-port", "5432" },
	  { "idle 60 yes F:1" } },
	{ { NULL },
	  { "--program", "psql", "--remote", "10.1.2.3", "--remote-port", "6431" },
	  { "idle 60 yes F:1" } },
	{ { NULL }, { "--program", "psql", "--remote", "10.1.2.3" }, { "idle 60 yes F:1" } },
	{ { NULL },
	  { "--program", "psql", "--role", "server", "--remote", "10.1.2.3", "--remote-port",
	    "5432" },
	  { "idle 60 yes F:1" } },
	{ { NULL },
	  { "--local-port", "8085" },
	  { "idle 90 yes F:12, rule web", "defer_accept 5 yes F:13, rule web",
	    "override on yes F:14, rule web" } },
	{ { NULL },
	  { "--local-port", "8091" },
	  { "idle 60 yes F:1", "override off no the library" } },
	{ { NULL },
	  { "--remote", "192.0.2.7" },
	  { "keepalive off no F:18, rule far", "idle %idle no F:17, rule far, default",
	    "count %count no net.ipv4.tcp_keepalive_probes" } },
	/* Variables over rules, our own over the ancestors', flags over all. */
	{ { "TCP_KEEPIDLE=41", "KEEPCNT=3", "TCP_USER_TIMEOUT=-1", "DD_TCP_KEEPALIVE_PROBES=4" },
	  { "--local-port", "80" },
	  { "idle 41 yes TCP_KEEPIDLE", "count 3 yes KEEPCNT",
	    "user_timeout %derived yes TCP_USER_TIMEOUT, auto",
	    "override on yes F:14, rule web" } },
	{ { "TCP_KEEPIDLE=41", "KEEPALIVE_IDLE=42", "KEEPALIVE_OVERRIDE=no", "KEEPALIVE_COUNT=0" },
	  { "--local-port", "80" },
	  { "idle 42 yes KEEPALIVE_IDLE", "override off no KEEPALIVE_OVERRIDE",
	    "count %count no KEEPALIVE_COUNT, default" } },
	{ { "TCP_KEEPIDLE=41", "KEEPALIVE_IDLE=42", "DD_USE_KEEPALIVE=1" },
	  { "--local-port", "80", "--idle", "1min", "--user-timeout", "2s", "--syn-count",
	    "default" },
	  { "keepalive on yes DD_USE_KEEPALIVE", "idle 60 yes --idle",
	    "user_timeout 2000 yes --user-timeout", "syn_count %syn no --syn-count, default",
	    "count 6 yes F:2" } },
	{ { "KEEPALIVE=off" },
	  { "--local-port", "80" },
	  { "keepalive off no KEEPALIVE", "idle %idle no net.ipv4.tcp_keepalive_time",
	    "override off no the library" } },
	/* What is not set as keepalive is off is no source of what the kernel has. */
	{ { NULL },
	  { "--local-port", "80", "--keepalive", "off", "--idle", "33", "--user-timeout", "auto",
	    "--syn-count", "default" },
	  { "keepalive off no --keepalive", "idle %idle no net.ipv4.tcp_keepalive_time",
	    "user_timeout 0 no the kernel", "syn_count %syn no --syn-count, default" } },
};

/* The same with numbers of this kernel, blanks as --raw writes them, and the file. */
static char *filled_in(const char *row, const char *path)
{
	struct values fresh = kernel_values();
	const struct {
		const char *word;
		char *stands_for;
	} words[] = {
		{ "%idle", strdup(word_of(fresh.idle)) },
		{ "%interval", strdup(word_of(fresh.interval)) },
		{ "%count", strdup(word_of(fresh.count)) },
		{ "%derived", strdup(word_of((41 + 3L * fresh.interval) * 1000 - 100)) },
		{ "%syn", read_whole("/proc/sys/net/ipv4/tcp_syn_retries") },
		{ "F:", joined(path, ":") },
	};
	char *result = strdup(row);

	for (size_t i = 0; i < COUNT(words); i++) {
		char *at = strstr(result, words[i].word);

		if (!at)
			continue;
		words[i].stands_for[strcspn(words[i].stands_for, "\n")] = 0;
		*at = 0;
		result = joined(joined(result, words[i].stands_for), at + strlen(words[i].word));
	}
	return result;
}

/* The row as it is meant: the blanks of its last cell are blanks. */
static char *written_out(const struct row *row)
{
	char *text = strdup(row->cell[0]), *blank;

	for (int i = 1; i < row->cells; i++)
		text = joined(joined(text, " "), row->cell[i]);
	while ((blank = strstr(text, "\\x20"))) {
		*blank = ' ';
		memmove(blank + 1, blank + 4, strlen(blank + 4) + 1);
	}
	return text;
}

START_TEST(what_holds)
{
	const struct query *query = &queries[_i];
	const char *path = strdup(scratch_file("rules.conf", RULES));
	const char *arguments[16] = { "check", path, "-rn" };
	struct called called;

	for (size_t i = 0; query->words[i]; i++)
		arguments[i + 3] = query->words[i];
	called = call_as(NULL,
			 (const char *[]){ query->variables[0], query->variables[1],
					   query->variables[2], query->variables[3], NULL },
			 arguments);
	expect_status(&called, 0);
	ck_assert_str_eq(called.errors, "");
	for (size_t i = 0; i < COUNT(query->rows) && query->rows[i]; i++) {
		const char *expected = filled_in(query->rows[i], path);
		char *key = strndup(expected, strcspn(expected, " "));
		struct row row = find_row(called.output, 0, key);

		ck_assert_str_eq(written_out(&row), expected);
	}
}
END_TEST

/* A client has no options of listeners. */
START_TEST(options_listed)
{
	struct called client = CALL("check", "-rn", "--role", "client");
	struct called server = CALL("check", "-rn", "--role", "server");

	expect_status(&client, 0);
	expect_status(&server, 0);
	for (size_t id = 0; id < OPTIONS; id++) {
		find_row(server.output, 0, option_table[id].key);
		if (option_table[id].stage != STAGE_LISTENING)
			find_row(client.output, 0, option_table[id].key);
		else
			ck_assert(!strstr(client.output, option_table[id].key));
	}
}
END_TEST

START_TEST(ways_to_print)
{
	struct called called = CALL("check", "--role", "client", "--idle", "60");
	char *compact;

	expect_status(&called, 0);
	ck_assert(!strncmp(called.output, "OPTION ", 7));
	expect_says(called.output, " 60s yes --idle");
	called = CALL("check", "--role", "client", "--idle", "60", "--noheadings");
	ck_assert(!strncmp(called.output, "keepalive ", 10));
	called = CALL("check", "--role", "client", "--idle", "60", "--raw");
	ck_assert(!strncmp(called.output, "OPTION VALUE SET SOURCE\n", 24));
	expect_says(called.output, "\nidle 60 yes --idle\n");
	called = CALL("check", "--role", "client", "--idle", "60", "--json");
	ck_assert(is_json(called.output));
	ck_assert(!is_json(joined(called.output, "}")));
	compact = compact_json(strdup(called.output));
	expect_says(compact, "\"value\":60,");
	expect_says(compact, "\"set\":true,");
	expect_says(compact, "\"source\":\"--idle\"");
}
END_TEST

/* Names of files and rules that JSON has to escape. */
START_TEST(odd_names)
{
	const char *path = strdup(scratch_file("a \"b\\ \t.conf", "[rule \"a\\b\"]\nidle = 60\n"));
	struct called called = CALL("check", path, "--json", "--role", "client");

	expect_status(&called, 0);
	ck_assert(is_json(called.output));
	expect_says(called.output, "rule \\\"a\\\\b\\\"");
}
END_TEST

/* Nothing of names and words that would move a terminal or turn its line reaches it. */
START_TEST(names_that_move_a_terminal)
{
	static const char name[] = "\xc3\xa9\xe2\x80\xae\x1b[31m.conf",
			  shown[] = "\xc3\xa9????[31m.conf";
	const char *path = strdup(scratch_file(name, "[rule a\xc2\x9b"
						     "b\xc3\xa9]\nidle = 60\ncount = \xe2\x81\xa6"
						     "7\xff\n"));
	struct called called = CALL("check", path, "--role", "client");

	expect_status(&called, WRONG);
	expect_says(called.errors, joined(shown, ":3:9: count: \"???7?\" is not a number"));
	called = CALL("check", path, "--role", "client", "--json");
	expect_says(called.output, joined(shown, ":2, rule a??b\xc3\xa9\""));
}
END_TEST

static const char *const wrong_words[][4] = {
	{ "--role", "" },
	{ "--role", "clients" },
	{ "--remote", "" },
	{ "--remote", "localhost" },
	{ "--remote", "10.0.0.0/8" },
	{ "--remote", "10.0.0" },
	{ "--remote", "10.0.0.256" },
	{ "--remote", "::1%lo" },
	{ "--remote", "[::1]" },
	{ "--remote", ":::" },
	{ "--local-port", "" },
	{ "--local-port", "0" },
	{ "--local-port", "65536" },
	{ "--local-port", "80-90" },
	{ "--local-port", "http" },
	{ "--local-port", "-1" },
	{ "--remote", "::1", "--remote-port", "x" },
	{ "--remote", "::1", "--remote-port", "4294967376" },
	{ "--remote-port", "80" },
	{ "--idle", "6O" },
	{ "--override", "on" },
	{ "a.conf", "b.conf" },
};

START_TEST(wrong_word)
{
	const char *const *words = wrong_words[_i];
	struct called called = call((const char *const[]){ "check", words[0], words[1], words[2],
							   words[2] ? words[3] : NULL, NULL });

	expect_status(&called, USAGE);
	ck_assert_str_eq(called.output, "");
	text_after(called.errors, "keepalive: ");
	if (words[0][0] == '-')
		expect_says(called.errors, words[2] ? words[2] : words[0]);
}
END_TEST

/*
 * Real programs: what the kernel says of their sockets is what check says of connections like
 * those.
 */

static const char program[] = "import socket, sys\n"
			      "role, address, port = sys.argv[1], sys.argv[2], int(sys.argv[3])\n"
			      "family = socket.AF_INET6 if ':' in address else socket.AF_INET\n"
			      "s = socket.socket(family)\n"
			      "if role == 'client':\n"
			      "    s.connect((address, port))\n"
			      "else:\n"
			      "    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n"
			      "    s.bind((address, port))\n"
			      "    s.listen()\n"
			      "    print('listens', flush=True)\n"
			      "    accepted = s.accept()\n"
			      "print('connected', flush=True)\n"
			      "sys.stdin.read()\n";

static const struct agreement {
	const char *role, *address; /* of the listener; @ in words and file is its port */
	const char *file;
	const char *words[6];
	const char *variables[3];
} agreements[] = {
	{ "client", "127.0.0.1", "idle = 61\ncount = 7\n", { "--role", "client" }, { NULL } },
	{ "client",
	  "127.0.0.1",
	  "idle = 61\n[rule near]\nremote = 127.0.0.0/24\nidle = 71\nuser_timeout = auto\n"
	  "[rule far]\nremote = 127.1.0.0/16\nidle = 81\n",
	  { "--remote", "127.0.0.1" },
	  { NULL } },
	{ "client",
	  "127.1.2.3",
	  "idle = 61\n[rule near]\nremote = 127.0.0.0/24\nidle = 71\nuser_timeout = auto\n"
	  "[rule far]\nremote = 127.1.0.0/16\nidle = 81\nsyn_count = 3\nrto_max = 5s\n",
	  { "--remote", "127.1.2.3" },
	  { NULL } },
	{ "client",
	  "127.0.0.2",
	  "[rule port]\nremote_port = @\ninterval = 13\n[rule other]\nremote_port = 1\ncount = 3\n",
	  { "--remote", "127.0.0.2", "--remote-port", "@" },
	  { NULL } },
	{ "client",
	  "127.0.0.3",
	  "idle = 61\n[rule off]\nremote = 127.0.0.3\nkeepalive = off\n",
	  { "--remote", "127.0.0.3" },
	  { NULL } },
	{ "client",
	  "127.0.0.3",
	  "idle = 61\ncount = 7\n[rule a]\nremote = 127.0.0.3\nidle = default\n",
	  { "--remote", "127.0.0.3" },
	  { "KEEPCNT=3", "TCP_USER_TIMEOUT=-1" } },
	{ "client",
	  "127.0.0.1",
	  "[rule python]\nprogram = python3*\nidle = 91\n[rule other]\nprogram = perl*\ncount = "
	  "3\n",
	  { "--program", "python3", "--role", "client" },
	  { NULL } },
	{ "client",
	  "::1",
	  "[rule six]\nremote = ::1\nidle = 66\n[rule four]\nremote = 127.0.0.0/8\nidle = 44\n",
	  { "--remote", "::1" },
	  { NULL } },
	{ "client",
	  "127.0.0.1",
	  "[rule server]\nrole = server\nidle = 91\n[rule client]\nrole = client\nidle = 92\n",
	  { "--role", "client" },
	  { "KEEPALIVE_INTERVAL=22", "KEEPINTVL=23", "TCP_SYNCNT=4" } },
	{ "server",
	  "127.0.0.1",
	  "[rule server]\nrole = server\nidle = 91\n[rule client]\nrole = client\nidle = 92\n",
	  { "--role", "server" },
	  { NULL } },
	{ "server",
	  "127.0.0.4",
	  "idle = 61\n[rule port]\nlocal_port = @\nidle = 71\ncount = 3\n"
	  "[rule other]\nlocal_port = 1\nidle = 81\n",
	  { "--local-port", "@" },
	  { "KEEPALIVE_USER_TIMEOUT=9s" } },
	{ "server",
	  "127.0.0.4",
	  "[rule near]\nremote = 127.0.0.1\nlocal_port = @\nidle = 71\nuser_timeout = auto\n"
	  "[rule far]\nremote = 127.0.0.2\nidle = 81\n",
	  { "--remote", "127.0.0.1", "--local-port", "@" },
	  { NULL } },
	{ "server",
	  "127.0.0.4",
	  "idle = 61\n[rule off]\nlocal_port = @\nkeepalive = off\n",
	  { "--local-port", "@" },
	  { NULL } },
};

static char *with_port(const char *text, const char *port)
{
	const char *at = text ? strchr(text, '@') : NULL;

	if (!at)
		return text ? strdup(text) : NULL;
	return with_port(joined(joined(strndup(text, (size_t)(at - text)), port), at + 1), port);
}

/* Our own end, from 127.0.0.1 or ::1; a listener where `listens`. */
static int open_end(const char *address, int port, bool listens)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
	bool is_ipv6 = strchr(address, ':');
	struct sockaddr *place = is_ipv6 ? (struct sockaddr *)&ipv6 : (struct sockaddr *)&ipv4;
	socklen_t length = is_ipv6 ? sizeof ipv6 : sizeof ipv4;
	int fd = socket(place->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

	inet_pton(AF_INET, address, &ipv4.sin_addr);
	inet_pton(AF_INET6, address, &ipv6.sin6_addr);
	if (listens ? bind(fd, place, length) || listen(fd, 5) : connect(fd, place, length)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* Asks check, and gives "KEY VALUE SET" for each row, out of the JSON. */
static char *ask(const struct agreement *agreement, const char *path, const char *port)
{
	static const char flatten[] =
		"import json, sys\n"
		"for row in json.load(open(sys.argv[1]))['settings']:\n"
		"    print(row['option'], int(row['value']), int(row['set']))\n";
	const char *arguments[COUNT(agreement->words) + 4] = { "check", path, "--json" };
	struct called called;
	char *rows;
	int status;

	for (size_t i = 0; i < COUNT(agreement->words); i++)
		arguments[i + 3] = with_port(agreement->words[i], port);
	called = call_as(NULL,
			 (const char *[]){ agreement->variables[0], agreement->variables[1],
					   agreement->variables[2], NULL },
			 arguments);
	expect_status(&called, 0);
	rows = process_run(
		&(struct command){
			.argv = (const char *const[]){ "python3", "-c", flatten,
						       scratch_file("said.json", called.output),
						       NULL } },
		&status);
	ck_assert_int_eq(status, 0);
	return rows;
}

/* True if a connection reads as what was set: not negotiated, and not the listener's own. */
static bool is_readable(const struct option_row *option)
{
	return option->stage == STAGE_ANY;
}

static int expect_agreement(const struct seen *seen, const char *rows)
{
	int compared = 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];
		struct row row;

		if (!is_readable(option) || seen->value[id] < 0)
			continue;
		row = find_row(rows, 0, option->key);
		ck_assert_msg(seen->value[id] == atoi(row.cell[1]), "%s is %d, and check says %s",
			      option->key, seen->value[id], row.cell[1]);
		compared++;
	}
	return compared;
}

static struct process start(const struct agreement *agreement, const char *path, const char *port)
{
	const struct command command = {
		.argv = (const char *const[]){ "python3", "-c", program, agreement->role,
					       agreement->address, port, NULL },
		.preload = path ? shim_path() : NULL,
		.environment = { joined("KEEPALIVE_CONF=", path ? path : ""),
				 agreement->variables[0],
				 agreement->variables[0] ? agreement->variables[1] : NULL,
				 agreement->variables[1] ? agreement->variables[2] : NULL },
	};

	return process_start(&command);
}

/* Its connection, as the kernel has it; path NULL: without the library. */
static struct seen connection_of(const struct agreement *agreement, const char *path, int port)
{
	bool is_client = !strcmp(agreement->role, "client");
	struct process process = start(agreement, path, strdup(word_of(port)));
	struct seen seen;
	int end = -1;

	if (!is_client) {
		ck_assert(wait_for_word(process.output, "listens", 20));
		end = open_end(agreement->address, port, false);
		ck_assert_int_ge(end, 0);
	}
	ck_assert(wait_for_word(process.output, "connected", 20));
	seen = expect_socket(process.pid, TCP_ESTABLISHED, port, is_client);
	process_stop(&process);
	close(end);
	return seen;
}

START_TEST(as_the_kernel_has_it)
{
	const struct agreement *agreement = &agreements[_i];
	int port = free_port(), listener = -1;
	const char *word = strdup(word_of(port));
	const char *path = strdup(scratch_file("agree.conf", with_port(agreement->file, word)));
	char *rows = ask(agreement, path, word);
	struct values fresh = kernel_values();
	struct seen seen;

	if (!strcmp(agreement->role, "client")) {
		listener = open_end(agreement->address, port, true);
		if (listener < 0)
			SKIP("%s cannot be listened on here", agreement->address);
	}
	seen = connection_of(agreement, NULL, port);
	expect_values(&seen, fresh, "without the library");
	seen = connection_of(agreement, path, port);
	ck_assert_int_ge(expect_agreement(&seen, rows), 6);
	close(listener);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("check");
	TCase *tcase = harness_case(suite, "errors", 60);

	tcase_add_test(tcase, fixtures);
	tcase_add_loop_test(tcase, places, 0, COUNT(texts));
	tcase_add_test(tcase, samples);
	tcase_add_loop_test(tcase, file_that_is_refused, 0, COUNT(refused));
	tcase_add_test(tcase, which_file);
	tcase_add_test(tcase, default_file);
	tcase_add_test(tcase, environment);
	tcase = harness_case(suite, "settings", 60);
	tcase_add_loop_test(tcase, what_holds, 0, COUNT(queries));
	tcase_add_test(tcase, options_listed);
	tcase_add_test(tcase, ways_to_print);
	tcase_add_test(tcase, odd_names);
	tcase_add_test(tcase, names_that_move_a_terminal);
	tcase_add_loop_test(tcase, wrong_word, 0, COUNT(wrong_words));
	tcase_add_loop_test(tcase, as_the_kernel_has_it, 0, COUNT(agreements));
	return harness_run(suite);
}
