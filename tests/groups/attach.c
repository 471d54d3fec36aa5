/* Programs of every kind in a control group with our BPF programs; the kernel tells what they have.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "groups/room.h"
#include "hooks/drive.h"
#include "lib/harness.h"
#include "lib/samples.h"

/* A host program that was built; NULL if the compiler cannot build it here. */
static const char *built(const char *name)
{
	const char *path = public_copy(name);
	struct stat file;

	return !stat(path, &file) && file.st_size ? path : NULL;
}

static const char *plain(void)
{
	return public_copy("tests/groups/host");
}

/* `text` with %O replaced by what sockets have. */
static const char *with(const char *text, const char *values)
{
	char *result = calloc(1, strlen(text) + 40 * strlen(values) + 1), *to = result;

	for (; *text; text++)
		if (text[0] == '%' && text[1] == 'O') {
			to = stpcpy(to, values);
			text++;
		} else {
			*to++ = *text;
		}
	return result;
}

#define IDLE_ALONE "--idle 61"

/* The words without the programs, and with them; %O in what is printed: see above. */
static const struct situation {
	const char *words, *prints, *flags;
} rows[] = {
	{ "tcp4 connect", "connect: %O\n", SETTINGS },
	{ "tcp6 connect:::1", "connect:::1: %O\n", SETTINGS },
	{ "tcp6 connect:::ffff:127.0.0.1", "connect:::ffff:127.0.0.1: %O\n", SETTINGS },
	{ "tcp4 listen accept", "listen: %O\naccept: %O\n", SETTINGS },
	{ "ring tcp4 connect tcp4 listen accept", "connect: %O\nlisten: %O\naccept: %O\n",
	  SETTINGS },
	{ "fork tcp4 connect exec tcp4 connect fork exec tcp4 listen accept",
	  "connect: %O\nconnect: %O\nlisten: %O\naccept: %O\n", SETTINGS },
	{ "net tcp4 connect tcp4 listen accept", "connect: %O\nlisten: %O\naccept: %O\n",
	  SETTINGS },
	/* What the kernel has refused does not count. */
	{ "tcp4 set:idle=40000 set:count=0 connect",
	  "set:idle=40000: EINVAL\nset:count=0: EINVAL\nconnect: %O\n", SETTINGS },
	/* Not touched, in both runs. */
	{ "udp show raw show", "show: 0 -/-/- -\nshow: 0 -/-/- -\n", SETTINGS },
	{ "unix", "unix: done\nunix: done\n", SETTINGS },
	/* What the program has set stays, also zero and the kernel's values. */
	{ "tcp4 set:keepalive=0 set:idle=99 connect",
	  "set:keepalive=0: done\nset:idle=99: done\nconnect: 0 99/75/9 0\n", IDLE_ALONE },
	{ "tcp4 set:idle=7200 connect", "set:idle=7200: done\nconnect: 1 7200/75/9 0\n",
	  IDLE_ALONE },
	{ "tcp4 connect set:idle=99 set:keepalive=0 show",
	  "connect: %O\nset:idle=99: done\nset:keepalive=0: done\nshow: 0 99/75/9 0\n",
	  IDLE_ALONE },
	{ "tcp4 set:idle=99 listen set:count=3 accept",
	  "set:idle=99: done\nlisten: 1 99/75/9 0\nset:count=3: done\naccept: 1 99/75/3 0\n",
	  IDLE_ALONE },
};

/* The program's own values show keepalive, which ours switches on, in the second run only. */
static const char *without(const struct situation *row)
{
	char *text = strdup(with(row->prints, LEFT_ALONE)), *at;

	if (!strcmp(row->flags, IDLE_ALONE))
		for (at = text; (at = strstr(at, ": 1 ")); at++)
			at[2] = '0';
	return text;
}

static const char *const builds[] = { "tests/groups/host", "tests/groups/host-static",
				      "tests/groups/host-musl" };

static void run_rows(const char *program, bool without_ring, const char *flags)
{
	bool all = flags && !strcmp(flags, SETTINGS);

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct situation *row = &rows[i];
		const char *expected = without(row);

		if ((without_ring && strstr(row->words, "ring")) ||
		    (flags && strcmp(flags, row->flags)))
			continue;
		if (flags)
			expected = with(row->prints, all ? SET_BY_US : "1 61/75/9 0");
		expect_text(host(program, row->words), expected, row->words);
	}
}

