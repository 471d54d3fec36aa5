/* What is written about the command: manual pages, README and completions, held against the
 * command. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "core/error.h"
#include "lib/harness.h"
#include "lib/process.h"

static const char *const pages[] = { "man/keepalive.1", "man/libkeepalive.conf.5",
				     "man/libkeepalive.7" };

enum { PAGES = sizeof pages / sizeof *pages, WORD_SIZE = 64, FLAGS_MAX = 400 };

static char *help_of(const char *verb)
{
	const char *command = build_path("keepalive");
	int status;
	char *help = process_run(
		&(struct command){ .argv = (const char *const[]){ command, verb, "--help", NULL } },
		&status);

	ck_assert_int_eq(status, 0);
	return help;
}

/* The flags of a text: what comes after `before`, as long as letters and hyphens do. */
struct flags {
	int count;
	char word[FLAGS_MAX][WORD_SIZE];
};

static void collect(struct flags *flags, const char *text, const char *before)
{
	for (; (text = strstr(text, before)); text++) {
		const char *at = text + strlen(before);
		size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz-0123456789");

		if (!isalpha((unsigned char)*at) || length >= WORD_SIZE ||
		    flags->count == FLAGS_MAX)
			continue;
		while (at[length - 1] == '-')
			length--;
		snprintf(flags->word[flags->count++], WORD_SIZE, "%.*s", (int)length, at);
	}
}

static bool has(const struct flags *flags, const char *word)
{
	for (int i = 0; i < flags->count; i++)
		if (!strcmp(flags->word[i], word))
			return true;
	return false;
}

/* Those of the command itself and of all verbs. */
static void collect_helps(struct flags *flags)
{
	char *help = help_of("--help");

	collect(flags, help, " --");
	free(help);
	for (const char *const *verb = verb_names(); *verb; verb++) {
		help = help_of(*verb);
		collect(flags, help, " --");
		free(help);
	}
}

static void expect_same(const char *path, const char *const *before)
{
	static struct flags taken, written;
	char *text = read_whole(source_path(path));

	taken.count = written.count = 0;
	collect_helps(&taken);
	ck_assert_int_gt(taken.count, 60);
	for (; *before; before++)
		collect(&written, text, *before);
	for (int i = 0; i < taken.count; i++)
		ck_assert_msg(has(&written, taken.word[i]), "%s lacks --%s", path, taken.word[i]);
	for (int i = 0; i < written.count; i++)
		ck_assert_msg(has(&taken, written.word[i]), "%s: nothing takes --%s", path,
			      written.word[i]);
	free(text);
}

START_TEST(manual_has_the_flags)
{
	expect_same("man/keepalive.1", (const char *const[]){ "Fl -", ", -", NULL });
}
END_TEST

START_TEST(fish_has_the_flags)
{
	expect_same("completions/keepalive.fish", (const char *const[]){ " -l ", NULL });
}
END_TEST

START_TEST(zsh_has_the_flags)
{
	expect_same("completions/_keepalive", (const char *const[]){ "'--", ",--", NULL });
}
END_TEST

START_TEST(manual_has_the_columns)
{
	/* A column that is not there names itself; one that is there would not. */
	static const char *const columns[] = { "PROGRAM", "PID",         "FD",          "STATE",
					       "LOCAL",   "PEER",        "TIMER",       "LEFT",
					       "UNACKED", "DETECT_IDLE", "DETECT_DATA", "SHIM",
					       "REACH",   "PROTOCOL",    "USER",        "INODE" };
	char *page = read_whole(source_path("man/keepalive.1"));
	const char *command = build_path("keepalive");

	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		char *errors;
		int status;

		free(process_run_both(
			&(struct command){ .argv = (const char *const[]){ command, "show", "-o",
									  columns[i], "-n", "1",
									  NULL } },
			&status, &errors));
		ck_assert_msg(!strstr(errors, "not a column"), "%s is no column", columns[i]);
		ck_assert_msg(strstr(page, columns[i]), "the manual lacks the column %s",
			      columns[i]);
		free(errors);
	}
	free(page);
}
END_TEST

