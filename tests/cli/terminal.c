/* Runs a program on a terminal, and reads what it prints there. */
#define _GNU_SOURCE
#include "cli/terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/harness.h"

enum { OUTPUT_SIZE = 65536, ROWS = 24, PATIENCE = 20, STEP_MS = 100 };

/* A new terminal, of which the program gets the other end. */
static int open_terminal(int rows, int columns, int *own)
{
	const struct winsize size = { .ws_row = (unsigned short)rows,
				      .ws_col = (unsigned short)columns };
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);

	ck_assert_msg(terminal >= 0 && !grantpt(terminal) && !unlockpt(terminal), "pty: %m");
	*own = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	ck_assert_msg(!ioctl(*own, TIOCSWINSZ, &size), "TIOCSWINSZ: %m");
	return terminal;
}

char *terminal_run(const struct command *command, int columns, int status)
{
	int own, nothing, terminal = open_terminal(ROWS, columns, &own);
	struct command there = *command;
	struct process process;
	char *output = calloc(1, OUTPUT_SIZE);
	size_t length = 0;
	ssize_t got;

	ck_assert_ptr_nonnull(output);
	nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
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

void terminal_start(struct terminal *terminal, const struct command *command, int rows, int columns)
{
	struct command there = *command;
	int own, nothing = open("/dev/null", O_RDWR | O_CLOEXEC);

	terminal->fd = open_terminal(rows, columns, &own);
	terminal->length = 0;
	there.descriptors = (const int[]){ own, own, nothing, -1 };
	terminal->process = process_start(&there);
	close(own);
	close(nothing);
}

/* Returns false at its end. */
static bool read_more(struct terminal *terminal)
{
	struct pollfd ready = { .fd = terminal->fd, .events = POLLIN };
	size_t room = sizeof terminal->output - 1 - terminal->length;
	ssize_t got;

	ck_assert_uint_gt(room, 0);
	if (poll(&ready, 1, STEP_MS) <= 0)
		return true;
	got = read(terminal->fd, terminal->output + terminal->length, room);
	terminal->length += got > 0 ? (size_t)got : 0;
	terminal->output[terminal->length] = 0;
	return got > 0;
}

size_t terminal_await(struct terminal *terminal, size_t from, const char *text)
{
	double end = now(CLOCK_MONOTONIC) + PATIENCE;
	const char *found;

	terminal->output[terminal->length] = 0;
	while (!(found = strstr(terminal->output + from, text))) {
		ck_assert_msg(read_more(terminal), "it ended without \"%s\": %s", text,
			      terminal->output + from);
		ck_assert_msg(now(CLOCK_MONOTONIC) < end, "no \"%s\": %s", text,
			      terminal->output + from);
	}
	return (size_t)(found - terminal->output) + strlen(text);
}

void terminal_type(const struct terminal *terminal, const char *text)
{
	ck_assert_int_eq(write(terminal->fd, text, strlen(text)), (ssize_t)strlen(text));
}

void terminal_resize(const struct terminal *terminal, int rows, int columns)
{
	const struct winsize size = { .ws_row = (unsigned short)rows,
				      .ws_col = (unsigned short)columns };

	ck_assert_int_eq(ioctl(terminal->fd, TIOCSWINSZ, &size), 0);
	/* It is not its controlling terminal: nobody else tells it. */
	ck_assert_int_eq(kill(terminal->process.pid, SIGWINCH), 0);
}

void terminal_end(struct terminal *terminal, int status)
{
	while (read_more(terminal))
		;
	ck_assert_int_eq(process_wait(&terminal->process, PATIENCE), status);
	close(terminal->fd);
}