START_TEST(every_build)
{
	const char *program = built(builds[_i]);

	ENTER_ROOM();
	if (!program)
		SKIP("%s cannot be built here", builds[_i]);
	run_rows(program, _i, NULL);
	keepalive("attach %s %s", SETTINGS, room_group());
	run_rows(program, _i, SETTINGS);
	keepalive("attach %s %s", IDLE_ALONE, room_group());
	run_rows(program, _i, IDLE_ALONE);
	keepalive("detach %s", room_group());
	run_rows(program, _i, NULL);
}
END_TEST

/* Nobody sees what a 32-bit program sets; from Linux 6.1 on, it is read. */
START_TEST(of_32_bits)
{
	const char *program = built("tests/groups/host-32");
	bool reads = kernel_is(6, 1);

	ENTER_ROOM();
	if (!program)
		SKIP("no compiler for 32 bits");
	keepalive("attach %s %s", SETTINGS, room_group());
	expect_text(host(program, "tcp4 connect tcp4 listen accept"),
		    "connect: " SET_BY_US "\nlisten: " SET_BY_US "\naccept: " SET_BY_US "\n",
		    "32 bits");
	expect_text(host(program, "tcp4 set:idle=99 connect set:idle=98 show"),
		    reads ? "set:idle=99: done\nconnect: 1 99/11/7 31000\nset:idle=98: done\n"
			    "show: 1 98/11/7 31000\n"
			  : "set:idle=99: done\nconnect: " SET_BY_US "\nset:idle=98: done\n"
			    "show: 1 98/11/7 31000\n",
		    "32 bits, own");
}
END_TEST

/* It warns of defer_accept. */
static void attach_file(const char *path, const char *override)
{
	struct called called = CALL("attach", "--config", path, override, room_group());

	expect_status(&called, 0);
}

/* Sets the option to the program's own value, or to the kernel's, or to none; what it has then. */
static const char *set_and_read(const struct sample *sample, int turn)
{
	bool zero = strstr("max_segment user_timeout window_clamp", sample->key);
	int number = turn == 0 ? sample->own : zero ? 0 : sample->fresh;
	char words[128];

	snprintf(words, sizeof words, "tcp4 set:%s=%d listen value:%s", sample->key, number,
		 sample->key);
	return strstr(host(plain(), words), "value");
}

/* The BPF programs cannot set all: none can set defer_accept, older kernels less. */
static bool can_be_set(size_t option)
{
	if (option == OPTION_MAX_SEGMENT || option == OPTION_WINDOW_CLAMP)
		return kernel_is(6, 1);
	return option != OPTION_DEFER_ACCEPT;
}

/* Every option: what the program has set stays, and with override ours replaces it. */
START_TEST(every_option)
{
	enum { TURNS = 2 };
	const char *control[TURNS][OPTIONS], *path;
	char config[512];

	ENTER_ROOM();
	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < samples_count; i++)
			control[turn][i] = set_and_read(&samples[i], turn);
	path = strdup(scratch_file("all.conf", samples_configured(config, sizeof config)));
	attach_file(path, "--override=off");
	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < samples_count; i++)
			expect_text(set_and_read(&samples[i], turn), control[turn][i],
				    samples[i].key);
	attach_file(path, "--override=on");
	for (int turn = 0; turn < TURNS; turn++)
		for (size_t i = 0; i < samples_count; i++) {
			if (!can_be_set(i) || strstr(control[turn][i], "ENOPROTOOPT"))
				continue;
			snprintf(config, sizeof config, "value:%s: %d\n", samples[i].key,
				 samples[i].configured);
			expect_text(set_and_read(&samples[i], turn), config, samples[i].key);
		}
}
END_TEST

static void expect_connected(const char *values)
{
	expect_text(host(plain(), "tcp4 connect"), joined("connect: ", joined(values, "\n")),
		    values);
}

/* A service starts with what can be read of its configuration; whoever calls by hand is refused. */
START_TEST(errors)
{
	const char *file;
	struct called called;

	ENTER_ROOM();
	file = strdup(scratch_file("wrong.conf", "idle = 61\ncount = six\n"));
	called = CALL("attach", "--config", file, room_group());
	expect_status(&called, 1);
	expect_says(called.errors, "\"six\" is not a number");
	expect_says(called.errors, "nothing was attached");
	expect_connected(LEFT_ALONE);
	called = CALL("attach", "--config", file, "--self");
	expect_status(&called, 1);
	expect_says(called.errors, "\"six\" is not a number");
	expect_connected("1 61/75/9 0");
	called = CALL("attach", "--uid", "no-such-user", "--idle", "62", room_group());
	expect_status(&called, 2);
	expect_says(called.errors, "\"no-such-user\" is not a user number, or a name in");
	expect_connected("1 61/75/9 0");
	called = CALL("attach", "--uid", "no-such-user", "--idle", "62", "--self");
	expect_status(&called, 0);
	expect_says(called.errors, "\"no-such-user\" is not a user number, or a name in");
	expect_connected("1 62/75/9 0");
	called = CALL("detach", "--self", room_group());
	expect_status(&called, 2);
	expect_connected("1 62/75/9 0");
}
END_TEST

