/* What keepalive explain suggests, and how it looks: on a terminal, in a pipe, as SVG. */
#define _GNU_SOURCE
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/terminal.h"
#include "lib/harness.h"

enum { WORDS_MAX = 30, ROWS_MOST = 23, COLUMNS_MOST = 80 };

/* "explain" and words with a space between, as arguments. Never freed. */
static const char *const *words_of(const char *words)
{
	const char **argument = calloc(WORDS_MAX, sizeof *argument);
	char *copy = strdup(words), *place = NULL;
	int count = 1;

	argument[0] = "explain";
	for (char *word = strtok_r(copy, " ", &place); word && count < WORDS_MAX - 1;
	     word = strtok_r(NULL, " ", &place))
		argument[count++] = word;
	return argument;
}

static struct called explain(const char *format, const char *wish, const char *rest)
{
	char words[500];

	snprintf(words, sizeof words, "%s %s %s", wish, rest, format);
	return call(words_of(words));
}

/* A value of what --json suggests; NULL if nothing is. */
static const char *suggested(const char *json, const char *option)
{
	const char *at = strstr(json, "\"suggestion\":[");
	char begin[80], value[20];

	snprintf(begin, sizeof begin, "{\"option\":\"%s\",\"value\":\"", option);
	at = at ? strstr(at, begin) : NULL;
	if (!at || sscanf(at + strlen(begin), "%19[^\"]", value) != 1)
		return NULL;
	return strdup(value);
}

static void expect_suggestion(const char *wish)
{
	struct called called = explain("--json", wish, "");
	const char *json = compact_json(called.output);
	char settings[200];

	ck_assert_msg(suggested(json, "idle"), "%s: %s", wish, json);
	snprintf(settings, sizeof settings, "--idle %s --interval %s --count %s --user-timeout %s",
		 suggested(json, "idle"), suggested(json, "interval"), suggested(json, "count"),
		 suggested(json, "user_timeout"));
	called = explain("--json", wish, settings);
	ck_assert_msg(!called.status, "%s %s: status %d", wish, settings, called.status);
	ck_assert_msg(!strstr(called.output, "suggestion"), "%s %s: %s", wish, settings,
		      called.output);
	called = explain("", wish, settings);
	expect_status(&called, 0);
	ck_assert_msg(!strstr(called.output, "suggest"), "%s", called.output);
}

START_TEST(suggestions_do_what_is_wished)
{
	static const char *const wishes[] = {
		"",
		"--within 2min",
		"--within 30",
		"--within 10",
		"--within 5",
		"--within 1h",
		"--idle-timeout 5",
		"--idle-timeout 6",
		"--idle-timeout 10",
		"--idle-timeout 68",
		"--idle-timeout 350",
		"--within 30 --idle-timeout 20",
		"--within 5 --idle-timeout 5",
	};

	expect_suggestion(wishes[_i]);
}
END_TEST

/* Without a wish, something is suggested only where nothing is set. */
START_TEST(settings_that_do)
{
	static const char usual[] = "--idle 60 --interval 10 --count 6 --user-timeout auto";
	const char *file = scratch_file("usual.conf", "idle = 60s\ninterval = 10s\ncount = 6\n"
						      "user_timeout = auto\n");
	const char *const variables[] = { "KEEPALIVE_IDLE=60", "KEEPALIVE_INTERVAL=10",
					  "KEEPALIVE_COUNT=6", "KEEPALIVE_USER_TIMEOUT=auto",
					  NULL };
	char words[300];
	struct called called[] = {
		explain("", usual, ""),
		explain("", usual, "--within 3min --network aws"),
		explain("", "--idle 9", ""),
		call_as(NULL, variables, words_of("--within 3min --network aws")),
		{ 0 },
	};

	snprintf(words, sizeof words, "--config %s --within 3min --network aws", file);
	called[COUNT(called) - 1] = call(words_of(words));
	for (size_t i = 0; i < COUNT(called); i++) {
		expect_status(&called[i], 0);
		ck_assert_msg(!strstr(called[i].output, "suggest"), "%zu: %s", i, called[i].output);
	}
	/* The same settings do not do it sooner: exit status and JSON tell. */
	called[0] = explain("--json", usual, "--within 2min --network aws");
	expect_status(&called[0], 1);
	expect_says(compact_json(called[0].output),
		    "\"within\":[{\"seconds\":120,\"idle\":false,\"data\":false}]");
	expect_says(called[0].output, "\"idle_timeout\":[{\"seconds\":350,\"kept\":true,");
	expect_says(called[0].output, "\"suggestion\":[{\"option\":\"idle\",\"value\":\"60s\"}");
	ck_assert(is_json(called[0].output));
}
END_TEST

