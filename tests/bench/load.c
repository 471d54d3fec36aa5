/*
 * load PORT CONNECTIONS REQUEST: makes so many connections to a server on the loopback address,
 * some of them at once, sends REQUEST and a line end on each, and reads until the server closes it.
 * Prints the microseconds of the processor that it took itself.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bench/worker.h"

enum { AT_ONCE = 20 };

static char request[256];

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void begin_one(int epoll, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = htons((uint16_t)port),
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address))
		fail("connect");
	if (send(fd, request, strlen(request), MSG_NOSIGNAL) < 0 ||
	    epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event))
		fail("send");
}

/* True if the connection is closed. */
static int read_one(int fd)
{
	char bytes[4096];
	ssize_t size = recv(fd, bytes, sizeof bytes, MSG_DONTWAIT);

	if (size > 0 || (size < 0 && errno == EAGAIN))
		return 0;
	if (size < 0)
		fail("recv");
	close(fd);
	return 1;
}

int main(int argc, char **argv)
{
	struct epoll_event event[AT_ONCE];
	int epoll = epoll_create1(0), port, count, begun = 0, ended = 0;
	double begin = processor_time();

	if (argc != 4)
		return 2;
	port = atoi(argv[1]);
	count = atoi(argv[2]);
	snprintf(request, sizeof request, "%s\r\n", argv[3]);
	while (begun < AT_ONCE && begun < count)
		begin_one(epoll, port), begun++;
	while (ended < count) {
		int ready = epoll_wait(epoll, event, AT_ONCE, -1);

		for (int i = 0; i < ready; i++) {
			if (!read_one(event[i].data.fd))
				continue;
			ended++;
			if (begun < count)
				begin_one(epoll, port), begun++;
		}
	}
	printf("%.0f\n", (processor_time() - begin) / 1e3);
	return 0;
}
