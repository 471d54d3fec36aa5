/* keepalive explain as it is called: what it prints for people and programs, and its errors. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/terminal.h"
#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"
#include "lib/process.h"

enum { WORDS_MAX = 20, PIECE_SIZE = 64 };

/* "keepalive explain" and words with a space between. */
struct call {
	char copy[400];
	const char *argv[WORDS_MAX];
};

static const char *const *call_of(struct call *call, const char *words)
{
	char *place = NULL;
	int count = 2;

	snprintf(call->copy, sizeof call->copy, "%s", words);
	call->argv[0] = build_path("keepalive");
	call->argv[1] = "explain";
	for (char *word = strtok_r(call->copy, " ", &place); word && count < WORDS_MAX - 1;
	     word = strtok_r(NULL, " ", &place))
		call->argv[count++] = word;
	call->argv[count] = NULL;
	return call->argv;
}

/* What it prints, to be freed; with one variable of the environment more, unless that is NULL. */
static char *explain_with(const char *variable, const char *words, int status, char **errors)
{
	struct call call;
	char *own_errors;
	int got;
	char *output = process_run_both(
		&(struct command){ .argv = call_of(&call, words), .environment = { variable } },
		&got, &own_errors);

	ck_assert_msg(got == status, "%s: status %d, %s", words, got, own_errors);
	if (errors)
		*errors = own_errors;
	else
		ck_assert_str_eq(own_errors, "");
	return output;
}

static char *explain(const char *words)
{
	return explain_with(NULL, words, 0, NULL);
}

static void expect_piece(const char *output, const char *piece)
{
	ck_assert_msg(strstr(output, piece) != NULL, "no \"%s\" in:\n%.3000s", piece, output);
}

static void expect_no_piece(const char *output, const char *piece)
{
	ck_assert_msg(!strstr(output, piece), "\"%s\" in:\n%.3000s", piece, output);
}

START_TEST(settings_and_their_sources)
{
	const char *file = scratch_file("explain.conf", "interval = 10s\ncount = 4\n");
	char variable[200], piece[300], *output;

	snprintf(variable, sizeof variable, "KEEPALIVE_CONF=%s", file);
	output = explain_with(variable, "--idle 60 --count 6 --user-timeout auto -rn", 0, NULL);
	expect_piece(output, "keepalive on the\\x20library\nidle 60 --idle\ninterval 10 ");
	snprintf(piece, sizeof piece, "interval 10 %s:1\ncount 6 --count\n", file);
	expect_piece(output, piece);
	expect_piece(output, "user_timeout 119900 --user-timeout,\\x20auto\n");
	free(output);
	output = explain_with("KEEPALIVE_IDLE=1min", "-rn", 0, NULL);
	expect_piece(output, "idle 60 KEEPALIVE_IDLE\n");
	free(output);
}
END_TEST

START_TEST(values_of_the_kernel)
{
	struct values values = kernel_values();
	char piece[200], *output = explain("--raw --noheadings");

	snprintf(piece, sizeof piece,
		 "idle %d net.ipv4.tcp_keepalive_time\ninterval %d net.ipv4.tcp_keepalive_intvl\n"
		 "count %d net.ipv4.tcp_keepalive_probes\nuser_timeout 0 the\\x20kernel\n",
		 values.idle, values.interval, values.count);
	expect_piece(output, piece);
	snprintf(piece, sizeof piece, "idle %d.000 end  ETIMEDOUT\n",
		 values.idle + values.interval * values.count);
	expect_piece(output, piece);
	free(output);
}
END_TEST

START_TEST(for_people)
{
	char *output = explain(
		"--idle 2 --interval 1 --count 3 --user-timeout auto --syn-count 2 --details");

	expect_piece(output, "OPTION          VALUE SOURCE\nkeepalive          on the library\n"
			     "idle               2s --idle\n");
	expect_piece(
		output,
		"Idle connection, the peer vanishes:\n"
		" 0s            1s              2s             3s              4s             5s\n"
		" +--------------+---------------+--------------+---------------+--------------+\n"
		" o                              p              p               p              X\n"
		" o last packet from the peer   p probes (3)   X it ends\n\n"
		"TIME EVENT\n  0s last packet from the peer\n  2s probe 1\n"
		"  3s probe 2\n  4s probe 3\n"
		"  5s the connection ends: read() fails with ETIMEDOUT, poll() reports POLLERR\n");
	expect_piece(output, "Unacknowledged data, the peer vanishes (keepalive does not run):\n");
	expect_piece(output, "\n5.1s the connection ends: read() or write()");
	expect_piece(output, "Data that waits (the peer's window is closed), the peer vanishes:\n");
	expect_piece(output, "connect() without an answer:\n");
	expect_piece(output, "\nNotes:\n\n");
	expect_no_piece(output, "\033");
	expect_no_piece(output, " \n");
	free(output);
}
END_TEST