START_TEST(impossible_wishes)
{
	static const struct {
		const char *wish, *which, *least, *less;
	} row[] = {
		{ "--within 3", "--within of 3s cannot be met", "--within 5", "--within 4" },
		{ "--within 1 --network aws", "--within of 1s cannot be met",
		  "--within 5 --network aws", "--within 4 --network aws" },
		{ "--idle-timeout 2", "--idle-timeout of 2s cannot be met", "--idle-timeout 5",
		  "--idle-timeout 4" },
		{ "--within 60 --idle-timeout 2", "--idle-timeout of 2s cannot be met",
		  "--within 60 --idle-timeout 5", "--within 60 --idle-timeout 4" },
	};
	struct called called = explain("", row[_i].wish, "");
	struct called json = explain("--json", row[_i].wish, "");

	expect_status(&called, 1);
	expect_says(called.output, "no suggestion: ");
	expect_says(called.output, row[_i].which);
	expect_says(
		compact_json(json.output),
		strstr(row[_i].which, "within")
			? "\"suggestion\":[],\"impossible\":[{\"wish\":\"within\",\"least\":"
			: "\"suggestion\":[],\"impossible\":[{\"wish\":\"idle_timeout\",\"least\":");
	ck_assert(is_json(json.output));
	ck_assert_msg(strstr(called.output, "5s is possible") ||
			      strstr(called.output, "5s is\n               possible"),
		      "%s", called.output);
	expect_suggestion(row[_i].least);
	called = explain("", row[_i].less, "");
	expect_status(&called, 1);
	expect_says(called.output, "no suggestion: ");
	called = explain("--json", row[_i].less, "");
	expect_status(&called, 1);
	expect_says(compact_json(called.output), "\"suggestion\":[]");
	ck_assert(is_json(called.output));
}
END_TEST

/* Takes the line that begins so; fails the test if there is none. */
static char *line_of(const char *text, const char *begin)
{
	const char *at = strstr(text, begin);

	ck_assert_msg(at, "no \"%s\" in %s", begin, text);
	return strndup(at, strcspn(at, "\n"));
}

/* Each form, pasted as it is: the settings then do what was wished. */
START_TEST(forms_to_paste)
{
	struct called called = explain("", "--within 30", "");
	char script[3000], *line = line_of(called.output, "keepalive run ");
	const char *variables = strstr(called.output, "LD_PRELOAD="), *settings;
	const char *command = build_path("keepalive");
	char words[300];
	int status;

	expect_status(&called, 1);
	*strstr(line, "COMMAND") = 0;
	/* run gives the variables to its program, and explain reads them. */
	snprintf(script, sizeof script, "'%s' %s '%s' explain --within 30", command,
		 line + strlen("keepalive "), command);
	process_run(&(struct command){ .argv = (const char *const[]){ "sh", "-c", script, NULL },
				       .preload = NULL },
		    &status);
	ck_assert_msg(!status, "%s: %d", script, status);

	ck_assert_ptr_nonnull(variables);
	settings = strstr(variables, "COMMAND\n") + strlen("COMMAND\n");
	snprintf(script, sizeof script, "%.*s '%s' explain --within 30",
		 (int)(strstr(variables, "COMMAND\n") - variables), variables, command);
	/* Only the variables: the library need not be installed. */
	process_run(&(struct command){ .argv = (const char *const[]){ "sh", "-c",
								      strstr(script, "KEEPALIVE_"),
								      NULL } },
		    &status);
	ck_assert_msg(!status, "%s: %d", script, status);

	snprintf(words, sizeof words, "--within 30 --config %s",
		 scratch_file("pasted.conf", settings));
	called = call(words_of(words));
	expect_status(&called, 0);
}
END_TEST