/* The program and the user that rules look at are those of the flags. */
START_TEST(subject)
{
	static const char config[] = "idle = 61\n[rule program]\nprogram = legacy\nidle = 62\n"
				     "[rule user]\nuid = 12345\ncount = 3\n";
	const char *file;

	ENTER_ROOM();
	file = strdup(scratch_file("subject.conf", config));
	keepalive("attach --config %s %s", file, room_group());
	expect_connected("1 61/75/9 0");
	keepalive("attach --config %s --program /usr/bin/legacy %s", file, room_group());
	expect_connected("1 62/75/9 0");
	keepalive("attach --config %s --program legacy --uid 12345 %s", file, room_group());
	expect_connected("1 62/75/3 0");
}
END_TEST

/* It is told that an option cannot be set, wherever it is configured. */
START_TEST(left_out)
{
	static const char *const settings[] = {
		"defer_accept = 5s\n",
		"[rule web]\nrole = server\nlocal_port = 80\ndefer_accept = 5s\n",
		"[rule peer]\nremote = 10.0.0.1\nidle = 5s\ndefer_accept = 5s\n",
	};
	struct called called;

	ENTER_ROOM();
	for (size_t i = 0; i < COUNT(settings); i++) {
		called = CALL("attach", "--config", scratch_file("a.conf", settings[i]),
			      room_group());
		expect_status(&called, 0);
		expect_says(called.errors, "defer_accept cannot be set by BPF programs");
	}
	called = CALL("attach", "--config",
		      scratch_file("a.conf", "[rule web]\nlocal_port = 80\nidle = 5s\n"),
		      room_group());
	ck_assert_str_eq(called.errors, "");
}
END_TEST

/* What the kernel refuses, or takes, is the same with the programs, however long. */
START_TEST(same_results)
{
	static const char *const words[] = {
		"tcp4 set:idle=0 set:idle=32768 set:interval=-1 set:count=128 set:user_timeout=-1",
		"tcp4 set:syn_count=0 set:syn_count=128 set:max_segment=1 set:max_segment=40000",
		"tcp4 set:window_clamp=0 set:rto_max=1 set:rto_max=1000000 set:keepalive=77",
		"tcp4 bytes:6:4:1 bytes:6:4:4 bytes:6:4:5 bytes:6:4:8000 bytes:1:9:0 bytes:1:9:2",
		"tcp4 bytes:6:13:8000 bytes:0:35:8000 bytes:1:9:8000 bytes:6:18:4097 bytes:999:1:4",
		"tcp4 bytes:1:26:8000 bytes:0:1:4096 bytes:0:1:4097 bytes:6:9999:8 bytes:6:31:4096",
		"tcp4 bytes:6:4:-1 bytes:1:26:16 bytes:6:14:8000 tcp4 connect:127.0.0.9 bytes:6:4:8",
		"udp bytes:1:9:4 bytes:6:4:4 bytes:0:35:8000 unix bytes:1:9:4 bytes:1:9:8000",
		"sctp set:keepalive=1 raw set:keepalive=1 set:idle=5 mptcp set:idle=0 set:idle=40000",
		"mptcp set:keepalive=0 set:idle=30 set:count=4 set:max_segment=9 bytes:6:4:8000",
		"tcp4 listen set:idle=0 bytes:6:4:8000 tcp6 bytes:41:26:4 bytes:41:26:8000",
	};
	const char *control[COUNT(words)];

	ENTER_ROOM();
	for (size_t i = 0; i < COUNT(words); i++)
		control[i] = host(plain(), words[i]);
	keepalive("attach --idle 7200 --keepalive off %s", room_group());
	for (size_t i = 0; i < COUNT(words); i++)
		expect_text(host(plain(), words[i]), control[i], words[i]);
	keepalive("attach %s --override=on %s", SETTINGS, room_group());
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strstr(words[i], "connect") && !strstr(words[i], "listen"))
			expect_text(host(plain(), words[i]), control[i], words[i]);
}
END_TEST

