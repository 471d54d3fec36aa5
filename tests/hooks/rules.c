/* Victims under rules and override: which sockets they hold for, and what calls return there. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/trace.h"
#include "lib/samples.h"

enum { CONTENT_MAX = 4096 };

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define GLOBALS "idle = 61\ninterval = 11\ncount = 7\nuser_timeout = 31000\n"

/* What is said above these rules is not what OURS is, what they say is: so it is by them. */
#define OTHERS "idle = 500\ninterval = 50\ncount = 9\nuser_timeout = 9000\n"
#define RULED                                                                                      \
	OTHERS "[rule client]\nrole = client\nremote = 127.0.0.0/8 ::1\n" GLOBALS                  \
	       "[rule server]\nlocal_port = 1-65535\n" GLOBALS                                     \
	       "[rule elsewhere]\nremote = 10.0.0.0/8\nremote_port = 1-65535\n" OTHERS

#define OVERRULED "[rule all]\noverride = on\n"

#define DESTINATION(listener, made, client, accepted, undone)                                      \
	"listen: ok\nlistener: " listener "\nmade: " made "\nconnect: ok\nclient: " client         \
	"\naccepted: " accepted "\nconnect, nonblocking: EINPROGRESS\nnonblocking: " client        \
	"\naccepted4: " accepted "\nconnect of past: ok\npast: " client                            \
	"\nconnect to nothing: ok\nto nothing: " undone "\n"
#define UNTOUCHED DESTINATION("%F", "%F", "%F", "%F", "%F")

#define BY_DESTINATION                                                                             \
	GLOBALS "[rule first]\nremote = 127.0.0.1\nidle = 71\n"                                    \
		"[rule second]\nremote = 127.0.0.2\nidle = 81\n"                                   \
		"[rule sixth]\nremote = ::1\nidle = 91\n"                                          \
		"[rule server]\nrole = server\ncount = 5\n"                                        \
		"[rule client]\nrole = client\ninterval = 13\n"                                    \
		"[rule not]\nremote = 127.0.0.3 fd00::/8 ::2\ncount = 99\n"

/* Stand for lines with all options, so that each is seen to be left: configured, and ruled. */
#define ALL "@CONFIGURED@"
#define ALL_OTHERWISE "@RULED@"
#define AS_IT_IS "made: %S\nbound: %S\nlistening: %S\nconnected: %S\naccepted: %S\n"

#define VFORKED(unused, with_idle, later, of_muted, before)                                        \
	"unused: " unused "\nwith idle: " with_idle "\naccepted later: " later                     \
	"\naccepted of muted: " of_muted "\naccepted before: " before "\n"