/* No settings hold the timer of a proxy, however short they are; the rest is judged as always. */
START_TEST(proxies)
{
	static const char settings[] = "--idle 1 --interval 1 --count 3 --user-timeout auto";
	struct called list = CALL("explain", "--network", "list", "-rn"), called;
	int count = 0;
	struct row row;

	for (char *rest = list.output; next_row(&rest, &row);) {
		char words[400];

		if (strcmp(row.cell[2], "proxy"))
			continue;
		count++;
		ck_assert_int_gt(atoi(row.cell[1]), 0);
		ck_assert_msg(strstr(row.cell[4], ".org") || strstr(row.cell[4], ".io"), "%s",
			      row.cell[4]);
		snprintf(words, sizeof words, "--within 10 --network %s", row.cell[0]);
		called = explain("", settings, words);
		expect_status(&called, 1);
		expect_says(called.output, "not kept:");
		expect_says(called.output, joined(row.cell[0], " ends TCP itself and counts data"));
		expect_says(called.output, "; within 10s\n");
		ck_assert_ptr_null(strstr(called.output, "suggested:"));
		/* What is suggested is for the rest. */
		called = explain("", "--config=", words);
		expect_status(&called, 1);
		expect_says(called.output, "suggested: idle 2s, interval 1s, count 6");
		ck_assert_ptr_null(strstr(called.output, "before it is forgotten"));
		called = explain("--json", settings, words);
		expect_says(compact_json(called.output),
			    "\"kept\":false,\"survived\":0,\"proxy\":true}");
	}
	ck_assert_int_ge(count, 4);
}
END_TEST

/* What that rests on: a real proxy closes a connection on which probes are answered. */
START_TEST(a_real_proxy)
{
	const char *flags = getuid() ? "-Urn" : "-n";
	char *output;
	int status, probes = 0;

	if (!have_program("haproxy") || !have_program("python3"))
		SKIP("haproxy or python3 is missing");
	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	output = process_run(
		&(struct command){
			.argv = (const char *const[]){ "unshare", flags, "sh", "-c",
						       "ip link set lo up && exec \"$@\"", "sh",
						       "python3", source_path("tests/cli/proxy.py"),
						       scratch_path("haproxy.cfg"), NULL } },
		&status);
	ck_assert_msg(sscanf(output, "closed after %d probes", &probes) == 1, "%s", output);
	ck_assert_int_ge(probes, 2);
	free(output);
}
END_TEST

START_TEST(networks)
{
	struct called called = CALL("explain", "--network", "list", "-rn");
	glob_t files;

	expect_status(&called, 0);
	ck_assert_int_eq(glob(source_path("conf/presets/*.conf"), 0, NULL, &files), 0);
	for (size_t i = 0; i < files.gl_pathc; i++) {
		char *text = read_whole(files.gl_pathv[i]), *name, wish[400];
		char *seconds = line_of(text, "# Shortest idle timeout: ");
		struct row row;

		name = strdup(strrchr(files.gl_pathv[i], '/') + 1);
		*strstr(name, ".conf") = 0;
		row = find_row(called.output, 0, name);
		ck_assert_int_eq(row.cells, 5);
		ck_assert_int_eq(atoi(row.cell[1]), atoi(strrchr(seconds, ':') + 1));
		ck_assert_str_eq(row.cell[2], "network");
		ck_assert_msg(strlen(row.cell[3]) > 5 && strlen(row.cell[4]) > 5, "%s", name);
		snprintf(wish, sizeof wish, "--network %s", name);
		expect_suggestion(wish);
		/* The preset itself does it, too. */
		snprintf(wish, sizeof wish, "--network %s --config %s", name, files.gl_pathv[i]);
		called = explain("", wish, "");
		expect_status(&called, 0);
		expect_says(called.output, "kept: a probe every ");
		called = CALL("explain", "--network", "list", "-rn");
	}
	called = CALL("explain", "--network", "list", "--json");
	ck_assert(is_json(called.output));
	expect_says(compact_json(called.output), "{\"network\":\"aws\",\"seconds\":350,");
}
END_TEST

