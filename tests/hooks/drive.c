/* Runs victims without the library and with it, and compares what they report. */
#define _GNU_SOURCE
#include "hooks/drive.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/option.h"
#include "hooks/describe.h"
#include "lib/expect.h"
#include "lib/process.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

enum { ARGUMENTS_MAX = 12, TEXT_MAX = 64 * 1024, SKIPPED = 77 };

/* What OURS says, by option. */
static const struct values ours = { 1, 61, 11, 7, 31000 };

static const struct trial *trials;

const char *victim_path(void)
{
	return build_path("tests/hooks/victim");
}

const char *victim_copy(const char *name)
{
	const char *path = scratch_path("%s", name);
	struct command copy = { .argv = (const char *[]){ "cp", victim_path(), path, NULL } };
	int status;

	free(process_run(&copy, &status));
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(chmod(path, 0755), 0);
	return path;
}

const char *other_path(const char *name)
{
	char relative[128];

	snprintf(relative, sizeof relative, "tests/hooks/.libs/%s.so", name);
	return build_path(relative);
}

void expect_text(const char *got, const char *expected, const char *what)
{
	size_t line = 0;

	for (size_t i = 0; expected[i] && expected[i] == got[i]; i++)
		if (expected[i] == '\n')
			line = i + 1;
	ck_assert_msg(!strcmp(got, expected), "%s: \"%.*s\", expected \"%.*s\"", what,
		      (int)strcspn(got + line, "\n"), got + line,
		      (int)strcspn(expected + line, "\n"), expected + line);
}

/* A file that whoever the victim becomes may write to. */
static const char *new_report(void)
{
	static int number;
	const char *path = scratch_path("%d.%d.report", getpid(), ++number);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(fchmod(fd, 0666), 0);
	close(fd);
	return path;
}

/* Splits the victim's arguments, in place, and appends them to `argv`. */
static void add_words(const char **argv, int count, char *words)
{
	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		ck_assert_int_lt(count, ARGUMENTS_MAX - 1);
		argv[count++] = word;
	}
	argv[count] = NULL;
}

static void add_environment(struct command *command, const char *const *variables, int count)
{
	int used = 0;

	while (command->environment[used])
		used++;
	for (int i = 0; i < count && variables[i]; i++) {
		ck_assert_int_lt(used, ENVIRONMENT_MAX - 1);
		command->environment[used++] = variables[i];
	}
}

struct outcome trial_run(const struct trial *trial, const char *program, const char *preload)
{
	static const char *const settings[] = { OURS };
	char words[256], report[600], file[600], hand_over[1100];
	const char *argv[ARGUMENTS_MAX] = { program };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int descriptors[] = { null, null, null, -1, -1 };
	const char *report_file = new_report();
	struct command command = { .argv = argv, .preload = preload, .user = trial->user };
	struct outcome outcome;

	snprintf(report, sizeof report, "VICTIM_REPORT=%s", report_file);
	snprintf(hand_over, sizeof hand_over, "HAND_OVER=%s", preload ? preload : "");
	snprintf(file, sizeof file, "KEEPALIVE_CONF=%s", trial->file ? trial->file : "");
	add_environment(&command, settings, 4);
	add_environment(&command, (const char *[]){ report, file, hand_over }, 3);
	add_environment(&command, trial->environment, TRIAL_VARIABLES);
	snprintf(words, sizeof words, "%s", trial->victim);
	if (trial->shell) {
		argv[0] = "sh", argv[1] = "-c", argv[2] = trial->shell, argv[3] = "sh",
		argv[4] = program;
		add_words(argv, 5, words);
		command.preload = NULL;
	} else {
		add_words(argv, 1, words);
	}
	if (trial->give) {
		descriptors[trial->given] = trial->give();
		command.descriptors = descriptors;
	}
	free(process_run_both(&command, &outcome.status, &outcome.errors));
	if (trial->give)
		close(descriptors[trial->given]);
	close(null);
	outcome.report = read_whole(report_file);
	return outcome;
}