/* A connection is what it is at the start; what is none yet may become a client or a server. */
static int give_unconnected(void)
{
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int give_server(void)
{
	return tcp_ends().server;
}

#define BY_ROLE                                                                                    \
	GLOBALS "[rule client]\nrole = client\nidle = 71\n[rule server]\nrole = server\nidle = 81\n"

/* Each may be given the content of a file in place of its path. */
static struct trial trials[] = {
	{ .victim = "destination 127.0.0.1",
	  .file = BY_DESTINATION,
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/5 31000", "1 61/11/7 31000", "1 71/13/7 31000",
				  "1 71/11/5 31000", "1 61/13/7 31000") },
	/* Who connects there comes from 127.0.0.1. */
	{ .victim = "destination 127.0.0.2",
	  .file = BY_DESTINATION,
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/5 31000", "1 61/11/7 31000", "1 81/13/7 31000",
				  "1 71/11/5 31000", "1 61/13/7 31000") },
	{ .victim = "destination ::1",
	  .file = BY_DESTINATION,
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/5 31000", "1 61/11/7 31000", "1 91/13/7 31000",
				  "1 91/11/5 31000", "1 61/13/7 31000") },
	{ .victim = "destination ::ffff:127.0.0.2",
	  .file = BY_DESTINATION,
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/5 31000", "1 61/11/7 31000", "1 81/13/7 31000",
				  "1 71/11/5 31000", "1 61/13/7 31000") },
	/* An IPv4-mapped network is one of IPv4. */
	{ .victim = "destination 127.0.0.2",
	  .file = GLOBALS "[rule mapped]\nremote = ::ffff:127.0.0.2\nidle = 81\n",
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/7 31000", "1 61/11/7 31000", "1 81/11/7 31000",
				  "1 61/11/7 31000", "1 61/11/7 31000") },
	{ .victim = "destination 127.0.0.1",
	  .file = GLOBALS "[rule client]\nrole = client\nkeepalive = off\n",
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/7 31000", "1 61/11/7 31000", "%F", "1 61/11/7 31000",
				  "%F") },
	{ .victim = "destination 127.0.0.1",
	  .file = GLOBALS "[rule here]\nremote = 127.0.0.1\nkeepalive = off\n",
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/7 31000", "1 61/11/7 31000", "%F", "%F",
				  "1 61/11/7 31000") },
	/* Only here is it on. */
	{ .victim = "destination 127.0.0.1",
	  .file = "keepalive = off\n" GLOBALS "[rule server]\nrole = server\nkeepalive = on\n",
	  .control = UNTOUCHED,
	  .expected = DESTINATION("1 61/11/7 31000", "%F", "%F", "1 61/11/7 31000", "%F") },
	{ .victim = "multipath",
	  .file = OTHERS "[rule here]\nremote = 127.0.0.0/8\n" GLOBALS,
	  .expected = "connect: ok\nclient: %M\nconnect, address nowhere: EFAULT\n" },
	{ .victim = "options",
	  .file = ALL "[rule off]\nprogram = victim*\nkeepalive = off\n",
	  .expected = AS_IT_IS },
	{ .victim = "options",
	  .file = ALL "override = on\n[rule off]\nprogram = victim*\nkeepalive = off\n",
	  .expected = AS_IT_IS },
	{ .victim = "describe 0",
	  .give = give_unconnected,
	  .file = BY_ROLE,
	  .control = "given: %F\n",
	  .expected = "given: 1 61/11/7 31000\n" },
	{ .victim = "describe 0",
	  .give = give_server,
	  .file = BY_ROLE,
	  .control = "given: %F\n",
	  .expected = "given: 1 81/11/7 31000\n" },
	{ .victim = "own", .file = RULED },
	{ .victim = "inherit", .file = RULED },
	{ .victim = "errors", .file = RULED },
	{ .victim = "addresses", .file = RULED },
	{ .victim = "closed", .file = RULED },
	{ .victim = "backlog", .file = RULED },
	{ .victim = "foreign", .file = RULED },
	{ .victim = "cancel", .file = RULED },
	{ .victim = "own",
	  .expected = "own-overruled",
	  .control = "own",
	  .file = RULED "[rule all]\noverride = on\n" },
	/* What the program has set is its own, even if it is what we had set. */
	{ .victim = "same",
	  .file = GLOBALS "[rule all]\nremote = 127.0.0.0/8\nidle = 71\ncount = 5\n"
			  "[rule server]\nrole = server\nidle = 81\ncount = 5\n",
	  .control = "listener: 1 61/%v/%c %u\nclient: 1 61/%v/%c %u\naccepted: 1 61/%v/%c %u\n",
	  .expected = "listener: 1 61/11/5 31000\nclient: 1 61/11/5 31000\n"
		      "accepted: 1 61/11/5 31000\n" },
	{ .victim = "same",
	  .file = GLOBALS "[rule off]\nremote = 127.0.0.0/8\nkeepalive = off\n",
	  .control = "listener: 1 61/%v/%c %u\nclient: 1 61/%v/%c %u\naccepted: 1 61/%v/%c %u\n",
	  .expected = "listener: 1 61/11/7 31000\nclient: %S\naccepted: %S\n" },
	/* With override it is not, also where the listener's decision is the same. */
	{ .victim = "same",
	  .file = GLOBALS "idle = 71\n[rule peer]\nrole = server\n"
			  "remote = 127.0.0.0/8\noverride = on\n",
	  .control = "listener: 1 61/%v/%c %u\nclient: 1 61/%v/%c %u\naccepted: 1 61/%v/%c %u\n",
	  .expected = "listener: 1 61/11/7 31000\nclient: 1 61/11/7 31000\n"
		      "accepted: 1 71/11/7 31000\n" },
	/* The same of all options, whatever the value, at each hook at which a rule may come to
	 * hold.
	 */
	{ .victim = "chosen",
	  .expected = AS_CONTROL,
	  .file = ALL "[rule client]\nrole = client\n" ALL_OTHERWISE
		      "[rule server]\nrole = server\n" ALL_OTHERWISE },
	{ .victim = "chosen",
	  .expected = AS_CONTROL,
	  .file = ALL "[rule all]\nremote = 127.0.0.0/8\n" ALL_OTHERWISE },
	{ .victim = "chosen", .expected = AS_CONTROL, .file = ALL },
	{ .victim = "chosen", .expected = AS_CONTROL, .file = "" },
	/* The number of a listener on which a thread still waits is another socket's. */
	{ .victim = "reused_number",
	  .file = GLOBALS,
	  .control = "accepted: %F\nown: %F\n",
	  .expected = "accepted: 1 61/11/7 31000\nown: 1 7200/11/7 31000\n" },
	{ .victim = "reused_number",
	  .file = GLOBALS "[rule server]\nrole = server\ncount = 5\nremote = 127.0.0.1\n",
	  .control = "accepted: %F\nown: %F\n",
	  .expected = "accepted: 1 61/11/5 31000\nown: 1 7200/11/7 31000\n" },
	/* What a child of vfork() closes stays open here. */
	{ .victim = "muted_late", .file = "", .expected = AS_CONTROL },
	{ .victim = "vforked",
	  .file = GLOBALS,
	  .control = VFORKED("%F", "0 61/%v/%c %u", "%F", "%F", "0 300/%v/%c %u"),
	  .expected = VFORKED("1 61/11/7 31000", "1 61/11/7 31000", "1 61/11/7 31000",
			      "0 61/11/7 31000", "1 300/11/7 31000") },
	{ .victim = "vforked",
	  .file = "",
	  .control = VFORKED("%F", "0 61/%v/%c %u", "%F", "%F", "0 300/%v/%c %u"),
	  .expected =
		  VFORKED("1 7200/75/9 0", "1 61/75/9 0", "1 7200/75/9 0", "%S", "1 300/75/9 0") },
	{ .victim = "vforked",
	  .file = GLOBALS "[rule client]\nrole = client\nidle = 71\n"
			  "[rule server]\nrole = server\nidle = 81\n",
	  .control = VFORKED("%F", "0 61/%v/%c %u", "%F", "%F", "0 300/%v/%c %u"),
	  .expected = VFORKED("1 71/11/7 31000", "1 61/11/7 31000", "1 81/11/7 31000",
			      "0 81/11/7 31000", "1 300/11/7 31000") },
	{ .victim = "vforked",
	  .file = GLOBALS "[rule server]\nrole = server\nidle = 81\noverride = on\n",
	  .control = VFORKED("%F", "0 61/%v/%c %u", "%F", "%F", "0 300/%v/%c %u"),
	  .expected = VFORKED("1 61/11/7 31000", "1 61/11/7 31000", "1 81/11/7 31000",
			      "1 81/11/7 31000", "1 81/11/7 31000") },
	{ .victim = "override", .control = "override-control", .file = "override = on\n" GLOBALS },
	{ .victim = "override",
	  .control = "override-control",
	  .file = GLOBALS "[rule victim]\nprogram = victim victim-musl\noverride = on\n" },
	{ .victim = "override", /* somebody else's */
	  .expected = "override-control",
	  .file = GLOBALS "[rule other]\nprogram = victi\noverride = on\n" },
	{ .victim = "errors", .file = "override = on\n" GLOBALS },
	{ .victim = "errors", .file = RULED OVERRULED },
	{ .victim = "addresses", .file = RULED OVERRULED },
	{ .victim = "cancel", .file = RULED OVERRULED },
};