START_TEST(wrong_calls)
{
	static const struct {
		const char *words, *said;
	} row[] = {
		{ "--network awss", "--network: \"awss\" is unknown; did you mean aws?" },
		{ "--network lst", "did you mean list?" },
		{ "--network nothing-like-it", "(--network list prints them)" },
		{ "--network aws --idle-timeout 9",
		  "--network cannot be used with --idle-timeout" },
		{ "--within soon", "--within: \"soon\" is not a time" },
		{ "--within 0", "--within: \"0\" is outside 1..2147483 s" },
		{ "--within=", "--within: no value" },
		{ "--situation asleep", "\"asleep\" is none of idle, data, persist, connect" },
		{ "--svg", "--svg needs an argument" },
	};
	struct called called = explain("", row[_i].words, "");

	expect_status(&called, 2);
	ck_assert_str_eq(called.output, "");
	expect_says(called.errors, row[_i].said);
}
END_TEST

START_TEST(chosen_situation)
{
	static const char *const row[][2] = {
		{ "idle", "Idle connection, the peer vanishes:" },
		{ "data", "Unacknowledged data, the peer vanishes" },
		{ "persist", "Data that waits (the peer's window is closed), the peer vanishes:" },
		{ "connect", "connect() without an answer:" },
	};

	for (size_t i = 0; i < COUNT(row); i++) {
		struct called called = CALL("explain", "--idle", "9", "--situation", row[i][0]);

		expect_status(&called, 0);
		for (size_t k = 0; k < COUNT(row); k++)
			ck_assert_msg(!strstr(called.output, row[k][1]) == (i != k), "%s: %s",
				      row[i][0], called.output);
	}
}
END_TEST

static int count_of(const char *text, const char *word)
{
	int count = 0;

	for (; (text = strstr(text, word)); text += strlen(word))
		count++;
	return count;
}

START_TEST(svg)
{
	const char *path = scratch_path("picture.svg"), *picture = scratch_path("picture.png");
	struct called called =
		CALL("explain", "--idle=60", "--interval=10", "--count=6", "--user-timeout=auto",
		     "--within=3min", "--network=azure", "--svg", path);
	const char *const render[] = { "rsvg-convert", "-o", picture, path, NULL };
	const char *const parse[] = { "python3", "-c",
				      "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])",
				      path, NULL };
	char *text = read_whole(path);

	expect_status(&called, 0);
	ck_assert_int_eq(count_of(text, "<line class=\"sent\""), 6);
	ck_assert_int_eq(count_of(text, "<line class=\"mark\""), 2);
	ck_assert_int_eq(count_of(text, "<line class=\"missed\""), 0);
	expect_says(text, ">within 180s<");
	expect_says(text, ">idle timeout 240s of azure<");
	expect_says(text, "6 probes; it ends after 120s");
	if (have_program("rsvg-convert")) {
		run_tool(render, NULL);
		ck_assert(!strncmp(read_whole(picture) + 1, "PNG", 3));
	} else if (have_program("python3")) {
		run_tool(parse, NULL);
	} else {
		SKIP("neither rsvg-convert nor python3 is here");
	}
}
END_TEST