/* Of many the first three and the last, and more than there is room for in the line. */
START_TEST(many_probes)
{
	char *output = explain("--idle 10 --interval 2 --count 100 --details");

	expect_piece(output,
		     "\n 10s probe 1\n 12s probe 2\n 14s probe 3\n     ...\n208s probe 100\n"
		     "210s the connection ends");
	expect_piece(output, "\n o   pppp");
	expect_piece(output, "ppppX\n o last packet from the peer   p probes (100)");
	free(output);
	output = explain("--idle 1 --interval 1 --user-timeout 24h");
	expect_piece(output, "\n opppppppp");
	expect_piece(output, "ppppX\n");
	expect_piece(output, "  idle connection:       after 24h to ");
	free(output);
	/* What was sent last is there, where not all of it is. */
	output = explain("--idle 1 --interval 1 --user-timeout 24h -rn");
	expect_piece(output, "\nidle 160.000 probe 160 \nidle 86399.000 probe 86399 \n"
			     "idle 86400.000 end  ETIMEDOUT\n");
	free(output);
}
END_TEST

START_TEST(never)
{
	char *output = explain("--keepalive default --idle 2 --details");

	expect_piece(output, "  idle connection:       never\n");
	expect_piece(output, " > it waits without limit\n\n TIME EVENT\n");
	expect_piece(output, "\nnever nothing is sent: read() and poll() wait without limit\n");
	ck_assert_ptr_nonnull(strstr(output, "\nUnacknowledged data"));
	*strstr(output, "\nUnacknowledged data") = 0;
	expect_no_piece(output, "probe 1");
	free(output);
	output = explain("--keepalive default --idle 2 --json");
	expect_piece(compact_json(output),
		     "\"situation\":\"idle\",\"seconds\":null,\"event\":\"never\"");
	free(output);
}
END_TEST

static const char program[] = "import json, sys\n"
			      "tables = json.load(open(sys.argv[1]))\n"
			      "print(*tables)\n"
			      "print(*(len(tables[name]) > 0 for name in tables))\n"
			      "print(type(tables['settings'][1]['value']))\n"
			      "print(tables['events'][0]['seconds'] + 1)\n"
			      "print(tables['notes'][0]['warning'] in (True, False))\n";

static void expect_json(const char *name, const char *words, int status)
{
	const char *path;
	char *output = explain_with(NULL, words, status, NULL);

	path = scratch_file(name, output);
	free(output);
	output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "python3", "-c", program, path, NULL } },
		&status);
	ck_assert_int_eq(status, 0);
	if (strstr(words, "--idle-timeout 3 "))
		ck_assert_str_eq(output,
				 "settings events idle_timeout suggestion impossible notes\n"
				 "True True True False True True\n<class 'int'>\n1.0\nTrue\n");
	else if (strstr(words, "--idle-timeout"))
		ck_assert_str_eq(output, "settings events idle_timeout notes\n"
					 "True True True True\n<class 'int'>\n1.0\nTrue\n");
	else
		ck_assert_str_eq(output, "settings events notes\nTrue True True\n<class 'int'>\n"
					 "1.0\nTrue\n");
	free(output);
}

START_TEST(json)
{
	if (!have_program("python3"))
		SKIP("no python3 here");
	expect_json("1.json", "-J --idle 7", 0);
	expect_json("2.json", "--json --idle 7 --idle-timeout 350", 0);
	expect_json("3.json", "--json --idle 7 --keepalive off", 0);
	expect_json("4.json",
		    "--json --idle 7 --keepalive default --user-timeout 5ms --idle-timeout 3 ", 1);
}
END_TEST