static struct description of_new_socket(int domain, int protocol, const struct values *values)
{
	int fd = socket(domain, SOCK_STREAM | SOCK_CLOEXEC, protocol);
	struct description result = { "" };

	if (fd < 0) {
		snprintf(result.text, sizeof result.text, "%s", error_name(errno));
		return result;
	}
	if (values) {
		const int by_option[] = {
			[OPTION_KEEPALIVE] = values->keepalive,
			[OPTION_IDLE] = values->idle,
			[OPTION_INTERVAL] = values->interval,
			[OPTION_COUNT] = values->count,
			[OPTION_USER_TIMEOUT] = values->user_timeout,
		};

		for (size_t id = 0; id < sizeof by_option / sizeof *by_option; id++)
			setsockopt(fd, option_table[id].level, option_table[id].name,
				   &by_option[id], sizeof by_option[id]);
	}
	result = describe(fd);
	close(fd);
	return result;
}

/* The rest of that line of `control` which begins with the `length` bytes of `line`. */
static const char *as_in_control(const char *control, const char *line, size_t length)
{
	for (; *control; control += strcspn(control, "\n"), control += *control == '\n')
		if (!strncmp(control, line, length))
			return control + length;
	return "";
}

/* What a word of struct trial's `expected` stands for. */
static struct description meaning(char word, bool with)
{
	struct values values = with ? ours : kernel_values();
	struct description result = { "" };
	int number = -1;

	switch (word) {
	case 'O':
		return of_new_socket(AF_INET, 0, with ? &ours : NULL);
	case '6':
		return of_new_socket(AF_INET6, 0, with ? &ours : NULL);
	case 'M':
		return of_new_socket(AF_INET, IPPROTO_MPTCP, with ? &ours : NULL);
	case 'N':
		return of_new_socket(AF_INET6, IPPROTO_MPTCP, with ? &ours : NULL);
	case 'F':
		return of_new_socket(AF_INET, 0, NULL);
	case 'k':
		number = values.keepalive;
		break;
	case 'i':
		number = values.idle;
		break;
	case 'v':
		number = values.interval;
		break;
	case 'c':
		number = values.count;
		break;
	case 'u':
		number = values.user_timeout;
		break;
	default:
		ck_abort_msg("%%%c means nothing", word);
	}
	snprintf(result.text, sizeof result.text, "%d", number);
	return result;
}

/* Where a text is spelled out for. */
struct run {
	const struct trial *trial;
	bool with;           /* the library */
	const char *control; /* what the control run reported */
};

/* `text` with the meanings in place of its words; to be freed. */
static char *spell_out(const struct run *run, const char *text)
{
	char *result = calloc(1, TEXT_MAX);
	size_t length = 0, line = 0;

	ck_assert_ptr_nonnull(result);
	for (; *text; text++) {
		size_t room = TEXT_MAX - length;

		ck_assert_uint_gt(room, 512);
		if (*text != '%') {
			result[length++] = *text;
			line = *text == '\n' ? length : line;
		} else if (*++text == 'S') {
			const char *rest =
				as_in_control(run->control, result + line, length - line);

			length += (size_t)snprintf(result + length, room, "%.*s",
						   (int)strcspn(rest, "\n"), rest);
		} else if (*text == 'f') {
			length += (size_t)snprintf(result + length, room, "%s", run->trial->file);
		} else {
			length += (size_t)snprintf(result + length, room, "%s",
						   meaning(*text, run->with).text);
		}
	}
	return result;
}

