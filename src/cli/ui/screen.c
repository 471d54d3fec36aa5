/* A terminal whose screen is drawn again and again, its keys, and the signals that belong to it. */
#include "cli/ui/screen.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "cli/verb.h"

enum { LINES_UNKNOWN = 24, ESC = 033, SEQUENCE_MS = 25 };

/* Another screen, without a cursor, on which long lines are cut; and back. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"
#define HOME "\033[H"
#define CLEAR_LINE "\033[K"
#define CLEAR_REST "\033[J"

static const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };

static struct termios before;
static bool entered, has_keys, is_over;

/* Signals come as bytes. */
static int caught[2] = { -1, -1 };

bool screen_is_there(void)
{
	const char *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && terminal && *terminal && strcmp(terminal, "dumb");
}

int screen_lines(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row ? LINES_UNKNOWN
								       : size.ws_row;
}

static void note(int number)
{
	unsigned char byte = (unsigned char)number;
	int error = errno;
	ssize_t written = write(caught[1], &byte, 1);

	(void)written; /* a full pipe has enough of them */
	errno = error;
}

/* As by nohup: it stays ignored. */
static bool is_ignored(int number)
{
	struct sigaction action;

	return !sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN;
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

/* Others that have the terminal may have made it non-blocking. */
static bool wait_for_room(void)
{
	struct pollfd ready = { .fd = STDOUT_FILENO, .events = POLLOUT };

	poll(&ready, 1, -1);
	return true;
}

static void write_all(const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, text, length);

		if (written < 0 && (errno == EINTR || (errno == EAGAIN && wait_for_room())))
			continue;
		if (written < 0)
			err(STATUS_FAILED, "standard output");
		text += written;
		length -= (size_t)written;
	}
}

/* Keys come at once, and are not shown. */
static void take_keys(void)
{
	struct termios raw = before;

	if (!has_keys)
		return;
	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
}

/*
 * In the background, tcdrain() stops us until the shell continues us in the foreground. Before, the
 * terminal may be as the shell needs it to edit its command line.
 */
static void take_screen(void)
{
	if (has_keys && !entered) {
		tcdrain(STDIN_FILENO);
		has_keys = !tcgetattr(STDIN_FILENO, &before);
	}
	entered = true;
	take_keys();
	write_all(ENTER, strlen(ENTER));
}

void screen_leave(void)
{
	ssize_t written;

	if (!entered)
		return;
	entered = false;
	/* This also happens at the end, when an error is no news. */
	written = write(STDOUT_FILENO, LEAVE, strlen(LEAVE));
	(void)written;
	if (has_keys)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &before);
}

void screen_enter(void)
{
	fflush(stdout);
	if (pipe2(caught, O_CLOEXEC | O_NONBLOCK))
		err(STATUS_FAILED, "pipe");
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (!is_ignored(signals[i]))
			handle(signals[i], note);
	has_keys = isatty(STDIN_FILENO);
	atexit(screen_leave);
	take_screen();
}

void screen_draw(const char *text)
{
	char *drawn = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&drawn, &size);

	if (!to)
		err(STATUS_FAILED, NULL);
	fputs(HOME, to);
	for (; *text; text++)
		fputs(*text == '\n' ? CLEAR_LINE "\r\n" : (char[]){ *text, 0 }, to);
	fputs(CLEAR_LINE CLEAR_REST, to);
	if (fclose(to))
		err(STATUS_FAILED, NULL);
	write_all(drawn, size);
	free(drawn);
}

/* Gives the terminal back, and does what the signal does by itself: ends the process, or stops it.
 */
static void yield_to(int number)
{
	sigset_t set;

	screen_leave();
	handle(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	handle(number, note);
	take_screen();
}

static int take_signal(void)
{
	unsigned char number;

	if (read(caught[0], &number, 1) != 1)
		return SCREEN_REDRAW;
	if (number == SIGCONT)
		take_screen();
	else if (number != SIGWINCH)
		yield_to(number);
	return SCREEN_REDRAW;
}

/* Returns what was typed; 0 if there is nothing. */
static int read_byte(void)
{
	unsigned char byte;
	ssize_t got = read(STDIN_FILENO, &byte, 1);

	if (got == 1)
		return byte;
	is_over = got == 0 || (errno != EINTR && errno != EAGAIN);
	return 0;
}

/* The same of what follows at once. */
static int read_next(void)
{
	struct pollfd ready = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&ready, 1, SEQUENCE_MS) > 0 ? read_byte() : 0;
}

/*
 * Skips what follows an ESC, so that its letters are no keys: arrows and function keys are ESC [
 * with numbers and a last character, or ESC O with a letter; a letter with Alt is ESC and it.
 */
static void skip_sequence(void)
{
	int byte = read_next();

	if (byte == 'O')
		read_next();
	else if (byte == '[')
		do
			byte = read_next();
		while (byte && (byte < '@' || byte > '~'));
}

static int take_key(void)
{
	int key = read_byte();

	if (key == ESC)
		skip_sequence();
	return key && key != ESC ? key : SCREEN_REDRAW;
}

int screen_wait(int milliseconds)
{
	struct pollfd ready[] = {
		{ .fd = caught[0], .events = POLLIN },
		{ .fd = has_keys && !is_over ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int count = poll(ready, sizeof ready / sizeof *ready, milliseconds);

	if (count < 0 || ready[0].revents)
		return take_signal();
	return ready[1].revents ? take_key() : SCREEN_TIME;
}
