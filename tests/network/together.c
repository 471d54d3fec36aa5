/* Runs tests side by side, each in a process of its own: for those that do little but wait. */
#include "network/together.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct part {
	pid_t pid;
	FILE *results;
};

static void run_alone(const char *name, const struct scenario *scenario, FILE *results)
{
	Suite *suite = suite_create(name);
	int status;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(fileno(results), STDOUT_FILENO);
	tcase_add_test(harness_case(suite, scenario->name, scenario->timeout), scenario->test);
	status = harness_run(suite);
	fflush(NULL);
	_exit(status);
}

/* Prints "ok 1 - ..." with another number, and the rest as it is; how many tests it tells of. */
static int print_results(FILE *results, int number)
{
	char line[4096];
	int tests = 0;

	rewind(results);
	while (fgets(line, sizeof line, results)) {
		char *rest = strstr(line, " 1 ");
		bool told = !strncmp(line, "ok 1 ", 5) || !strncmp(line, "not ok 1 ", 9);

		if (told && rest) {
			*rest = 0;
			printf("%s %d %s", line, number, rest + 3);
			tests++;
		} else if (strncmp(line, "1..", 3)) {
			fputs(line, stdout);
		}
	}
	return tests;
}

int together_run(const char *name, const struct scenario *scenarios, int count)
{
	struct part *parts = calloc((size_t)count, sizeof *parts);
	int status, failed = 0;

	if (!parts)
		return 1;
	printf("1..%d\n", count);
	fflush(NULL);
	for (int i = 0; i < count; i++) {
		parts[i].results = tmpfile();
		parts[i].pid = parts[i].results ? fork() : -1;
		if (!parts[i].pid)
			run_alone(name, &scenarios[i], parts[i].results);
	}
	for (int i = 0; i < count; i++) {
		if (parts[i].pid < 0 || waitpid(parts[i].pid, &status, 0) < 0 || status)
			failed++;
		if (!parts[i].results || print_results(parts[i].results, i + 1) != 1) {
			printf("not ok %d - %s: it came to no result\n", i + 1, scenarios[i].name);
			failed++;
		}
	}
	free(parts);
	return failed ? 1 : 0;
}
