/* What the hooked calls do: options set and inherited, results, errno, addresses, flags. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "hooks/describe.h"
#include "hooks/drive.h"
#include "lib/process.h"
#include "lib/samples.h"

enum { WITH_THE_OTHERS = 0 };

static struct trial trials[] = {
	[WITH_THE_OTHERS] = { .victim = "errors" },
	{ .victim = "errors" },
	{ .victim = "inherit" },
	{ .victim = "own" },
	{ .victim = "addresses" },
	{ .victim = "flags" },
	{ .victim = "limits" },
	{ .victim = "beyond" },
	{ .victim = "fastopen 127.0.0.1" },
	{ .victim = "fastopen ::1" },
	{ .victim = "fastopen-errors" },
	{ .victim = "fastopen-cancel" },
	/* musl's sendmsg() reads the message itself. */
	{ .victim = "fastopen-nowhere", .glibc_only = true },
};

static struct trial all_options = { .victim = "options" };

/* What is configured; a number that the kernel rounds where that makes a difference. */
static int value_of(size_t id)
{
	return id == OPTION_DEFER_ACCEPT ? 5 : samples[id].configured;
}

/* Adds the options that OURS leaves out; a silent client waits for a listener that defers. */
static void add_the_others(struct trial *trial, bool defers)
{
	static char variable[OPTIONS][48];
	size_t count = 0;

	_Static_assert(OPTIONS - SAMPLES_NAMED <= TRIAL_VARIABLES, "room for all of them");
	for (size_t id = SAMPLES_NAMED; id < OPTIONS; id++) {
		if (id == OPTION_DEFER_ACCEPT && !defers)
			continue;
		snprintf(variable[id], sizeof variable[id], "%s=%d", option_table[id].variable[0],
			 value_of(id));
		trial->environment[count++] = variable[id];
	}
}

/* As a C program sets them by itself. */
static void set_by_hand(int fd, bool listening)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		int value = value_of(id);

		if (id != OPTION_DEFER_ACCEPT || listening)
			setsockopt(fd, option_table[id].level, option_table[id].name, &value,
				   sizeof value);
	}
}

static void add_line(char *text, size_t size, const char *name, int fd, bool connection)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, "%s: %s%s\n", name, describe(fd).text,
		 describe_others(fd, connection).text);
}

/* What the victim's report has to be, from sockets of our own. */
static void expect_all(char *text, size_t size, bool with)
{
	int client = socket(AF_INET, SOCK_STREAM, 0);
	int listening = socket(AF_INET, SOCK_STREAM, 0);

	if (with)
		set_by_hand(client, false);
	*text = 0;
	add_line(text, size, "made", client, false);
	add_line(text, size, "bound", client, false);
	if (with)
		set_by_hand(listening, true);
	ck_assert_int_eq(listen(listening, 1), 0);
	add_line(text, size, "listening", listening, false);
	add_line(text, size, "connected", client, true);
	add_line(text, size, "accepted", client, true);
	close(client);
	close(listening);
}

/* Each of them is seen; the kernel may be too old for one, and rounds another. */
static void expect_each_seen(const char *report)
{
	const char *line = strstr(report, "listening: 1 61/11/7 31000, ");
	char pair[64];

	ck_assert_msg(line, "%s", report);
	for (size_t id = SAMPLES_NAMED; id < OPTIONS; id++) {
		snprintf(pair, sizeof pair, ", %s %d", samples[id].key, samples[id].configured);
		ck_assert_msg(strstr(line, pair) || id == OPTION_RTO_MAX, "no \"%s\" in %s", pair,
			      line);
	}
}

START_TEST(all_at_once)
{
	char without_ours[2048], with_ours[2048];
	struct outcome control = trial_run(&all_options, victim_path(), NULL);
	struct outcome with = trial_run(&all_options, victim_path(), shim_path());

	expect_all(without_ours, sizeof without_ours, false);
	expect_all(with_ours, sizeof with_ours, true);
	expect_text(control.report, without_ours, "control");
	expect_text(with.report, with_ours, "trial");
	expect_each_seen(with.report);
	free(control.report), free(control.errors);
	free(with.report), free(with.errors);
}
END_TEST

int main(void)
{
	Suite *suite;

	add_the_others(&trials[WITH_THE_OTHERS], false);
	add_the_others(&all_options, true);
	suite = trial_suite("hooks", trials, sizeof trials / sizeof *trials);

	tcase_add_test(harness_case(suite, "options", 60), all_at_once);
	return harness_run(suite);
}