/* What the victims of tests/hooks report of their calls is the same. */
START_TEST(same_reports)
{
	static const char *const names[] = { "kinds",   "raw",      "errors",  "addresses",
					     "flags",   "options",  "inherit", "own",
					     "signals", "children", "foreign", "received" };
	const char *control[COUNT(names)], *program = public_copy("tests/hooks/victim");

	ENTER_ROOM();
	for (size_t i = 0; i < COUNT(names); i++)
		control[i] = host(program, names[i]);
	keepalive("attach --keepalive off %s", room_group());
	for (size_t i = 0; i < COUNT(names); i++)
		expect_text(host(program, names[i]), control[i], names[i]);
}
END_TEST

static const struct rule_row {
	const char *rule, *words, *prints;
} rule_rows[] = {
	{ "role = client", "tcp4 connect tcp4 listen accept",
	  "connect: 1 62/75/9 0\nlisten: 1 61/75/9 0\naccept: 1 61/75/9 0\n" },
	{ "role = server", "tcp4 connect tcp4 listen accept",
	  "connect: 1 61/75/9 0\nlisten: 1 62/75/9 0\naccept: 1 62/75/9 0\n" },
	{ "remote = 127.0.0.0/31",
	  "tcp4 connect tcp4 connect:127.0.0.2 tcp6 connect:::ffff:127.0.0.1",
	  "connect: 1 62/75/9 0\nconnect:127.0.0.2: 1 61/75/9 0\n"
	  "connect:::ffff:127.0.0.1: 1 62/75/9 0\n" },
	{ "remote = ::1", "tcp4 connect tcp6 connect:::1",
	  "connect: 1 61/75/9 0\nconnect:::1: 1 62/75/9 0\n" },
	{ "remote = ::/0", "tcp4 connect tcp6 connect:::1 tcp6 connect:::ffff:127.0.0.1",
	  "connect: 1 61/75/9 0\nconnect:::1: 1 62/75/9 0\nconnect:::ffff:127.0.0.1: 1 61/75/9 0\n" },
	{ "remote_port = 5400-5432", "serve:5432 tcp4 connect serve:5433 tcp4 connect",
	  "connect: 1 62/75/9 0\nconnect: 1 61/75/9 0\n" },
	{ "local_port = 8080", "tcp4 listen:8080 accept tcp4 listen:8081 accept",
	  "listen:8080: 1 62/75/9 0\naccept: 1 62/75/9 0\n"
	  "listen:8081: 1 61/75/9 0\naccept: 1 61/75/9 0\n" },
	{ "role = server\nremote = 127.0.0.3", "tcp4 listen accept:127.0.0.3 accept:127.0.0.4",
	  "listen: 1 61/75/9 0\naccept:127.0.0.3: 1 62/75/9 0\n"
	  "accept:127.0.0.4: 1 61/75/9 0\n" },
	{ "role = server\nremote = 127.0.0.3\noverride = on",
	  "tcp4 set:idle=99 listen accept:127.0.0.3 accept:127.0.0.4",
	  "set:idle=99: done\nlisten: 1 99/75/9 0\naccept:127.0.0.3: 1 62/75/9 0\n"
	  "accept:127.0.0.4: 1 99/75/9 0\n" },
	/* The listener's decision is the same, but was not set. */
	{ "role = server\nremote = 127.0.0.3\noverride = on\nidle = 61",
	  "tcp4 set:idle=99 listen accept:127.0.0.3 accept:127.0.0.4",
	  "set:idle=99: done\nlisten: 1 99/75/9 0\naccept:127.0.0.3: 1 61/75/9 0\n"
	  "accept:127.0.0.4: 1 99/75/9 0\n" },
	{ "role = server\nremote = 127.0.0.3\nkeepalive = default",
	  "tcp4 set:idle=99 listen accept:127.0.0.3",
	  "set:idle=99: done\nlisten: 1 99/75/9 0\naccept:127.0.0.3: 0 99/75/9 0\n" },
	{ "remote = 127.0.0.3\nkeepalive = off", "tcp4 connect:127.0.0.3",
	  "connect:127.0.0.3: " LEFT_ALONE "\n" },
	{ "remote = 127.0.0.3\nuser_timeout = auto\ncount = 5", "tcp4 connect:127.0.0.3",
	  "connect:127.0.0.3: 1 62/75/5 436900\n" },
};

