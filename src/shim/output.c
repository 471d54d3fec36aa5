/* Writes lines to where people read them; the only file that does. */
#include "shim/output.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "shim/libc.h"

enum { STDERR = 2, LOG_FILE_MODE = 0644 };

/* The kernel's set of signals, as rt_sigprocmask takes it. */
typedef unsigned long kernel_signals[(_NSIG - 1) / (8 * sizeof(unsigned long))];

/* Written once, at start-up. */
static dev_t stderr_device;
static ino_t stderr_inode;

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

/*
 * The reader may go between the question and the write, a file may have reached the size that the
 * process is allowed, a terminal may want no output from the background: the signal is ours to take.
 */
static void write_without_signal(int fd, const struct line *line)
{
	kernel_signals ours = { 1UL << (SIGPIPE - 1) | 1UL << (SIGXFSZ - 1) | 1UL << (SIGTTOU - 1) };
	kernel_signals before, pending;
	struct { long seconds, nanoseconds; } at_once = { 0, 0 };

	if (system_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)ours, (long)before, sizeof ours))
		return;
	if (!system_call(SYS_rt_sigpending, (long)pending, sizeof pending, 0, 0) &&
	    system_call(SYS_write, fd, (long)line->at, (long)line->length, 0) < 0) {
		ours[0] &= ~pending[0];
		system_call(SYS_rt_sigtimedwait, (long)ours, 0, (long)&at_once, sizeof ours);
	}
	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)before, 0, sizeof before);
}

void output_to_stderr(const struct line *line)
{
	if (!is_network_socket(STDERR) && takes_a_line(STDERR))
		write_without_signal(STDERR, line);
}

/* Writes to a descriptor of our own, and closes it. */
static void write_and_close(int fd, const struct line *line)
{
	if (fd < 0)
		return;
	write_without_signal(fd, line);
	system_call(SYS_close, fd, 0, 0, 0);
}

void output_to_file(const char *path, const struct line *line)
{
	int cancellation = cancellation_off();

	/* O_NONBLOCK: a FIFO that nobody reads is not waited for. */
	write_and_close((int)system_call(SYS_openat, AT_FDCWD, (long)path,
					 O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY |
						 O_NONBLOCK,
					 LOG_FILE_MODE),
			line);
	cancellation_restore(cancellation);
}

void output_to_syslog(const struct line *line)
{
	struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int cancellation = cancellation_off();
	int fd = (int)system_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0);

	if (fd >= 0 && system_call(SYS_connect, fd, (long)&log, sizeof log, 0)) {
		system_call(SYS_close, fd, 0, 0, 0);
		fd = -1;
	}
	write_and_close(fd, line);
	cancellation_restore(cancellation);
}

void output_note_stderr(void)
{
	struct stat file = { 0 };

	file_status(STDERR, &file);
	stderr_device = file.st_dev;
	stderr_inode = file.st_ino;
}

bool output_stderr_is_the_same(void)
{
	struct stat file;

	return stderr_inode && file_status(STDERR, &file) && file.st_dev == stderr_device &&
	       file.st_ino == stderr_inode;
}