START_TEST(svg_of_each_situation)
{
	static const char *const words[] = {
		"--situation data --within 20",
		"--situation persist",
		"--situation connect",
		"--within 10 --network aws",
		"--keepalive default --idle 2 --idle-timeout 9",
		"--idle 1 --interval 1 --user-timeout 24h --idle-timeout 500h",
	};
	const char *path = scratch_path("each.svg");
	const char *const lint[] = { "python3", "-c",
				     "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", path,
				     NULL };

	if (!have_program("python3"))
		SKIP("python3 is missing");
	for (size_t i = 0; i < COUNT(words); i++) {
		explain("", words[i], joined("--svg ", path));
		run_tool(lint, NULL);
		ck_assert_uint_lt(strlen(read_whole(path)), 30000);
	}
}
END_TEST

START_TEST(svg_that_cannot_be_written)
{
	struct called called = CALL("explain", "--idle=9", "--svg=/nowhere/picture.svg");

	expect_status(&called, 1);
	expect_says(called.errors, "/nowhere/picture.svg: No such file or directory\n");
	called = CALL("explain", "--idle=9", "--svg=/dev/full");
	expect_status(&called, 1);
	expect_says(called.errors, "/dev/full: No space left on device\n");
}
END_TEST

/* Characters of a line, without colours; -1 if one is not ASCII where it has to be. */
static int columns_of(const char *line, size_t length, bool ascii)
{
	int columns = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)line[i];

		if (byte == 033)
			i += strcspn(line + i, "m");
		else if (ascii && (byte < ' ' || byte > '~'))
			return -1;
		else if ((byte & 0xc0) != 0x80)
			columns++;
	}
	return columns;
}

static void expect_fits(const char *words, const char *output, bool ascii)
{
	int rows = 0;

	for (const char *line = output; *line; rows++) {
		size_t length = strcspn(line, "\r\n");
		int columns = columns_of(line, length, ascii);

		ck_assert_msg(columns >= 0 && columns <= COLUMNS_MOST, "%s: %d columns: %.*s",
			      words, columns, (int)length, line);
		line += length;
		line += *line == '\r';
		line += *line == '\n';
	}
	ck_assert_msg(rows > 5 && rows <= ROWS_MOST, "%s: %d rows:\n%s", words, rows, output);
}

static char *on_a_terminal(const char *words, const char *variable, const char *locale, int columns,
			   int status)
{
	const char *argv[WORDS_MAX + 1] = { build_path("keepalive") };
	const char *const *arguments = words_of(words);

	for (int i = 0; arguments[i]; i++)
		argv[i + 1] = arguments[i];
	return terminal_run(&(struct command){ .argv = argv,
					       .environment = { "TERM=xterm", locale, variable } },
			    columns, status);
}

START_TEST(fits_the_terminal)
{
	static const struct {
		const char *words;
		int status;
	} row[] = {
		{ "", 0 },
		{ "--within 10 --network aws", 1 },
		{ "--within 10 --network cisco-fortigate --situation data", 1 },
		{ "--within 5 --network kubernetes", 1 },
		{ "--within 10 --idle-timeout 350 --idle 330 --user-timeout 5s", 1 },
		{ "--within 3 --network aws", 1 },
		{ "--idle-timeout 2", 1 },
		{ "--within 60 --network docker --keepalive off --idle 3", 1 },
		{ "--idle 60 --interval 10 --count 6 --user-timeout 30s --network aws", 0 },
		{ "--situation connect", 0 },
	};
	const char *words = row[_i].words;
	struct called called = explain("", words, "");

	expect_fits(words, called.output, true);
	expect_status(&called, row[_i].status);
	expect_fits(words, on_a_terminal(words, NULL, "LC_ALL=C.UTF-8", 80, row[_i].status), false);
	expect_fits(words, on_a_terminal(words, "NO_COLOR=1", "LC_ALL=C", 80, row[_i].status),
		    false);
}
END_TEST