/* `content` with lines in place of what stands for them. */
static void add_lines(char *text, size_t size, const char *content)
{
	while (*content && size > 1) {
		bool configured = !strncmp(content, ALL, strlen(ALL));
		bool ruled = !strncmp(content, ALL_OTHERWISE, strlen(ALL_OTHERWISE));

		if (configured)
			samples_configured(text, size);
		else if (ruled)
			samples_ruled(text, size);
		else
			snprintf(text, size, "%c", *content);
		content += configured ? strlen(ALL) : ruled ? strlen(ALL_OTHERWISE) : 1;
		size -= strlen(text);
		text += strlen(text);
	}
}

/* Puts what the trials have of configuration into files. */
static void write_files(void)
{
	char name[16], content[CONTENT_MAX];

	for (size_t i = 0; i < COUNT(trials); i++) {
		snprintf(name, sizeof name, "file.%zu", i);
		*content = 0;
		add_lines(content, sizeof content, trials[i].file);
		trials[i].file = strdup(scratch_file(name, content));
		memcpy(trials[i].environment, (const char *[]){ NOT_OURS }, 4 * sizeof(char *));
	}
}

/* What the file adds before the calls of a phase of the victim's; NULL: anything but addresses. */
static const struct {
	const char *file, *mark, *extra;
} call_rows[] = {
	{ GLOBALS "[rule victim]\nprogram = victim\nidle = 71\n", "listen", "" },
	{ GLOBALS "[rule victim]\nprogram = victim\nidle = 71\n", "connect", "" },
	{ GLOBALS "[rule victim]\nprogram = victim\nidle = 71\n", "accept", "" },
	{ GLOBALS "[rule victim]\nprogram = victim\nidle = 71\n", "connect of past", NULL },
	{ GLOBALS "[rule victim]\nprogram = victim\nidle = 71\n", "accept of past", NULL },
	{ GLOBALS "[rule other]\nprogram = other\nremote = ::/0\nidle = 71\n", "accept", "" },
	{ GLOBALS "[rule other]\nprogram = other\nremote = ::/0\nidle = 71\n", "connect", "" },
	{ GLOBALS "[rule client]\nrole = client\nidle = 71\n", "accept", "" },
	{ GLOBALS "[rule client]\nrole = client\nidle = 71\n", "accept4", "" },
	{ GLOBALS "[rule client]\nrole = client\nidle = 61\n", "connect", "" },
	{ GLOBALS "[rule client]\nrole = client\nremote = 127.0.0.1\nidle = 71\n", "accept", "" },
	{ GLOBALS "[rule client]\nrole = client\nremote_port = 1\nidle = 71\n", "accept4", "" },
	{ GLOBALS "[rule port]\nlocal_port = 1-65535\nidle = 71\n", "accept", "" },
	{ GLOBALS "[rule port]\nlocal_port = 1\nidle = 71\n", "connect", "" },
	{ GLOBALS "override = on\n", "accept", "" },
	/* The kernel is asked whether it reads at all, and whether it can read both ends of the
	 * destination. */
	{ GLOBALS "[rule client]\nrole = client\nremote = 127.0.0.2\nidle = 71\n", "connect",
	  " setsockopt SO_RCVTIMEO_OLD setsockopt SO_RCVTIMEO_OLD"
	  " setsockopt SO_RCVTIMEO_OLD" },
	{ GLOBALS "[rule client]\nremote = 127.0.0.1\nidle = 71\n", "connect", NULL },
	/* Everything is asked about UDP and such, and no more. */
	{ RULED, "connect of udp", "" },
	{ RULED, "sendto", "" },
	{ RULED, "sendmsg", "" },
	{ RULED, "connect of unix", "" },
	{ RULED, "listen of unix", "" },
	{ RULED, "accept of unix", "" },
};