START_TEST(manual_has_the_columns_of_audit)
{
	char *page = read_whole(source_path("man/keepalive.1")), *help = help_of("audit");
	char *list = strstr(help, "\nColumns:\n"), *section = strstr(page, "\n.Ss audit\n");
	int columns = 0;

	ck_assert(list && section);
	*strstr(section, "\n.Ss apply\n") = 0;
	for (char *line = strtok(list + strlen("\nColumns:\n"), "\n"); line;
	     line = strtok(NULL, "\n"), columns++) {
		line[2 + strcspn(line + 2, " ")] = 0;
		ck_assert_msg(strstr(section, line + 2), "the manual lacks the column %s of audit",
			      line + 2);
	}
	ck_assert_int_gt(columns, 10);
	free(page), free(help);
}
END_TEST

/* A piece of a text from `begin` up to `end`; `where` is the text's name. To be freed. */
static char *piece(const char *where, const char *text, const char *begin, const char *end)
{
	const char *from = strstr(text, begin);
	const char *to = from ? strstr(from + strlen(begin), end) : NULL;

	ck_assert_msg(from, "%s: \"%s\" is missing", where, begin + strspn(begin, "\n"));
	return strndup(from, to ? (size_t)(to - from) : strlen(from));
}

static void expect_in(const char *where, const char *text, const char *word)
{
	ck_assert_msg(strstr(text, word), "%s: no %s in: %.400s", where, word, text);
}

/* "1 to 32767 s", as conf(5) has what range_write has with dots. */
static void write_range_in_words(const struct option_row *option, char *words, size_t size)
{
	struct line line = { 0 };
	int dots;

	range_write(option, &line);
	line.at[line.length] = 0;
	dots = (int)(strstr(line.at, "..") - line.at);
	snprintf(words, size, "%.*s to %s", dots, line.at, line.at + dots + 2);
}

START_TEST(pages_have_the_option)
{
	const struct option_row *option = &option_table[_i];
	char *conf = read_whole(source_path("man/libkeepalive.conf.5"));
	char *library = read_whole(source_path("man/libkeepalive.7"));
	char *command = read_whole(source_path("man/keepalive.1"));
	char begin[WORD_SIZE], range[WORD_SIZE];
	char *text;

	snprintf(begin, sizeof begin, ".It Cm %s No", option->key);
	text = piece("man/libkeepalive.conf.5", conf, begin, "\n.It ");
	expect_in("man/libkeepalive.conf.5", text, option->kernel_name);
	if (option->unit != UNIT_SWITCH) {
		write_range_in_words(option, range, sizeof range);
		expect_in("man/libkeepalive.conf.5", text, range);
	}
	free(text);

	snprintf(begin, sizeof begin, ".It Ev %s Ta", option->variable[0]);
	text = piece("man/libkeepalive.7", library, begin, "\n");
	for (int i = 1; i < OPTION_VARIABLES && option->variable[i][0]; i++)
		expect_in("man/libkeepalive.7", text, option->variable[i]);
	free(text);

	snprintf(begin, sizeof begin, ".It Fl %s", flag_of(option) + 1);
	text = piece("man/keepalive.1", command, begin, "\n.It ");
	expect_in("man/keepalive.1", text, option->kernel_name);
	free(text);
	free(conf);
	free(library);
	free(command);
}
END_TEST

/* The lists of verbs, from their begin to their end. */
static const struct {
	const char *path, *begin, *end;
} verb_lists[] = {
	{ "man/keepalive.1", ".Sh SYNOPSIS", ".Sh DESCRIPTION" },
	{ "completions/_keepalive", "verbs=(", "\n)" },
	{ "completions/keepalive.fish", "complete -c keepalive -n __keepalive_has_no_verb",
	  "\n\n" },
	{ "completions/keepalive.fish", "'__keepalive_is help'", "\n" },
};

START_TEST(texts_have_the_verbs)
{
	const char *path = verb_lists[_i].path;
	struct flags written = { 0 };
	char *text = read_whole(source_path(path));
	char *list = piece(path, text, verb_lists[_i].begin, verb_lists[_i].end);

	for (const char *begin = " '\t"; *begin; begin++)
		collect(&written, list, (char[]){ *begin, 0 });
	for (const char *const *verb = verb_names(); *verb; verb++)
		ck_assert_msg(has(&written, *verb), "%s lacks the verb %s after %s", path, *verb,
			      verb_lists[_i].begin);
	free(list), free(text);
}
END_TEST

/* Neither the help nor the completion of bash is asked for by a page. */
START_TEST(command_has_the_option)
{
	const struct option_row *option = &option_table[_i];
	char *bash = read_whole(source_path("completions/keepalive.bash"));
	char *help = help_of("run"),
	     *row = piece("src/cli/ui/wanted.c", help, flag_of(option), "\n");

	expect_in("src/cli/ui/words.c", row, option->kernel_name);
	expect_in("completions/keepalive.bash", bash, flag_of(option));
	free(row), free(help), free(bash);
}
END_TEST

