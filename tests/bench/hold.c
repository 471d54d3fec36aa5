/*
 * hold CONNECTIONS: makes so many connections on the loopback address and holds both ends, those of
 * the servers in processes of their own, as many as the limit of descriptors takes; every second
 * client has keepalive. Prints "ready", and ends when its stdin does.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { DESCRIPTORS_BESIDE = 64, BACKLOG = 128 };

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

/* Allows as many descriptors as may be; how many connections that is for a process. */
static int allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		fail("getrlimit");
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit))
		fail("setrlimit");
	return (int)limit.rlim_cur - DESCRIPTORS_BESIDE;
}

static int listen_anywhere(struct sockaddr_in *address)
{
	socklen_t length = sizeof *address;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET,
					 .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	if (fd < 0 || bind(fd, (struct sockaddr *)address, sizeof *address) ||
	    listen(fd, BACKLOG) || getsockname(fd, (struct sockaddr *)address, &length))
		fail("listen");
	return fd;
}

static void set(int fd, int level, int name, int value)
{
	if (setsockopt(fd, level, name, &value, sizeof value))
		fail("setsockopt");
}

/* Accepts all, says so, and holds them. */
static void serve(int listener, int count, int told)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		fail("prctl");
	for (int i = 0; i < count; i++)
		if (accept(listener, NULL, NULL) < 0)
			fail("accept");
	if (write(told, "", 1) != 1)
		fail("write");
	pause();
	exit(1);
}

static void connect_one(const struct sockaddr_in *address, int number)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address))
		fail("connect");
	if (number % 2)
		return;
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 600 + number % 1000);
}

/* A server with that many clients, in two processes that write a byte each. */
static void start_pair(int count, int told)
{
	struct sockaddr_in address;
	int listener = listen_anywhere(&address);
	pid_t server = fork(), client = server ? fork() : -1;

	if (!server)
		serve(listener, count, told);
	if (server < 0 || client < 0)
		fail("fork");
	close(listener);
	if (client)
		return;
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		fail("prctl");
	for (int i = 0; i < count; i++)
		connect_one(&address, i);
	if (write(told, "", 1) != 1)
		fail("write");
	pause();
	exit(1);
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 0, most = allow_descriptors(), pairs, told[2];
	char byte;

	if (count <= 0)
		return 2;
	if (pipe(told))
		fail("pipe");
	pairs = (count + most - 1) / most;
	for (int i = 0; i < pairs; i++)
		start_pair(count / pairs + (i < count % pairs), told[1]);
	close(told[1]);
	for (int i = 0; i < 2 * pairs; i++)
		if (read(told[0], &byte, 1) != 1)
			fail("the processes");
	puts("ready");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