START_TEST(rules)
{
	const struct rule_row *row = &rule_rows[_i];
	char config[256];

	ENTER_ROOM();
	snprintf(config, sizeof config, "idle = 61\n[rule of test]\nidle = 62\n%s\n", row->rule);
	keepalive("attach --config %s %s", scratch_file("rule.conf", config), room_group());
	expect_text(host(plain(), row->words), row->prints, row->rule);
}
END_TEST

/* The last of as many rules as fit, at the rights that root has. */
START_TEST(many_rules)
{
	enum { RULES = 2048 / 3 };
	char *config = malloc(RULES * 64), *to = config;

	ENTER_ROOM();
	to += sprintf(to, "idle = 61\n");
	for (int i = 0; i < RULES; i++)
		to += sprintf(to, "[rule %d]\nremote = 127.0.%d.%d\nidle = %d\n", i, i / 250,
			      i % 250, 1000 + i);
	keepalive("attach --config %s %s", scratch_file("many.conf", config), room_group());
	expect_text(host(plain(), "tcp4 connect:127.0.2.181 tcp4 connect:127.0.2.182 tcp4 "
				  "connect:127.0.0.1"),
		    "connect:127.0.2.181: 1 1681/75/9 0\nconnect:127.0.2.182: 1 61/75/9 0\n"
		    "connect:127.0.0.1: 1 1001/75/9 0\n",
		    "many rules");
	sprintf(to, "[rule too many]\nidle = 5\n[rule not either]\nidle = 6\n");
	expect_says(keepalive_fails("attach --config %s %s", scratch_file("more.conf", config),
				    room_group()),
		    "rule not either and those after it do not fit");
}
END_TEST

START_TEST(override)
{
	ENTER_ROOM();
	keepalive("attach --override=on --idle 61 %s", room_group());
	expect_text(
		host(plain(), "tcp4 set:idle=99 set:keepalive=0 set:count=3 connect set:idle=98 "
			      "set:count=4 show tcp4 set:idle=99 listen set:idle=98 accept"),
		"set:idle=99: done\nset:keepalive=0: done\nset:count=3: done\n"
		"connect: 1 61/75/3 0\nset:idle=98: done\nset:count=4: done\nshow: 1 61/75/4 0\n"
		"set:idle=99: done\nlisten: 1 61/75/9 0\nset:idle=98: done\naccept: 1 61/75/9 0\n",
		"override");
}
END_TEST

/* getsockopt() of SO_KEEPALIVE tells of the whole; the timer is the subflow's. */
START_TEST(multipath_timer)
{
	const char *control;

	ENTER_ROOM();
	control = host(plain(), "mptcp connect timer");
	if (strstr(control, "EPROTONOSUPPORT"))
		SKIP("this kernel has no MPTCP");
	expect_says(control, "timer: 0\n");
	keepalive("attach %s %s", SETTINGS, room_group());
	expect_says(host(plain(), "mptcp connect timer"), "timer: 2\n");
}
END_TEST

/* What is set on the whole counts, if the kernel lets BPF programs find it; else what can be read.
 */
START_TEST(multipath)
{
	const char *words = "mptcp set:keepalive=1 set:idle=7200 connect";
	const char *control;

	ENTER_ROOM();
	control = host(plain(), words);
	if (strstr(control, "EPROTONOSUPPORT") || strstr(control, "EOPNOTSUPP"))
		SKIP("this kernel has no MPTCP, or none with options");
	if (access("/sys/kernel/btf/vmlinux", R_OK) || !kernel_is(5, 19))
		SKIP("this kernel does not lead from a subflow to its socket");
	keepalive("attach --idle 61 %s", room_group());
	expect_text(host(plain(), words), control, words);
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("attach");
	TCase *tcase = harness_case(suite, "attach", ROOM_SECONDS);

	tcase_add_loop_test(tcase, every_build, 0, COUNT(builds));
	tcase_add_test(tcase, of_32_bits);
	tcase_add_test(tcase, every_option);
	tcase_add_test(tcase, errors);
	tcase_add_test(tcase, subject);
	tcase_add_test(tcase, left_out);
	tcase_add_test(tcase, same_results);
	tcase_add_test(tcase, same_reports);
	tcase_add_loop_test(tcase, rules, 0, COUNT(rule_rows));
	tcase_add_test(tcase, many_rules);
	tcase_add_test(tcase, override);
	tcase_add_test(tcase, multipath_timer);
	tcase_add_test(tcase, multipath);
	return suite;
}

int main(void)
{
	return room_run(suite);
}