START_TEST(readme_has_the_option)
{
	const struct option_row *option = &option_table[_i];
	char *readme = read_whole(source_path("README"));
	struct line range = { 0 };
	char begin[WORD_SIZE];
	/* The table that begins with this heading has a line for each. */
	char *table = piece("README", readme, "    key           variable", "\n\n");
	char *row;

	snprintf(begin, sizeof begin, "\n    %s ", option->key);
	row = piece("README", table, begin, "\n    ");
	expect_in("README", row, option->variable[0]);
	expect_in("README", row, option->kernel_name);
	if (option->unit != UNIT_SWITCH) {
		range_write(option, &range);
		range.at[range.length] = 0;
		expect_in("README", row, range.at);
	}
	free(row);
	free(table);
	free(readme);
}
END_TEST

/* README's table of suggestions: each row is what explain suggests. */
START_TEST(readme_has_the_suggestions)
{
	char *readme = read_whole(source_path("README"));
	char *table = piece("README", readme, "    wish  ", "\n\n");
	int rows = 0;

	strtok(table, "\n");
	for (char *row = strtok(NULL, "\n"); row; row = strtok(NULL, "\n"), rows++) {
		const char *words[8] = { "explain", "--config=" };
		char *settings = strstr(row, "idle "), *noticed = strstr(row, " after ");
		char flag[WORD_SIZE], value[WORD_SIZE];
		struct called called;

		ck_assert_msg(settings && noticed, "README: %s", row);
		if (sscanf(row, " --%63s %63s", flag, value) == 2) {
			words[2] = joined("--", flag);
			words[3] = value;
		} else {
			expect_in("README", row, " none ");
		}
		called = call(words);
		*strstr(settings, "  ") = 0;
		noticed += strlen(" after ");
		expect_in("explain", called.output,
			  joined("\nsuggested: ", joined(settings, ", user_timeout auto\n")));
		expect_in(
			"explain", called.output,
			joined("\n  notices a dead peer after ", joined(noticed, ", with data ")));
	}
	ck_assert_int_ge(rows, 6);
	free(table), free(readme);
}
END_TEST

/* README's other values: the time is what explain predicts. */
START_TEST(readme_advises_what_explain_says)
{
	static const struct {
		const char *flag, *value, *end;
	} row[] = {
		{ "--user-timeout", "0", "\n15min 29s the connection ends: read() or write()" },
		{ "--syn-count", "3", "\n 19s connect() fails with ETIMEDOUT" },
		{ "--syn-count", "default", "\n131s connect() fails with ETIMEDOUT" },
	};
	char *readme = read_whole(source_path("README"));

	for (size_t i = 0; i < COUNT(row); i++)
		expect_in(
			"explain",
			CALL("explain", "--config=", "--details", row[i].flag, row[i].value).output,
			row[i].end);
	expect_in("README", readme, "only after 15 min");
	expect_in("README", readme, "19 s (without it 131 s)");
	free(readme);
}
END_TEST

/* $(pidof NAME) is no word at all where NAME does not run, and then everything is meant. */
START_TEST(nobody_is_told_of_pidof)
{
	static const char *const texts[] = { "README", "EXAMPLES", "man/libkeepalive.7" };

	for (size_t i = 0; i < COUNT(texts); i++)
		ck_assert_msg(!strstr(read_whole(source_path(texts[i])), "pidof"), "%s", texts[i]);
	ck_assert_ptr_null(
		strstr(piece("man/keepalive.1", read_whole(source_path("man/keepalive.1")),
			     ".Sh EXAMPLES", ".Sh"),
		       "pidof"));
}
END_TEST

/* Lines that are not about other pages, which this machine need not have. */
static bool is_about_the_page(const char *line)
{
	return *line && !strstr(line, "referenced manual not found") && !strstr(line, "outdated");
}

START_TEST(mandoc_finds_nothing)
{
	const char *path = source_path(pages[_i]);
	int status;
	char *output, *errors;

	if (!have_program("mandoc"))
		SKIP("mandoc is missing");
	output = process_run_both(
		&(struct command){
			.argv = (const char *const[]){ "mandoc", "-T", "lint", path, NULL } },
		&status, &errors);
	free(errors);
	for (char *line = strtok(output, "\n"); line; line = strtok(NULL, "\n"))
		ck_assert_msg(!is_about_the_page(line), "%s", line);
	free(output);
}
END_TEST

