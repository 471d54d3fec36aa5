/* Descriptors that the library might be using: closed, given anew, stopping who writes to them. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "hooks/victim.h"

/* One of everything that the hooks do. */
static void use_everything(void)
{
	int listening = listener(AF_INET), past = raw_listener(AF_INET);

	say_socket("listener", listening);
	say_socket("client", client_of(listening));
	say_socket("accepted", accept(listening, NULL, NULL));
	client_of(past);
	say_socket("accepted of past", accept(past, NULL, NULL));
	say_socket("udp", socket(AF_INET, SOCK_DGRAM, 0));
	say_socket("none", socket(-1, 0, 0));
}

/* reuse FILE: stderr becomes a data file. */
void victim_reuse(char **arguments)
{
	close(STDERR_FILENO);
	if (need(open(*arguments, O_RDWR | O_CREAT, 0666), "open") == STDERR_FILENO)
		use_everything();
}

/* closed: all descriptors are closed, so that the next sockets are 0, 1, 2 and so on. */
void victim_closed(char **arguments)
{
	(void)arguments;
	if (syscall(__NR_close_range, 0U, UINT_MAX, 0U))
		for (int fd = 0; fd < 1024; fd++)
			close(fd);
	use_everything();
}

/*
 * background: makes a terminal of its stderr that stops who writes to it out of the background,
 * and starts itself anew there.
 */
void victim_background(char **arguments)
{
	struct termios terminal;
	int status = -1;
	pid_t pid;

	(void)arguments;
	need(setsid(), "setsid");
	need(ioctl(STDERR_FILENO, TIOCSCTTY, 0), "TIOCSCTTY");
	need(tcgetattr(STDERR_FILENO, &terminal), "tcgetattr");
	terminal.c_lflag |= TOSTOP;
	need(tcsetattr(STDERR_FILENO, TCSANOW, &terminal), "tcsetattr");
	pid = need(fork(), "fork");
	if (!pid) {
		need(setpgid(0, 0), "setpgid");
		execl("/proc/self/exe", "victim", "socket", NULL);
		_exit(1);
	}
	need(waitpid(pid, &status, WUNTRACED), "waitpid");
	if (WIFSTOPPED(status)) {
		kill(pid, SIGKILL);
		need(-1, "stopped");
	}
}