/* The characters that JSON has to escape, in the only place where the user has his own. */
START_TEST(json_of_odd_paths)
{
	char words[300], *output;

	snprintf(words, sizeof words, "--json --config %s",
		 scratch_file("a\"b\\c.conf", "idle = 7\n"));
	output = explain(words);
	expect_piece(output, "a\\\"b\\\\c.conf:1\"");
	free(output);
}
END_TEST

/* The notes by their names, in their order, in static memory; warnings have a ! before. */
static const char *notes_of(const char *variable, const char *words)
{
	static char notes[500];
	char all[500], name[PIECE_SIZE], warning[PIECE_SIZE], *output;
	size_t length = 0;

	*notes = 0;
	snprintf(all, sizeof all, "%s --json", words);
	output = explain_with(variable, all, 0, NULL);
	for (const char *at = compact_json(output); (at = strstr(at, "\"id\":\"")); at++) {
		ck_assert_int_eq(
			sscanf(at, "\"id\":\"%63[^\"]\",\"warning\":%63[^,]", name, warning), 2);
		length += (size_t)snprintf(notes + length, sizeof notes - length, "%s%s%s",
					   length ? " " : "", strcmp(warning, "true") ? "" : "!",
					   name);
	}
	free(output);
	return notes;
}

START_TEST(notes)
{
	static const struct {
		const char *words, *notes;
	} row[] = {
		{ "", "no-user-timeout unreachable" },
		{ "--idle 60 --interval 10 --count 6", "no-user-timeout unreachable" },
		{ "--idle 60 --interval 10 --count 6 --user-timeout auto",
		  "connect-bounded living-peer unreachable" },
		{ "--idle 60 --interval 10 --count 6 --user-timeout 30s",
		  "!user-timeout-early connect-bounded living-peer unreachable" },
		{ "--idle 60 --interval 10 --count 6 --user-timeout 200s",
		  "!user-timeout-late living-peer unreachable" },
		{ "--idle 60 --interval 1 --count 3 --user-timeout auto",
		  "!user-timeout-timers connect-bounded living-peer unreachable" },
		{ "--idle 60 --interval 1 --count 3", "no-user-timeout unreachable" },
		{ "--idle 2 --interval 1 --count 3 --user-timeout auto --syn-count 6",
		  "!connect-bounded living-peer unreachable" },
		{ "--idle 60 --interval 10 --count 6 --user-timeout auto --syn-count 2",
		  "!syn-count-extended living-peer unreachable" },
		{ "--keepalive off", "keepalive-off unreachable" },
		{ "--keepalive off --rto-max 1000", "!keepalive-off unreachable" },
		{ "--keepalive off --user-timeout 1000", "!keepalive-off unreachable" },
		{ "--keepalive default", "keepalive-default no-user-timeout unreachable" },
		{ "--keepalive default --count 3",
		  "!keepalive-default no-user-timeout unreachable" },
		{ "--keepalive default --user-timeout 200s",
		  "keepalive-default !user-timeout-alone living-peer unreachable" },
	};
	const char *got;
	char variable[300];

	if (access("/proc/sys/net/ipv4/tcp_syn_linear_timeouts", F_OK))
		SKIP("tcp_syn_linear_timeouts, which some rows are about, is not in this kernel");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		got = notes_of(NULL, row[i].words);
		ck_assert_msg(!strcmp(got, row[i].notes), "%s: %s, expected %s", row[i].words, got,
			      row[i].notes);
	}
	snprintf(variable, sizeof variable, "KEEPALIVE_CONF=%s",
		 scratch_file("rules.conf", "[rule a]\nremote_port = 1\nidle = 5\n"));
	got = notes_of(variable, "");
	ck_assert_str_eq(got, "no-user-timeout unreachable rules");
}
END_TEST

