/* What the kernel tells of the TCP sockets in one network namespace, as long as it is open. */
#include "cli/sockets/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/sockets/namespace.h"

enum { BUFFER_SIZE = 64 * 1024, QUEUE_BYTES = 8 << 20 };

enum { ALL_STATES = 0xfff & ~(1 << TCP_TIME_WAIT) };

/* What is opened there. */
enum { ANSWERS, ENDINGS, FILES, DESCRIPTORS = FILES + CHANNEL_FILES };

static int open_netlink(void)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof address)) {
		close(fd);
		return -1;
	}
	return fd;
}

/* What does not fit into its queue is lost: it is as long as we may have it. */
static bool subscribe(int fd)
{
	static const int groups[] = { SKNLGRP_INET_TCP_DESTROY, SKNLGRP_INET6_TCP_DESTROY };
	int bytes = QUEUE_BYTES;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof bytes))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
		if (setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &groups[i], sizeof(int)))
			return false;
	return true;
}

/* A file that is not there is empty. */
static bool open_here(int *fd)
{
	fd[ANSWERS] = open_netlink();
	fd[ENDINGS] = open_netlink();
	counters_open(fd + FILES);
	fd[FILES + CHANNEL_SYN_RETRIES] =
		open("/proc/sys/net/ipv4/tcp_syn_retries", O_RDONLY | O_CLOEXEC);
	fd[FILES + CHANNEL_SYN_LINEAR] =
		open("/proc/sys/net/ipv4/tcp_syn_linear_timeouts", O_RDONLY | O_CLOEXEC);
	if (fd[ANSWERS] < 0 || fd[ENDINGS] < 0 || !subscribe(fd[ENDINGS]))
		return false;
	for (int i = FILES; i < DESCRIPTORS; i++)
		if (fd[i] < 0)
			fd[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	return true;
}

bool channel_open(struct channel *channel, pid_t pid)
{
	int fd[DESCRIPTORS];

	*channel = (struct channel){ .namespace = namespace_id(pid) };
	if (!channel->namespace)
		return false;
	if (channel->namespace == namespace_id(0)
		    ? !open_here(fd)
		    : !namespace_open(pid, open_here, fd, DESCRIPTORS))
		return false;
	channel->answers = mnl_socket_fdopen(fd[ANSWERS]);
	channel->endings = mnl_socket_fdopen(fd[ENDINGS]);
	for (int i = 0; i < CHANNEL_FILES; i++)
		channel->file[i] = fd[FILES + i];
	return channel->answers && channel->endings;
}

void channel_close(struct channel *channel)
{
	mnl_socket_close(channel->answers);
	mnl_socket_close(channel->endings);
	for (int i = 0; i < CHANNEL_FILES; i++)
		close(channel->file[i]);
}

int channel_descriptor(const struct channel *channel)
{
	return mnl_socket_get_fd(channel->endings);
}

/* Takes what the kernel sends: who may administer the network can send messages, too. */
static ssize_t receive(int fd, void *buffer, int flags)
{
	struct sockaddr_nl from;
	socklen_t size;
	ssize_t length;

	do {
		size = sizeof from;
		length = recvfrom(fd, buffer, BUFFER_SIZE, flags, (struct sockaddr *)&from, &size);
	} while (length >= 0 && from.nl_pid);
	return length;
}

/* Returns the error with which an answer ends, 0 if there is none. Both kinds begin with it. */
static int error_of(const struct nlmsghdr *message)
{
	int error = 0;

	if (mnl_nlmsg_get_payload_len(message) >= sizeof error)
		memcpy(&error, mnl_nlmsg_get_payload(message), sizeof error);
	return -error;
}

/*
 * Returns true once the answer is complete, or is an error. Sockets that come or go meanwhile may
 * be left out: who asks knows that.
 */
static bool take_all(const void *buffer, ssize_t length, channel_take *take, void *context,
		     int *error)
{
	const struct nlmsghdr *message = buffer;
	int left = (int)length;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
		struct sample sample;

		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
			*error = error_of(message);
			return true;
		}
		if (take && sample_read(message, &sample))
			take(context, &sample);
	}
	return false;
}

/*
 * The older kind of request, as it is for both families: the kernel walks through the table of the
 * whole machine once for it, and not twice.
 */
static bool request_all(struct mnl_socket *netlink)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req *request;

	message->nlmsg_type = TCPDIAG_GETSOCK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request = mnl_nlmsg_put_extra_header(message, sizeof *request);
	request->idiag_family = AF_INET;
	request->idiag_states = ALL_STATES;
	request->idiag_ext = 1 << (INET_DIAG_INFO - 1);
	return mnl_socket_sendto(netlink, message, message->nlmsg_len) >= 0;
}

bool channel_look(struct channel *channel, channel_take *take, void *context)
{
	static char buffer[BUFFER_SIZE];
	int error = 0;
	ssize_t length;

	if (!request_all(channel->answers))
		return false;
	do {
		length = receive(mnl_socket_get_fd(channel->answers), buffer, 0);
		if (length < 0)
			return false;
	} while (!take_all(buffer, length, take, context, &error));
	errno = error;
	return !error;
}

bool channel_endings(struct channel *channel, channel_take *take, void *context)
{
	static char buffer[BUFFER_SIZE];
	bool whole = true;
	ssize_t length;
	int ignored;

	while ((length = receive(channel_descriptor(channel), buffer, MSG_DONTWAIT)) > 0 ||
	       (length < 0 && errno == ENOBUFS)) {
		if (length > 0)
			take_all(buffer, length, take, context, &ignored);
		else
			whole = false;
	}
	return whole;
}

static int number_in(int file)
{
	char text[16];
	ssize_t length = pread(file, text, sizeof text - 1, 0);

	if (length <= 0)
		return -1;
	text[length] = 0;
	return atoi(text);
}

int channel_syn_retries(const struct channel *channel)
{
	return number_in(channel->file[CHANNEL_SYN_RETRIES]);
}

int channel_syn_linear(const struct channel *channel)
{
	return number_in(channel->file[CHANNEL_SYN_LINEAR]);
}
