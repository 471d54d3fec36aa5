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
enum { SIGNAL_WORDS = (_NSIG - 1) / (8 * sizeof(unsigned long)) };
struct signals {
	unsigned long word[SIGNAL_WORDS];
};

/* Those by which the C libraries cancel a thread: glibc's is the first, musl's the second. */
enum { SIGNAL_CANCEL = 32, SIGNAL_CANCEL_MUSL = 33 };

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

static void add_signal(struct signals *signals, int signal)
{
	unsigned int bit = (unsigned int)signal - 1, bits = 8 * sizeof(unsigned long);

	signals->word[bit / bits] |= 1UL << bit % bits;
}

/*
 * What a write can bring upon us: the reader may go between the question and the write, a file may
 * have reached the size that the process is allowed, a terminal may want no output from the
 * background. That signal is ours to take.
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
 * Keeps these away, and the thread from being cancelled: we make no call that is a cancellation
 * point, so that could come by a signal only. False: it cannot be done, and *before is not set.
 */
static bool hold_signals(struct signals *before)
{
	struct signals held = signals_of_writing();

	add_signal(&held, SIGNAL_CANCEL);
	add_signal(&held, SIGNAL_CANCEL_MUSL);
	return !system_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&held, (long)before, sizeof held);
}

static void release_signals(const struct signals *before)
{
	system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)before, 0, sizeof *before);
}

/* To be called while the signals are held. */
static void write_line(int fd, const struct line *line)
{
	struct signals ours = signals_of_writing(), pending;
	struct { long seconds, nanoseconds; } at_once = { 0, 0 };

	if (system_call(SYS_rt_sigpending, (long)&pending, sizeof pending, 0, 0) ||
	    system_call(SYS_write, fd, (long)line->at, (long)line->length, 0) >= 0)
		return;
	for (int i = 0; i < SIGNAL_WORDS; i++)
		ours.word[i] &= ~pending.word[i];
	system_call(SYS_rt_sigtimedwait, (long)&ours, 0, (long)&at_once, sizeof ours);
}

void output_to_stderr(const struct line *line)
{
	struct signals before;

	if (is_network_socket(STDERR) || !takes_a_line(STDERR) || !hold_signals(&before))
		return;
	write_line(STDERR, line);
	release_signals(&before);
}

/* Writes to a descriptor of our own, if it is one, and closes it. */
static void write_and_close(int fd, const struct line *line)
{
	if (fd < 0)
		return;
	write_line(fd, line);
	system_call(SYS_close, fd, 0, 0, 0);
}

void output_to_file(const char *path, const struct line *line)
{
	/* O_NONBLOCK: a FIFO that nobody reads is not waited for. */
	const long flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct signals before;

	if (!hold_signals(&before))
		return;
	write_and_close((int)system_call(SYS_openat, AT_FDCWD, (long)path, flags, LOG_FILE_MODE), line);
	release_signals(&before);
}

static int open_syslog(void)
{
	struct sockaddr_un log = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
	int fd = (int)system_call(SYS_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, 0);

	if (fd < 0 || !system_call(SYS_connect, fd, (long)&log, sizeof log, 0))
		return fd;
	system_call(SYS_close, fd, 0, 0, 0);
	return -1;
}

void output_to_syslog(const struct line *line)
{
	struct signals before;

	if (!hold_signals(&before))
		return;
	write_and_close(open_syslog(), line);
	release_signals(&before);
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