/* What the notes say of numbers is what was predicted. */
START_TEST(numbers_in_notes)
{
	char *output = explain("--idle 60 --interval 10 --count 6 --user-timeout 30s --json");

	expect_piece(output, "after 1 lost probe, not after 6; one lost packet ends it.");
	free(output);
	output = explain("--idle 60 --interval 10 --count 6 --user-timeout 200s --json");
	expect_piece(output, "after 14 lost probes, not after 6.");
	free(output);
	if (kernel_has(OPTION_RTO_MAX)) {
		output = explain("--idle 60 --count 6 --user-timeout 40s --rto-max 1s --json");
		expect_piece(output, "with this rto_max, after 14.4s.");
		free(output);
		output = explain("--idle 60 --count 6 --user-timeout 14s --rto-max 1s --json");
		expect_no_piece(output, "persist-early");
		free(output);
	}
	/* The kernel ends it after one lost probe: nothing on the path does. */
	output = explain("--idle 60 --user-timeout 30s --idle-timeout 350 --json");
	expect_piece(output, "after 1 lost probe, not after 9");
	expect_no_piece(output, "idle-timeout-unforgiving");
	free(output);
	/* auto is longer than the retries take with the kernel's own timing: no use to say so. */
	output = explain("--idle 7200 --interval 75 --count 9 --json");
	expect_no_piece(output, "--user-timeout auto");
	free(output);
	output = explain("--idle 60 --interval 10 --count 6 --json");
	expect_piece(output, "--user-timeout auto limits it.");
	free(output);
}
END_TEST

START_TEST(idle_timeout)
{
	static const struct {
		const char *words, *json, *people;
	} row[] = {
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 350", "350 true 5",
		  "kept: a probe every 60s; 5 may be lost in a row\n" },
		{ "--idle 60 --interval 10 --count 60 --idle-timeout 350", "350 true 25",
		  "25 may be lost" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 90s", "90 true 1",
		  "1 may be lost in a row" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 92", "92 true 2",
		  "2 may be lost" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 79", "79 true 0",
		  "! After one lost probe the connection is forgotten." },
		/* The kernel's timers are late by up to an eighth, and that is too late. */
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 69", "69 true 0", "kept" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 68", "68 false 0",
		  "forgotten: a probe may be sent only after 68s.\n" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 61", "61 false 0",
		  "! The kernel's timers are late" },
		{ "--idle 330 --idle-timeout 350", "350 false 0",
		  "a probe that is due after\n  330s may be sent after 372s, too late" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 60", "60 false 0",
		  "forgotten: a probe is sent only after 60s.\n" },
		{ "--idle 60 --interval 10 --count 6 --idle-timeout 1min", "60 false 0",
		  "only after 60s" },
		{ "--idle 60 --interval 10 --count 6 --user-timeout 4s --idle-timeout 30",
		  "30 false 0", "ends after 4.2s" },
		/* After an answer an interval passes, if it is longer. */
		{ "--idle 10 --interval 100 --idle-timeout 100", "100 false 0", "after 100s" },
		{ "--keepalive off --idle 1 --idle-timeout 350", "350 false 0",
		  "no probes are sent" },
		{ "--keepalive off --idle-timeout 500h", "1800000 false 0", "idle timeout 500h:" },
		{ "--keepalive off --idle-timeout 2147483", "2147483 false 0",
		  "596h 31min 23s: forgotten" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char all[400], seconds[PIECE_SIZE], kept[PIECE_SIZE], survived[PIECE_SIZE], *at;
		/* A script asks by the exit status. */
		int status = strstr(row[i].json, "true") ? 0 : 1;
		char *output;

		snprintf(all, sizeof all, "%s --details", row[i].words);
		output = explain_with(NULL, all, status, NULL);
		expect_piece(output, row[i].people);
		free(output);
		snprintf(all, sizeof all, "%s --json", row[i].words);
		output = explain_with(NULL, all, status, NULL);
		at = strstr(compact_json(output), "\"idle_timeout\"");
		ck_assert_ptr_nonnull(at);
		ck_assert_int_eq(sscanf(strstr(at, "\"seconds\""),
					"\"seconds\":%63[^,],\"kept\":%63[^,],\"survived\":%63[^,]",
					seconds, kept, survived),
				 3);
		snprintf(all, sizeof all, "%s %s %s", seconds, kept, survived);
		ck_assert_msg(!strcmp(all, row[i].json), "%s: %s, expected %s", row[i].words, all,
			      row[i].json);
		free(output);
	}
}
END_TEST

