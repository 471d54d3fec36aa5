/* Writes lines to stderr, files and syslog; the only file that writes. */
#include "shim/output.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>

#include "shim/guard.h"
#include "shim/kernel.h"
#include "shim/libc.h"
#include "shim/status.h"

enum { STDERR = 2, LOG_FILE_MODE = 0644 };

/* The kernel's signal set, for rt_sigprocmask(). */
enum {
	WORD_BITS = 8 * sizeof(unsigned long),
	SIGNAL_WORDS = (_NSIG - 1 + WORD_BITS - 1) / WORD_BITS,
};
struct signals {
	unsigned long word[SIGNAL_WORDS];
};

/* Written once, at start-up. */
static struct file_status stderr_status;

static bool is_network_socket(int fd)
{
	int domain;
	socklen_t length = sizeof domain;

	return !real_getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &length) && domain != AF_UNIX;
}

/* Returns true if a line can be written without blocking and has a reader. */
static bool takes_a_line(int fd)
{
	struct pollfd ask = { fd, POLLOUT, 0 };
	struct kernel_time at_once = { 0, 0 };

	return kernel_call(SYS_ppoll, (long)&ask, 1, (long)&at_once, 0, 0) == 1 &&
	       ask.revents == POLLOUT;
}

static void add_signal(struct signals *signals, int signal)
{
	unsigned int bit = (unsigned int)signal - 1;

	signals->word[bit / WORD_BITS] |= 1UL << bit % WORD_BITS;
}

/*
 * The signals that a write can cause: the reader may close after the check, the file may reach the
 * size limit of the process, a terminal may stop output from the background. We consume such a
 * signal.
 */
static struct signals signals_of_writing(void)
{
	struct signals signals = { { 0 } };

	add_signal(&signals, SIGPIPE);
	add_signal(&signals, SIGXFSZ);
	add_signal(&signals, SIGTTOU);
	return signals;
}

/*
 * Blocks all signals: those of writing, those with which the C libraries cancel a thread (we call
 * no cancellation point), and the program's, whose handlers may fork. Returns false if that is not
 * possible; then *before is unset.
 */
static bool hold_signals(struct signals *before)
{
	struct signals all;

	for (int i = 0; i < SIGNAL_WORDS; i++)
		all.word[i] = ~0UL;
	return !kernel_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)before, sizeof all, 0);
}

static void release_signals(const struct signals *before)
{
	kernel_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)before, 0, sizeof *before, 0);
}

/* Call this with signals blocked. */
static void write_line(int fd, const struct line *line)
{
	struct signals ours = signals_of_writing(), pending;
	struct kernel_time at_once = { 0, 0 };

	if (kernel_call(SYS_rt_sigpending, (long)&pending, sizeof pending, 0, 0, 0) ||
	    kernel_call(SYS_write, fd, (long)line->at, (long)line->length, 0, 0) >= 0)
		return;
	for (int i = 0; i < SIGNAL_WORDS; i++)
		ours.word[i] &= ~pending.word[i];
	kernel_call(SYS_rt_sigtimedwait, (long)&ours, 0, (long)&at_once, sizeof ours, 0);
}

void output_to_stderr(const struct line *line)
{
	struct signals before;

	if (is_network_socket(STDERR) || !takes_a_line(STDERR) || !hold_signals(&before))
		return;
	write_line(STDERR, line);
	release_signals(&before);
}

static void close_own(int fd)
{
	kernel_call(SYS_close, fd, 0, 0, 0, 0);
}

/*
 * O_NOFOLLOW: in a directory that others may write to, a link could redirect us to any file.
 * O_NONBLOCK: do not wait for the reader of a FIFO.
 */
static int open_file(const char *path)
{
	return (int)kernel_call(SYS_openat, AT_FDCWD, (long)path,
				O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK |
					O_NOFOLLOW,
				LOG_FILE_MODE, 0);
}

static int open_syslog(void)
{
	struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = (int)kernel_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0,
				  0, 0);

	if (fd < 0 || !kernel_call(SYS_connect, fd, (long)&log, sizeof log, 0, 0))
		return fd;
	close_own(fd);
	return -1;
}

/* Opens `path`, or the system's log if it is NULL; writes the line, and closes it. */
static void write_to_own(const char *path, const struct line *line)
{
	struct signals before;
	int fd;

	if (!hold_signals(&before))
		return;
	guard_begin();
	fd = path ? open_file(path) : open_syslog();
	if (fd >= 0) {
		write_line(fd, line);
		close_own(fd);
	}
	guard_end();
	release_signals(&before);
}

void output_to_file(const char *path, const struct line *line)
{
	write_to_own(path, line);
}

void output_to_syslog(const struct line *line)
{
	write_to_own(NULL, line);
}

void output_note_stderr(void)
{
	if (file_status(STDERR, &stderr_status) < 0)
		stderr_status.inode = 0;
}

bool output_stderr_is_the_same(void)
{
	struct file_status now;

	return stderr_status.inode && !file_status(STDERR, &now) &&
	       now.device == stderr_status.device && now.inode == stderr_status.inode;
}