START_TEST(groff_finds_nothing)
{
	const char *path = source_path(pages[_i]);
	int status;
	char *output, *errors;

	if (!have_program("groff"))
		SKIP("groff is missing");
	output = process_run_both(
		&(struct command){ .argv = (const char *const[]){ "groff", "-ww", "-mandoc",
								  "-Tutf8", path, NULL } },
		&status, &errors);
	ck_assert_int_eq(status, 0);
	ck_assert_str_eq(errors, "");
	ck_assert(strstr(output, "keepalive"));
	free(output);
	free(errors);
}
END_TEST

/* Runs a script of a shell with our directory in PATH; its output, to be freed. */
static char *run_shell(const char *shell, const char *option, const char *script)
{
	static char path[4096];
	char *output;
	int status;

	snprintf(path, sizeof path, "PATH=%s:%s", build_path("."), getenv("PATH"));
	output = process_run(
		&(struct command){
			.argv = (const char *const[]){ shell, option, "-c", script, NULL },
			.environment = { path, joined("HOME=", scratch()),
					 joined("XDG_CONFIG_HOME=", scratch()),
					 joined("XDG_DATA_HOME=", scratch()) } },
		&status);
	ck_assert_msg(!status, "%s: status %d: %s", shell, status, output);
	return output;
}

static void expect_words(const char *output, const char *words)
{
	ck_assert_msg(!strcmp(output, words), "%s", output);
}

START_TEST(bash_completes)
{
	char script[3072];
	char *output;

	if (!have_program("bash") ||
	    !strlen(read_whole("/usr/share/bash-completion/bash_completion")))
		SKIP("bash-completion is missing");
	snprintf(
		script, sizeof script,
		". /usr/share/bash-completion/bash_completion; . '%s'\n"
		"complete_words() { COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); COMP_LINE=\"$*\";\n"
		"COMP_POINT=${#COMP_LINE}; COMPREPLY=(); _keepalive keepalive \"${@: -1}\" \"${@: -2:1}\";\n"
		"echo \"${COMPREPLY[@]}\"; }\n"
		"complete_words keepalive e\n"
		"complete_words keepalive help d\n"
		"complete_words keepalive run --i\n"
		"complete_words keepalive disable -\n"
		"complete_words keepalive run --user-timeout ''\n"
		"complete_words keepalive check --role s\n"
		"complete_words keepalive detach --s\n"
		"complete_words keepalive attach --u\n"
		"complete_words keepalive show --state LISTEN,CLOSE-\n"
		"complete_words keepalive show --output pid,detect_i\n"
		"complete_words keepalive show --sort -user_\n"
		"systemctl() { echo 'keeper-of.service loaded active running'; }\n"
		"ln -s \"$(command -v sleep)\" keeper; ./keeper 100 & pid=$!\n"
		"until [ \"$(cat /proc/$pid/comm)\" = keeper ]; do :; done\n"
		"complete_words keepalive show keeper\n"
		"complete_words keepalive apply $pid | sed s/$pid/PID/\n"
		"complete_words keepalive attach keeper-\n"
		"complete_words keepalive detach /sys/fs/cg\n"
		"kill $pid\n",
		source_path("completions/keepalive.bash"));
	output = run_shell("bash", "--norc", script);
	expect_words(output, "events explain enable\ndisable detach\n--idle --interval\n"
			     "--dry-run --user --runtime --root --help\nauto\nserver\n"
			     "--self\n--user-timeout --uid\nLISTEN,CLOSE-WAIT\n"
			     "pid,detect_idle\n-user_timeout\nkeeper keeper-of.service\nPID\n"
			     "keeper-of.service\n/sys/fs/cgroup\n");
	free(output);
}
END_TEST