/* What the victim is to report in this run; to be freed. */
static char *expected_report(const struct run *run)
{
	const struct trial *trial = run->trial;
	const char *expected = !run->with && trial->control ? trial->control : trial->expected;
	char path[128], *text, *result;

	if (expected && !strcmp(expected, AS_CONTROL))
		return strdup(run->control);
	if (expected && strchr(expected, '\n'))
		return spell_out(run, expected);
	if (!expected)
		expected = trial->victim;
	snprintf(path, sizeof path, "tests/hooks/expected/%.*s", (int)strcspn(expected, " "),
		 expected);
	text = read_whole(source_path(path));
	ck_assert_msg(*text, "%s is missing", path);
	result = spell_out(run, text);
	free(text);
	return result;
}

static void expect_outcome(const struct run *run, const struct outcome *outcome)
{
	const struct trial *trial = run->trial;
	char *report = expected_report(run);
	char *errors = spell_out(run, run->with && trial->errors ? trial->errors : "");
	char what[300];

	snprintf(what, sizeof what, "%s, %s, status %d, %s", trial->victim,
		 run->with ? "trial" : "control", outcome->status, outcome->errors);
	expect_text(outcome->report, report, what);
	if (trial->errors)
		expect_text(outcome->errors, errors, what);
	ck_assert_msg(outcome->status == 0, "%s", what);
	free(report), free(errors);
}

void trial_compare(const struct trial *trial, const char *program)
{
	struct outcome control = trial_run(trial, program, trial->control_preload);
	struct run run = { trial, false, control.report };
	struct outcome with;

	/* Our settings are to be seen at all, or nothing here would tell. */
	ck_assert_str_eq(meaning('O', true).text, "1 61/11/7 31000");
	if (control.status == SKIPPED)
		SKIP("%.*s", (int)strcspn(control.report, "\n"), control.report);
	expect_outcome(&run, &control);
	with = trial_run(trial, program, trial->preload ? trial->preload : shim_path());
	run.with = true;
	expect_outcome(&run, &with);
	free(control.report), free(control.errors);
	free(with.report), free(with.errors);
}

START_TEST(with_glibc)
{
	trial_compare(&trials[_i], victim_path());
}
END_TEST

START_TEST(with_musl)
{
	const char *program = build_path("tests/hooks/victim-musl");

	if (access(program, X_OK))
		SKIP("built without musl-gcc");
	trial_compare(&trials[_i], program);
}
END_TEST

Suite *trial_suite(const char *name, const struct trial *table, int count)
{
	Suite *suite = suite_create(name);
	int for_musl = 0;

	trials = table;
	while (for_musl < count && !table[for_musl].glibc_only)
		for_musl++;
	tcase_add_loop_test(harness_case(suite, "glibc", 60), with_glibc, 0, count);
	tcase_add_loop_test(harness_case(suite, "musl", 60), with_musl, 0, for_musl);
	return suite;
}

static int loopback_listener(int backlog)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	ck_assert_int_eq(listen(fd, backlog), 0);
	return fd;
}

static int client_of(int listening)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address, &length), 0);
	ck_assert_int_eq(connect(fd, (struct sockaddr *)&address, length), 0);
	return fd;
}

int listener_with_waiting(int connections)
{
	int listening = loopback_listener(connections + 1);

	while (connections--)
		client_of(listening); /* stays open until the test's process ends */
	return listening;
}

struct ends tcp_ends_ipv6(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6,
					.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	socklen_t length = sizeof address;
	int listening = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct ends ends;

	if (listening < 0 || bind(listening, (struct sockaddr *)&address, length))
		return tcp_ends();
	ck_assert_int_eq(listen(listening, 1), 0);
	ck_assert_int_eq(getsockname(listening, (struct sockaddr *)&address, &length), 0);
	ends.client = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(connect(ends.client, (struct sockaddr *)&address, length), 0);
	ends.server = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(ends.server, 0);
	close(listening);
	return ends;
}

struct ends tcp_ends(void)
{
	int listening = loopback_listener(1);
	struct ends ends = { .client = client_of(listening) };

	ends.server = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	ck_assert_int_ge(ends.server, 0);
	close(listening);
	return ends;
}
