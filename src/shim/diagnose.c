/* Says on stderr what is wrong with the configuration; at start-up, and never later. */
#include "shim/diagnose.h"

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include "shim/libc.h"

enum { STDERR = 2, LINES_MAX = 20 };

/* The kernel's set of signals, as rt_sigprocmask takes it. */
typedef unsigned long kernel_signals[(_NSIG - 1) / (8 * sizeof(unsigned long))];

static bool is_network_socket(int fd)
{
	int domain;
	socklen_t length = sizeof domain;

	return !next_getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) && domain != AF_UNIX;
}

/* True if a line can be written without waiting, and somebody is there to read it. */
static bool takes_a_line(int fd)
{
	struct pollfd ask = { fd, POLLOUT, 0 };
	struct { long seconds, nanoseconds; } at_once = { 0, 0 };

	return system_call(SYS_ppoll, (long)&ask, 1, (long)&at_once, 0) == 1 &&
	       ask.revents == POLLOUT;
}

/* The reader may go between the question and the write: the SIGPIPE of that is ours to take. */
static void write_without_signal(int fd, const struct line *line)
{
	kernel_signals pipe_signal = { 1UL << (SIGPIPE - 1) }, before, pending;
	struct { long seconds, nanoseconds; } at_once = { 0, 0 };

	if (system_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)pipe_signal, (long)before,
			sizeof pipe_signal) ||
	    system_call(SYS_rt_sigpending, (long)pending, sizeof pending, 0, 0))
		return;
	if (system_call(SYS_write, fd, (long)line->at, (long)line->length, 0) < 0 &&
	    !(pending[0] & pipe_signal[0]))
		system_call(SYS_rt_sigtimedwait, (long)pipe_signal, 0, (long)&at_once,
			    sizeof pipe_signal);
	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)before, 0, sizeof before);
}

static void print(const struct complaint *complaint, uint32_t unsaid)
{
	struct line line;

	if (is_network_socket(STDERR) || !takes_a_line(STDERR))
		return;
	line.length = 0;
	line_add(&line, "libkeepalive: ");
	if (complaint) {
		complaint_write(complaint, &line);
	} else {
		line_add_number(&line, unsaid);
		line_add(&line, " more errors");
	}
	line_end(&line);
	write_without_signal(STDERR, &line);
}

static void take(void *context, const struct complaint *complaint)
{
	struct complaints *complaints = context;

	if (complaints->count <= LINES_MAX)
		print(complaint, 0);
}

struct complaints diagnose_complaints(void)
{
	return (struct complaints){ .take = take };
}

void diagnose_rest(const struct complaints *complaints)
{
	if (complaints->count > LINES_MAX)
		print(NULL, complaints->count - LINES_MAX);
}