/* What begins with the word: fish 4 also offers what has its letters somewhere. */
START_TEST(fish_completes)
{
	char script[2048];
	char *output;

	if (!have_program("fish"))
		SKIP("fish is missing");
	snprintf(
		script, sizeof script,
		"source '%s'; for line in 'keepalive e' 'keepalive run --in' 'keepalive check --role s' \\\n"
		"'keepalive show --state LISTEN,LAST' 'keepalive show --sort detect_i'\n"
		"set word (string split ' ' -- $line)[-1]\n"
		"string replace -r '\\t.*' '' -- (complete -C $line) | string match -- $word'*'; end\n"
		"function systemctl; echo 'fisher-of.service loaded active running'; end\n"
		"ln -s (command -v sleep) fisher; ./fisher 100 & set pid $last_pid\n"
		"while test (cat /proc/$pid/comm) != fisher; end\n"
		"string replace -r '\\t.*' '' -- (complete -C 'keepalive show fisher') |\n"
		"string match -- 'fisher*'; kill $pid\n"
		"string replace -r '\\t.*' '' -- (complete -C 'keepalive attach fisher') |\n"
		"string match -- 'fisher*'",
		source_path("completions/keepalive.fish"));
	output = run_shell("fish", "--private", script);
	expect_words(output,
		     "enable\nevents\nexplain\n--interval\nserver\nLISTEN,LAST-ACK\ndetect_idle\n"
		     "detect_idle:desc\n"
		     "fisher\nfisher-of.service\n"
		     "fisher-of.service\n");
	free(output);
}
END_TEST

START_TEST(zsh_takes_it)
{
	char script[2048];
	char *output;

	if (!have_program("zsh"))
		SKIP("zsh is missing");
	/* A shell in a terminal of its own is asked to complete, and lists what there is. */
	snprintf(
		script, sizeof script,
		"zmodload zsh/zpty; zpty z zsh -f -i\n"
		"zpty -w z \"PS1=; fpath=(${(q)${:-%s}:h} \\$fpath); autoload -U compinit; compinit -u -D\"\n"
		"zpty -w z 'zstyle \":completion:*\" list-grouped false; LISTMAX=0; print rea\"dy\"'\n"
		"zpty -r z line '*ready*'\n"
		"zpty -n -w z $'keepalive check --role s\\t; print comple\"ted\"\\n'\n"
		"zpty -r z line '*completed*'; print -r -- $line\n"
		"zpty -n -w z $'keepalive show --state LISTEN,LAST\\t; print lis\"ted\"\\n'\n"
		"zpty -r z line '*listed*'; print -r -- $line\n"
		"zpty -n -w z $'keepalive show --sort -detect_i\\t; print sor\"ted\"\\n'\n"
		"zpty -r z line '*sorted*'; print -r -- $line\n"
		"ln -s =sleep zkeeper; ./zkeeper 100 & pid=$!\n"
		"until [[ $(</proc/$pid/comm) == zkeeper ]] do :; done\n"
		"zpty -n -w z $'keepalive show zkee\t; print fini\"shed\"\n'\n"
		"zpty -r z line '*finished*'; print -r -- $line; zpty -d z; kill $pid",
		source_path("completions/_keepalive"));
	output = run_shell("zsh", "-f", script);
	ck_assert_msg(strstr(output, "--role server"), "%s", output);
	ck_assert_msg(strstr(output, "--state LISTEN,LAST-ACK"), "%s", output);
	ck_assert_msg(strstr(output, "--sort -detect_idle"), "%s", output);
	ck_assert_msg(strstr(output, "show zkeeper"), "%s", output);
	free(output);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("docs");
	TCase *tests = harness_case(suite, "docs", 60);

	tcase_add_test(tests, manual_has_the_flags);
	tcase_add_test(tests, manual_has_the_columns);
	tcase_add_test(tests, manual_has_the_columns_of_audit);
	tcase_add_test(tests, fish_has_the_flags);
	tcase_add_test(tests, zsh_has_the_flags);
	tcase_add_loop_test(tests, pages_have_the_option, 0, OPTIONS);
	tcase_add_loop_test(tests, texts_have_the_verbs, 0, COUNT(verb_lists));
	tcase_add_loop_test(tests, command_has_the_option, 0, OPTIONS);
	tcase_add_loop_test(tests, readme_has_the_option, 0, OPTIONS);
	tcase_add_test(tests, readme_has_the_suggestions);
	tcase_add_test(tests, readme_advises_what_explain_says);
	tcase_add_test(tests, nobody_is_told_of_pidof);
	tcase_add_loop_test(tests, mandoc_finds_nothing, 0, PAGES);
	tcase_add_loop_test(tests, groff_finds_nothing, 0, PAGES);
	tcase_add_test(tests, bash_completes);
	tcase_add_test(tests, fish_completes);
	tcase_add_test(tests, zsh_takes_it);
	return harness_run(suite);
}