/* Only what sets options and asks for them may come besides. */
static void expect_only_options(const char *own, char *got, const char *mark)
{
	for (char *word = strtok(got, " "); word; word = strtok(NULL, " "))
		ck_assert_msg(!strcmp(word, "setsockopt") || !strcmp(word, "getsockopt") ||
				      !strncmp(word, "TCP_", 4) || !strncmp(word, "SO_", 3) ||
				      strstr(own, word),
			      "%s: %s", mark, word);
}

/* A program that was upgraded while it ran, and has started itself anew, is called what it was. */
START_TEST(replaced)
{
	char itself[600], file[512];
	struct trial trial = { .victim = "replaced",
			       .file = file,
			       .shell = "cp \"$1\" \"$VICTIM_ITSELF\"; shift; "
					"set -- \"$VICTIM_ITSELF\" \"$@\"; " BECOME,
			       .control = "replaced: %F\n",
			       .expected = "replaced: 1 71/11/7 31000\n",
			       .environment = { NOT_OURS, itself } };

	snprintf(file, sizeof file, "%s",
		 scratch_file("replaced",
			      GLOBALS "[rule program]\nprogram = worker-1\nidle = 71\n"));
	snprintf(itself, sizeof itself, "VICTIM_ITSELF=%s", scratch_path("worker-1"));
	trial_compare(&trial, victim_path());
}
END_TEST