START_TEST(lines_and_colours)
{
	static const char words[] = "--within 10 --network aws";
	char *output = on_a_terminal(words, NULL, "LC_ALL=C.UTF-8", 80, 1);

	expect_says(output, "\033[31m; not within 10s\033[0m");
	expect_says(output, "\033[31m▲\033[0m within 10s");
	expect_says(output, "╱╱");
	expect_says(output, "┬");
	output = on_a_terminal(words, "NO_COLOR=1", "LC_ALL=C.UTF-8", 80, 1);
	ck_assert_ptr_null(strchr(output, '\033'));
	expect_says(output, "▲ within 10s");
	output = on_a_terminal(words, NULL, "LC_ALL=C", 80, 1);
	expect_says(output, "\033[31m^\033[0m within 10s");
	for (const char *at = output; *at; at++)
		ck_assert_int_lt((unsigned char)*at, 128);
	output = on_a_terminal(words, "TERM=dumb", "LC_ALL=C.UTF-8", 80, 1);
	ck_assert_ptr_null(strchr(output, '\033'));
	ck_assert_ptr_null(strstr(output, "▲"));
	/* A pipe has neither, whatever the locale is. */
	output = call_as(NULL, (const char *const[]){ "LC_ALL=C.UTF-8", "TERM=xterm", NULL },
			 words_of(words))
			 .output;
	for (const char *at = output; *at; at++)
		ck_assert_int_lt((unsigned char)*at, 128);
	ck_assert_ptr_null(strchr(output, '\033'));
}
END_TEST

START_TEST(width_follows_the_terminal)
{
	static const int row[][2] = { { 40, 60 },   { 60, 60 },   { 100, 100 },
				      { 120, 120 }, { 200, 120 }, { 0, 80 } };

	for (size_t i = 0; i < COUNT(row); i++) {
		char *line =
			line_of(on_a_terminal("--idle 9", NULL, "LC_ALL=C", row[i][0], 0), " +-");

		/* A column is left free on both sides. */
		ck_assert_int_eq((int)strcspn(line, "\r"), row[i][1] - 1);
	}
}
END_TEST

/* The times and costs of a suggestion; and each verdict is that of its line. */
START_TEST(reasons)
{
	struct called called = explain("", "--within 2min --idle-timeout 350", "");

	expect_says(called.output, "suggested: idle 60s, interval 6s, count 6,");
	expect_says(called.output, "\n  first probe 290s before it is forgotten; 5 may be lost");
	expect_says(called.output, " 120 packets (6.2 kB) an hour; 10,000 cost 333/s\n");
	expect_says(called.output, " but does not read for 95.9s is given up");
	called = explain("", "--within 2min", "--idle 10 --interval 5 --count 3");
	expect_status(&called, 1);
	expect_says(called.output, "; within 120s\n  unacknowledged data: ");
	expect_says(called.output, "; not within 120s\nIdle ");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("suggest");
	TCase *tcase = harness_case(suite, "suggest", 60);

	tcase_add_loop_test(tcase, suggestions_do_what_is_wished, 0, 13);
	tcase_add_test(tcase, settings_that_do);
	tcase_add_loop_test(tcase, impossible_wishes, 0, 4);
	tcase_add_test(tcase, forms_to_paste);
	tcase_add_test(tcase, networks);
	tcase_add_test(tcase, proxies);
	tcase_add_test(tcase, a_real_proxy);
	tcase_add_loop_test(tcase, wrong_calls, 0, 9);
	tcase_add_test(tcase, chosen_situation);
	tcase_add_test(tcase, svg);
	tcase_add_test(tcase, svg_of_each_situation);
	tcase_add_test(tcase, svg_that_cannot_be_written);
	tcase_add_loop_test(tcase, fits_the_terminal, 0, 10);
	tcase_add_test(tcase, lines_and_colours);
	tcase_add_test(tcase, width_follows_the_terminal);
	tcase_add_test(tcase, reasons);
	return harness_run(suite);
}
