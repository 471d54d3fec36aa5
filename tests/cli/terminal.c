/* Runs a program on a terminal, and reads what it prints there. */
#define _GNU_SOURCE
#include "cli/terminal.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/harness.h"

enum { OUTPUT_SIZE = 65536, ROWS = 24 };

char *terminal_run(const struct command *command, int columns, int status)
{
	const struct winsize size = { .ws_row = ROWS, .ws_col = (unsigned short)columns };
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC), own, nothing;
	struct command there = *command;
	struct process process;
	char *output = calloc(1, OUTPUT_SIZE);
	size_t length = 0;
	ssize_t got;

	ck_assert_ptr_nonnull(output);
	ck_assert_msg(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal), "pty: %m");
	own = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	ck_assert_msg(!ioctl(own, TIOCSWINSZ, &size), "TIOCSWINSZ: %m");
	there.descriptors = (const int[]){ nothing, own, nothing, -1 };
	process = process_start(&there);
	close(own);
	close(nothing);
	while ((got = read(terminal, output + length, OUTPUT_SIZE - 1 - length)) > 0)
		length += (size_t)got;
	close(terminal);
	ck_assert_int_eq(process_wait(&process, 20), status);
	return output;
}