START_TEST(calls)
{
	char setting[600], own[CALLS_MAX], got[CALLS_MAX], expected[2 * CALLS_MAX];
	const char *const environment[] = { setting, NULL };
	char *control, *with;

	snprintf(setting, sizeof setting, "KEEPALIVE_CONF=%s",
		 scratch_file("calls", call_rows[_i].file));
	control = trace("calls", "", environment);
	if (!control)
		SKIP("strace is not installed, or may not trace");
	with = trace("calls", shim_path(), environment);
	ck_assert_ptr_nonnull(with);
	ck_assert_ptr_nonnull(strstr(with, "TCP_USER_TIMEOUT, [31000]"));
	calls_of_phase(control, call_rows[_i].mark, own);
	calls_of_phase(with, call_rows[_i].mark, got);
	snprintf(expected, sizeof expected, "%s%s", call_rows[_i].extra ? call_rows[_i].extra : "",
		 own);
	ck_assert_str_ne(own, "");
	if (call_rows[_i].extra)
		expect_text(got, expected, call_rows[_i].mark);
	else
		expect_only_options(own, got, call_rows[_i].mark);
	free(control), free(with);
}
END_TEST

enum { MANY_SIZE = 1024 * 1024 };

static char *many_rules(int count, const char *first, const char *format, const char *last)
{
	char *content = malloc(MANY_SIZE);
	size_t length = 0;

	ck_assert_ptr_nonnull(content);
	length += (size_t)snprintf(content, MANY_SIZE, "%s", first);
	for (int i = 1; i <= count; i++)
		length +=
			(size_t)snprintf(content + length, MANY_SIZE - length,
					 "[rule number-%d]\n%s 10.%d.%d.%d\nidle = %d\n", i, format,
					 i / 65536, i / 256 % 256, i % 256, i % 1000 + 500);
	length += (size_t)snprintf(content + length, MANY_SIZE - length, "%s", last);
	ck_assert_uint_lt(length + 1, MANY_SIZE);
	return content;
}

