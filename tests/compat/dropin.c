/*
 * Held beside Debian's libkeepalive 0.3: the same sockets under each, by the same stock program.
 * Where 0.3 is right ours gives what it gives; where it is wrong, the table says what ours does.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/harness.h"
#include "lib/process.h"

/* What sockets.py prints under a preload (NULL: none) and up to four variables; to be freed. */
static char *sockets_under(const char *preload, const char *const *variables)
{
	const char *script = source_path("tests/compat/sockets.py");
	const char *const argv[] = { "python3", script, NULL };
	struct command command = { .argv = argv, .preload = preload };
	int status;
	char *output;

	for (int i = 0; i < 4 && variables[i]; i++)
		command.environment[i] = variables[i];
	output = process_run(&command, &status);
	ck_assert_int_eq(status, 0);
	return output;
}

/* The line of that kind, without it; "" where there is none. */
static const char *line_of(char *output, const char *kind)
{
	static char lines[4][128];
	static unsigned int next;
	char *line = lines[next++ % 4];
	size_t length = strlen(kind);
	char *at = output;

	*line = 0;
	while (at && (strncmp(at, kind, length) || at[length] != ' '))
		at = strchr(at, '\n') ? strchr(at, '\n') + 1 : NULL;
	if (at)
		snprintf(line, sizeof lines[0], "%.*s", (int)strcspn(at + length + 1, "\n"),
			 at + length + 1);
	return line;
}

/* A line without its errno, which is the other test's matter. */
static const char *values_in(const char *line)
{
	return line + strcspn(line, " ");
}

static const char *const kinds[] = { "tcp", "tcp-protocol", "tcp-flags", "tcp6",    "mptcp",
				     "udp", "unix",         "seqpacket", "netlink", "raw" };

enum { KINDS = sizeof kinds / sizeof *kinds };

static const char *const as_ancestor[][4] = {
	{ NULL },
	{ "KEEPALIVE=on" },
	{ "KEEPALIVE=off" },
	{ "KEEPALIVE=OFF" },
	{ "KEEPALIVE=off", "KEEPIDLE=20" },
	{ "KEEPALIVE=" },
	{ "KEEPALIVE=junk" },
	{ "KEEPIDLE=20" },
	{ "KEEPINTVL=180" },
	{ "KEEPCNT=60" },
	{ "KEEPALIVE=on", "KEEPIDLE=20", "KEEPINTVL=180", "KEEPCNT=60" },
	{ "KEEPIDLE=1", "KEEPINTVL=1", "KEEPCNT=1" },
	{ "KEEPIDLE=32767", "KEEPINTVL=32767", "KEEPCNT=127" },
	{ "KEEPIDLE=" },
};

START_TEST(same_as_ancestor)
{
	const char *const *variables = as_ancestor[_i];
	char *ancestor, *ours, *control;

	if (!have_ancestor())
		SKIP("libkeepalive 0.3 is not installed");
	ancestor = sockets_under(ANCESTOR, variables);
	ours = sockets_under(shim_path(), variables);
	control = sockets_under(NULL, variables);
	for (size_t i = 0; i < KINDS; i++) {
		const char *expected = line_of(ancestor, kinds[i]);

		/* A raw socket is taken for TCP there. */
		if (!strcmp(kinds[i], "raw"))
			expected = line_of(control, kinds[i]);
		ck_assert_str_ne(expected, "");
		ck_assert_msg(!strcmp(values_in(line_of(ours, kinds[i])), values_in(expected)),
			      "%s: %s, with 0.3 %s", kinds[i], line_of(ours, kinds[i]), expected);
	}
	free(ancestor);
	free(ours);
	free(control);
}
END_TEST

/* What 0.3 gets wrong: the kind of socket, the variables, what 0.3 prints, what ours does. */
static const struct difference {
	const char *what, *kind, *variables[4], *ancestor, *ours;
} differences[] = {
	{ "errno after a success", "tcp", { "KEEPIDLE=99999" }, "22 1 7200 75 9", "0 1 7200 75 9" },
	{ "a word is not zero", "tcp", { "KEEPIDLE=junk" }, "22 1 7200 75 9", "0 1 7200 75 9" },
	{ "junk after a number", "tcp", { "KEEPINTVL=12x" }, "0 1 7200 12 9", "0 1 7200 75 9" },
	{ "a time with its unit", "tcp", { "KEEPIDLE=2min" }, "0 1 2 75 9", "0 1 120 75 9" },
	{ "zero: the kernel's value", "tcp", { "KEEPCNT=0" }, "22 1 7200 75 9", "0 1 7200 75 9" },
	{ "KEEPALIVE=0 is off", "tcp", { "KEEPALIVE=0" }, "0 1 7200 75 9", "0 0 7200 75 9" },
	{ "raw sockets", "raw", { "KEEPALIVE=on" }, "0 1 - - -", "0 0 - - -" },
	{ "raw sockets and errno", "raw", { "KEEPIDLE=20" }, "92 1 - - -", "0 0 - - -" },
	{ "unchecked by the kernel", "mptcp", { "KEEPCNT=-5" }, "0 1 7200 75 -5", "0 1 7200 75 9" },
	{ "unchecked by the kernel",
	  "mptcp",
	  { "KEEPIDLE=99999" },
	  "0 1 99999 75 9",
	  "0 1 7200 75 9" },
};

START_TEST(better_than_ancestor)
{
	const struct difference *it = &differences[_i];
	struct values kernel = kernel_values();
	char *ancestor, *ours;

	if (!have_ancestor())
		SKIP("libkeepalive 0.3 is not installed");
	if (kernel.idle != 7200 || kernel.interval != 75 || kernel.count != 9)
		SKIP("this machine's keepalive sysctls are not the kernel's own");
	ancestor = sockets_under(ANCESTOR, it->variables);
	ours = sockets_under(shim_path(), it->variables);
	if (!strcmp(line_of(ancestor, it->kind), "refused"))
		SKIP("no %s socket can be made here", it->kind);
	ck_assert_msg(!strcmp(line_of(ancestor, it->kind), it->ancestor), "%s: 0.3 gives %s",
		      it->what, line_of(ancestor, it->kind));
	ck_assert_msg(!strcmp(line_of(ours, it->kind), it->ours), "%s: ours gives %s", it->what,
		      line_of(ours, it->kind));
	free(ancestor);
	free(ours);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("dropin");
	TCase *tcase = harness_case(suite, "dropin", 60);

	tcase_add_loop_test(tcase, same_as_ancestor, 0, sizeof as_ancestor / sizeof *as_ancestor);
	tcase_add_loop_test(tcase, better_than_ancestor, 0,
			    sizeof differences / sizeof *differences);
	return harness_run(suite);
}