START_TEST(mistakes_in_the_call)
{
	static const struct {
		const char *words, *said;
	} row[] = {
		{ "--idle-timeout 0",
		  "keepalive: --idle-timeout: \"0\" is outside 1..2147483 s\n" },
		{ "--idle-timeout default",
		  "--idle-timeout: \"default\" is not a time (units: ms, s, min, h)\n" },
		{ "--idle-timeout soon",
		  "--idle-timeout: \"soon\" is not a time (units: ms, s, min, h)\n" },
		{ "--idle-timeout auto",
		  "--idle-timeout: \"auto\" is not a time (units: ms, s, min, h)\n" },
		{ "--idle-timeout 1500ms", "\"1500ms\" is not a whole number of seconds\n" },
		{ "--idle-timeout 2147484", "\"2147484\" is outside 1..2147483 s\n" },
		{ "--idle-timeout=", "--idle-timeout: no value\n" },
		{ "--idle-timeout", "--idle-timeout needs an argument\n" },
		{ "--idle soon", "--idle: \"soon\" is not a time (units: ms, s, min, h)\n" },
		{ "operand", "too many operands" },
		{ "--colour", "unknown flag --colour\n" },
	};

	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char *errors, *output = explain_with(NULL, row[i].words, 2, &errors);

		ck_assert_str_eq(output, "");
		expect_piece(errors, row[i].said);
		expect_piece(errors, "Try 'keepalive explain --help'.\n");
		free(output);
		free(errors);
	}
}
END_TEST

START_TEST(mistakes_in_the_configuration)
{
	char *errors, *output = explain_with("KEEPALIVE_IDLE=6O", "-rn --count 5", 1, &errors);

	ck_assert_str_eq(
		errors, "keepalive: KEEPALIVE_IDLE: \"6O\" is not a time (units: ms, s, min, h)\n");
	expect_piece(output, "count 5 --count\n");
	expect_piece(output, "connect 0.000 start");
	free(output);
	free(errors);
}
END_TEST

static char *on_a_terminal(const char *variable, const char *words, int status)
{
	struct call call;

	return terminal_run(&(struct command){ .argv = call_of(&call, words),
					       .environment = { "TERM=xterm", variable } },
			    80, status);
}

START_TEST(colours)
{
	static const char words[] = "--keepalive default --idle 2 --idle-timeout 9 --details";
	static const char *const without[] = { "NO_COLOR=1", "TERM=dumb" };
	char *output = on_a_terminal(NULL, words, 1);

	expect_piece(output, "idle connection:       \033[31mnever\033[0m\r\n");
	expect_piece(output, "\033[31mforgotten: \033[0m");
	expect_piece(output, "\033[31m! \033[0mkeepalive is left");
	free(output);
	output = on_a_terminal("NO_COLOR=", words, 1);
	expect_piece(output, "\033[31mnever");
	free(output);
	for (size_t i = 0; i < sizeof without / sizeof *without; i++) {
		output = on_a_terminal(without[i], words, 1);
		expect_no_piece(output, "\033");
		expect_piece(output, "idle connection:       never\r\n");
		free(output);
	}
	/* What is as it should be has none. */
	output = on_a_terminal(NULL, "--idle 60 --interval 10 --count 6 --user-timeout auto", 0);
	expect_no_piece(output, "\033");
	free(output);
}
END_TEST

START_TEST(full_disk)
{
	int full = open("/dev/full", O_WRONLY | O_CLOEXEC), error = dup(full);
	struct process process;
	struct call call;

	ck_assert_int_ge(full, 0);
	process = process_start(
		&(struct command){ .argv = call_of(&call, "--idle 5 --json"),
				   .descriptors = (const int[]){ 0, full, error, -1 } });
	ck_assert_int_eq(process_wait(&process, 20), 1);
	close(full);
	close(error);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("explain");
	TCase *tcase = harness_case(suite, "explain", 60);

	tcase_add_test(tcase, settings_and_their_sources);
	tcase_add_test(tcase, values_of_the_kernel);
	tcase_add_test(tcase, for_people);
	tcase_add_test(tcase, many_probes);
	tcase_add_test(tcase, never);
	tcase_add_test(tcase, json);
	tcase_add_test(tcase, json_of_odd_paths);
	tcase_add_test(tcase, notes);
	tcase_add_test(tcase, numbers_in_notes);
	tcase_add_test(tcase, idle_timeout);
	tcase_add_test(tcase, mistakes_in_the_call);
	tcase_add_test(tcase, mistakes_in_the_configuration);
	tcase_add_test(tcase, colours);
	tcase_add_test(tcase, full_disk);
	return harness_run(suite);
}
