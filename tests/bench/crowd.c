/*
 * crowd hold PROCESSES CONNECTIONS: so many servers, and as many clients, which have so many
 * connections to their server each, from 10.77.0.2 to 10.77.0.1. The servers have keepalive, the
 * clients do not. Prints "ready", and ends with its input.
 *
 * crowd measure COMMAND...: runs it with its output thrown away, and prints its milliseconds by the
 * clock, its milliseconds of the processor, and its largest memory in KiB.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { FIRST_PORT = 7100, BACKLOG = 4096, MOST = 64, MS_PER_S = 1000, US_PER_MS = 1000 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static struct sockaddr_in address(const char *host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };

	inet_pton(AF_INET, host, &address.sin_addr);
	return address;
}

/* Goes on for as long as `end` is open at the other side. */
static void wait_for_end(int end)
{
	char byte;

	while (read(end, &byte, 1) > 0)
		;
	_exit(0);
}

static void say_ready(int to)
{
	if (write(to, "", 1) != 1)
		_exit(1);
}

static int listen_on(int port)
{
	struct sockaddr_in here = address("10.77.0.1", port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &(int){ 1 }, sizeof(int)) ||
	    bind(fd, (struct sockaddr *)&here, sizeof here) || listen(fd, BACKLOG))
		fail("listen");
	return fd;
}

static void serve(int listener, int count, int ready, int end)
{
	prctl(PR_SET_NAME, "crowd-server");
	while (count--)
		if (accept(listener, NULL, NULL) < 0)
			fail("accept");
	say_ready(ready);
	wait_for_end(end);
}

static void call(int port, int count, int ready, int end)
{
	struct sockaddr_in near = address("10.77.0.2", 0), far = address("10.77.0.1", port);

	prctl(PR_SET_NAME, "crowd-client");
	while (count--) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);

		if (fd < 0 ||
		    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){ 1 }, sizeof(int)) ||
		    bind(fd, (struct sockaddr *)&near, sizeof near) ||
		    connect(fd, (struct sockaddr *)&far, sizeof far))
			fail("connect");
	}
	say_ready(ready);
	wait_for_end(end);
}

static int hold(int processes, int connections)
{
	struct rlimit limit;
	int ready[2];
	char byte;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		fail("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) || pipe(ready))
		fail("setrlimit");
	for (int i = 0; i < processes; i++) {
		int listener = listen_on(FIRST_PORT + i);

		if (!fork())
			serve(listener, connections, ready[1], STDIN_FILENO);
		close(listener);
		if (!fork())
			call(FIRST_PORT + i, connections, ready[1], STDIN_FILENO);
	}
	close(ready[1]);
	for (int i = 0; i < 2 * processes; i++)
		if (read(ready[0], &byte, 1) != 1)
			fail("a process of the crowd");
	puts("ready");
	fflush(stdout);
	wait_for_end(STDIN_FILENO);
	return 0;
}

static double milliseconds(struct timeval time)
{
	return (double)time.tv_sec * MS_PER_S + (double)time.tv_usec / US_PER_MS;
}

static int measure(char **argv)
{
	struct timespec begin, end;
	struct rusage usage;
	int status;
	pid_t pid;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = fork();
	if (!pid) {
		int nowhere = open("/dev/null", O_WRONLY);

		dup2(nowhere, STDOUT_FILENO);
		dup2(nowhere, STDERR_FILENO);
		execvp(*argv, argv);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &usage) != pid || !WIFEXITED(status) || WEXITSTATUS(status) > 1)
		fail(*argv);
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%.0f %.0f %ld\n",
	       (double)(end.tv_sec - begin.tv_sec) * MS_PER_S +
		       (double)(end.tv_nsec - begin.tv_nsec) / 1e6,
	       milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime), usage.ru_maxrss);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && !strcmp(argv[1], "hold") && atoi(argv[2]) <= MOST)
		return hold(atoi(argv[2]), atoi(argv[3]));
	if (argc > 2 && !strcmp(argv[1], "measure"))
		return measure(argv + 2);
	return 2;
}
