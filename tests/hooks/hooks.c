/* What the hooked calls do: options set and inherited, results, errno, addresses, flags. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "lib/process.h"
#include "hooks/describe.h"
#include "hooks/drive.h"

/* The options that OURS leaves out; but for defer_accept, behind which a silent client waits. */
#define THE_OTHERS                                                                                 \
	"KEEPALIVE_RTO_MAX=5000", "KEEPALIVE_SYN_COUNT=3", "KEEPALIVE_MAX_SEGMENT=1000",           \
		"KEEPALIVE_WINDOW_CLAMP=40000"

static const int all_ten_values[OPTIONS] = {
	[OPTION_KEEPALIVE] = 1,        [OPTION_IDLE] = 61,
	[OPTION_INTERVAL] = 11,        [OPTION_COUNT] = 7,
	[OPTION_USER_TIMEOUT] = 31000, [OPTION_RTO_MAX] = 5000,
	[OPTION_SYN_COUNT] = 3,        [OPTION_DEFER_ACCEPT] = 5,
	[OPTION_MAX_SEGMENT] = 1000,   [OPTION_WINDOW_CLAMP] = 40000,
};

static const struct trial trials[] = {
	{ .victim = "inherit" },   { .victim = "own" },
	{ .victim = "errors" },    { .victim = "errors", .environment = { THE_OTHERS } },
	{ .victim = "addresses" }, { .victim = "flags" },
	{ .victim = "limits" },    { .victim = "beyond" },
	{ .victim = "fastopen 127.0.0.1" },
	{ .victim = "fastopen ::1" },
	{ .victim = "fastopen-errors" },
	{ .victim = "fastopen-cancel" },
	/* musl's sendmsg() reads the message itself. */
	{ .victim = "fastopen-nowhere", .glibc_only = true },
};

static const struct trial all_options = {
	.victim = "options",
	.environment = { THE_OTHERS, "KEEPALIVE_DEFER_ACCEPT=5" },
};

/* As a C program sets them by itself. */
static void set_by_hand(int fd, bool listening)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (id != OPTION_DEFER_ACCEPT || listening)
			setsockopt(fd, option_table[id].level, option_table[id].name,
				   &all_ten_values[id], sizeof all_ten_values[id]);
}

static void add_line(char *text, size_t size, const char *name, int fd, bool connection)
{
	size_t length = strlen(text);

	snprintf(text + length, size - length, "%s: %s, %s%s%s\n", name, describe(fd).text,
		 describe_timers(fd).text, connection ? "" : ", ",
		 connection ? "" : describe_sizes(fd).text);
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

START_TEST(all_ten)
{
	char without_ours[1024], with_ours[1024];
	struct outcome control = trial_run(&all_options, victim_path(), NULL);
	struct outcome with = trial_run(&all_options, victim_path(), shim_path());

	expect_all(without_ours, sizeof without_ours, false);
	expect_all(with_ours, sizeof with_ours, true);
	expect_text(control.report, without_ours, "control");
	expect_text(with.report, with_ours, "trial");
	/* Each of them is to be seen; the kernel of RTO_MAX may be too old for it. */
	ck_assert_ptr_nonnull(strstr(with.report, "made: 1 61/11/7 31000, "));
	ck_assert_ptr_nonnull(strstr(with.report, " 3, 0 1000 40000\n"));
	ck_assert_ptr_nonnull(strstr(with.report, " 3, 7 1000 40000\n"));
	free(control.report), free(control.errors);
	free(with.report), free(with.errors);
}
END_TEST

int main(void)
{
	Suite *suite = trial_suite("hooks", trials, sizeof trials / sizeof *trials);

	tcase_add_test(harness_case(suite, "options", 60), all_ten);
	return harness_run(suite);
}
