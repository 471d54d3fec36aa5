/* Victims under strace: the system calls that they make, and the library in them. */
#include "hooks/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks/drive.h"
#include "lib/process.h"

char *trace(const char *subcommand, const char *preload, const char *const *environment)
{
	char preload_option[600];
	const char *argv[32] = { "strace", "-f", "-s", "200", "-o", scratch_path("trace") };
	struct command command = { .argv = argv };
	int count = 6, status;

	snprintf(preload_option, sizeof preload_option, "LD_PRELOAD=%s", preload);
	if (*preload)
		argv[count++] = "-E", argv[count++] = preload_option;
	for (; *environment; environment++)
		argv[count++] = "-E", argv[count++] = *environment;
	argv[count++] = victim_path();
	argv[count++] = subcommand;
	free(process_run(&command, &status));
	return status ? NULL : read_whole(argv[5]);
}

void name_of(const char *line, char *name, size_t size)
{
	size_t length;

	line += strspn(line, "0123456789 "); /* the process */
	length = strspn(line, "abcdefghijklmnopqrstuvwxyz_0123456789");
	snprintf(name, size, "%.*s", line[length] == '(' ? (int)length : 0, line);
}

const char *next_line(const char *line)
{
	line += strcspn(line, "\n");
	return line + (*line == '\n');
}

bool line_has(const char *line, const char *word)
{
	const char *found = strstr(line, word);

	return found && found < line + strcspn(line, "\n");
}

void add_call(char *calls, const char *line)
{
	size_t used = strlen(calls);
	char name[64], option[64] = "";

	name_of(line, name, sizeof name);
	if (!strcmp(name, "setsockopt"))
		sscanf(line, "%*[^,], %*[^,], %60[A-Z_]", option);
	if (*name)
		snprintf(calls + used, CALLS_MAX - used, " %s%s%s", name, *option ? " " : "",
			 option);
}

void calls_of_phase(const char *lines, const char *mark, char *calls)
{
	char begin[80];
	bool inside = false;

	snprintf(begin, sizeof begin, "\"mark: %s\"", mark);
	for (*calls = 0; *lines; lines = next_line(lines)) {
		if (line_has(lines, "\"mark: "))
			inside = line_has(lines, begin);
		else if (inside)
			add_call(calls, lines);
	}
}