static const struct {
	int count;
	const char *conditions; /* what comes before each rule's address */
	const char *last;       /* in the last rule */
	const char *client, *accepted;
} many[] = {
	/* None but the last. */
	{ 1000, "remote =", "remote = 127.0.0.1", "1 71/11/7 31000", "1 71/11/7 31000" },
	{ 3000, "remote =", "remote = 127.0.0.1", "1 71/11/7 31000", "1 71/11/7 31000" },
	/* All of them, and the last over them. */
	{ 1000, "remote = 127.0.0.0/8", "remote = 127.0.0.1", "1 71/11/7 31000",
	  "1 71/11/7 31000" },
	{ 3000, "remote = 127.0.0.0/8", "role = client", "1 71/11/7 31000", "1 500/11/7 31000" },
	/* All but the last. */
	{ 3000, "remote = 127.0.0.0/8", "role = server", "1 500/11/7 31000", "1 71/11/7 31000" },
};

START_TEST(many_rules_last)
{
	char last[128], expected[1024], path[512], *content;
	const char *listener =
		strstr(many[_i].last, "server") ? "1 71/11/7 31000" : "1 61/11/7 31000";
	const char *undone =
		strstr(many[_i].last, "client") ? "1 71/11/7 31000" : "1 61/11/7 31000";
	struct trial trial = { .victim = "destination 127.0.0.1",
			       .file = path,
			       .errors = "",
			       .control = UNTOUCHED,
			       .expected = expected,
			       .environment = { NOT_OURS } };

	snprintf(last, sizeof last, "[rule last]\n%s\nidle = 71\n", many[_i].last);
	content = many_rules(many[_i].count, GLOBALS, many[_i].conditions, last);
	snprintf(path, sizeof path, "%s", scratch_file("many", content));
	snprintf(expected, sizeof expected, DESTINATION("%s", "1 61/11/7 31000", "%s", "%s", "%s"),
		 listener, many[_i].client, many[_i].accepted, many[_i].client, many[_i].accepted,
		 many[_i].client, undone);
	trial_compare(&trial, victim_path());
	free(content);
}
END_TEST

/* More than there is room for: that is said, and what did fit holds. */
START_TEST(too_many_rules)
{
	enum { TOO_MANY = 18000, SHOWN = 20 };
	static const char first[] = GLOBALS "[rule first]\nremote = 127.0.0.1\nidle = 71\n";
	char *content = many_rules(TOO_MANY, first, "remote =", "");
	struct trial trial = { .victim = "destination 127.0.0.1",
			       .file = scratch_file("too-many", content),
			       .environment = { NOT_OURS } };
	struct outcome outcome = trial_run(&trial, victim_path(), shim_path());
	char *line = outcome.errors;
	int dropped = 0, more = 0, number = 0, before = 0;

	for (; strstr(line, "does not fit in the memory for rules"); dropped++) {
		const char *place = strstr(line, "too-many:");

		ck_assert_ptr_nonnull(place);
		ck_assert_int_eq(sscanf(place, "too-many:%d:", &number), 1);
		ck_assert_int_gt(number, before);
		before = number;
		line += strcspn(line, "\n") + 1;
	}
	ck_assert_msg(dropped == SHOWN, "%s", outcome.errors);
	ck_assert_int_eq(sscanf(line, "libkeepalive: %d more errors", &more), 1);
	/* Some thousands have fitted. */
	ck_assert_int_gt(TOO_MANY - SHOWN - more, 3000);
	ck_assert_int_eq(outcome.status, 0);
	ck_assert_ptr_nonnull(strstr(outcome.report, "client: 1 71/11/7 31000\n"));
	free(content), free(outcome.report), free(outcome.errors);
}
END_TEST

int main(void)
{
	Suite *suite;
	TCase *tcase;

	write_files();
	suite = trial_suite("victims", trials, COUNT(trials));
	tcase = harness_case(suite, "calls", 60);
	tcase_add_loop_test(tcase, calls, 0, COUNT(call_rows));
	tcase_add_test(tcase, replaced);
	tcase = harness_case(suite, "many", 60);
	tcase_add_loop_test(tcase, many_rules_last, 0, COUNT(many));
	tcase_add_test(tcase, too_many_rules);
	return harness_run(suite);
}
