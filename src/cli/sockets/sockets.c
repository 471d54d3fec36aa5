/* The TCP sockets of a process: what netlink reports, and what only a descriptor can tell. */
#include "cli/sockets/sockets.h"

#include <errno.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "cli/sockets/descriptors.h"
#include "cli/sockets/ending.h"
#include "cli/sockets/proc.h"

enum { PROTOCOL_UNKNOWN = -1, NAME_SIZE = 32 };

static int number_read(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, level, name, &value, &length) ? -errno : value;
}

int option_read(int fd, const struct option_row *option)
{
	return number_read(fd, option->level, option->name);
}

/* Returns the protocol of a TCP socket; 0 if it is none. */
static int protocol_of(int fd)
{
	int domain = number_read(fd, SOL_SOCKET, SO_DOMAIN);
	int protocol = number_read(fd, SOL_SOCKET, SO_PROTOCOL);

	if ((domain != AF_INET && domain != AF_INET6) ||
	    number_read(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM)
		return 0;
	return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP ? protocol : 0;
}

/* The same without a descriptor of ours; PROTOCOL_UNKNOWN: the kernel does not say. */
static int protocol_at(const char *path)
{
	char name[NAME_SIZE] = "";

	if (getxattr(path, "system.sockprotoname", name, sizeof name - 1) < 0)
		return PROTOCOL_UNKNOWN;
	if (!strcmp(name, "TCP") || !strcmp(name, "TCPv6"))
		return IPPROTO_TCP;
	return strcmp(name, "MPTCP") && strcmp(name, "MPTCPv6") ? 0 : IPPROTO_MPTCP;
}

static bool read_end(int fd, int (*ask)(int, struct sockaddr *, socklen_t *),
		     struct address *address, uint16_t *port)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof storage;

	return !ask(fd, (struct sockaddr *)&storage, &length) &&
	       address_from_socket((const struct sockaddr *)&storage, length, address, port);
}

/* Reads what netlink did not report, as the socket is new or has never been bound. */
static void read_untold(struct tcp_socket *socket, int own)
{
	struct diag_socket *kernel = &socket->kernel;
	struct tcp_info info = { 0 };
	socklen_t length = sizeof info;
	int waiting;

	if (!getsockopt(own, IPPROTO_TCP, TCP_INFO, &info, &length))
		kernel->state = info.tcpi_state;
	if (kernel->state == TCP_CLOSE)
		kernel->timer = TIMER_NONE;
	if (kernel->state != TCP_LISTEN && !ioctl(own, SIOCOUTQ, &waiting))
		kernel->unacknowledged = waiting;
	socket->addressed = read_end(own, getsockname, &kernel->local, &kernel->local_port);
	if (!read_end(own, getpeername, &kernel->remote, &kernel->remote_port)) {
		kernel->remote = (struct address){ .is_ipv4 = kernel->local.is_ipv4 };
		kernel->remote_port = 0;
	}
}

/* Derives the option from the timer: a connection with keepalive always has a timer running. */
static int keepalive_by_timer(const struct diag_socket *kernel)
{
	if (kernel->state != TCP_ESTABLISHED && kernel->state != TCP_CLOSE_WAIT &&
	    kernel->state != TCP_FIN_WAIT2)
		return VALUE_UNKNOWN;
	if (kernel->timer == TIMER_KEEPALIVE)
		return 1;
	return kernel->timer == TIMER_NONE ? 0 : VALUE_UNKNOWN;
}

struct tcp_socket socket_from_netlink(const struct diag *diag, const struct diag_socket *reported)
{
	struct tcp_socket socket = {
		.protocol = reported->protocol, .addressed = true, .kernel = *reported, .diag = diag
	};

	for (size_t id = 0; id < OPTIONS; id++)
		socket.value[id] = VALUE_UNKNOWN;
	socket.value[OPTION_KEEPALIVE] = keepalive_by_timer(reported);
	if (reported->segment)
		socket.value[OPTION_MAX_SEGMENT] = reported->segment;
	return socket;
}

/* Returns which of the options are to be read; OPTION_KEEPALIVE is the first. */
static unsigned int needed(const struct look *look, unsigned int options,
			   const struct tcp_socket *socket)
{
	return options & ~(socket->value[OPTION_KEEPALIVE] ? 0 : look->if_on);
}

/* Returns those of the options whose values netlink has not reported. */
static unsigned int untold(const struct look *look, unsigned int options,
			   const struct tcp_socket *socket)
{
	options = needed(look, options, socket);
	for (size_t id = 0; id < OPTIONS; id++)
		if (socket->value[id] != VALUE_UNKNOWN)
			options &= ~(1U << id);
	return options;
}

/* Returns true if our descriptor is of the socket that was found under that number. */
static bool is_same(int own, struct diag_socket *kernel)
{
	struct stat file;

	if (fstat(own, &file) || file.st_ino != kernel->inode)
		return false;
	kernel->user = file.st_uid;
	return true;
}

/* Returns false if the descriptor is of another socket by now. Reads nothing if it is no TCP
 * socket. */
static bool read_socket(const struct look *look, unsigned int options, struct tcp_socket *socket,
			int own)
{
	if (!is_same(own, &socket->kernel))
		return false;
	if (socket->protocol == PROTOCOL_UNKNOWN)
		socket->protocol = protocol_of(own);
	if (!socket->protocol)
		return true;
	if (!socket->addressed) {
		read_untold(socket, own);
		if (look->choose && socket->addressed)
			options = look->choose(look->context, socket);
	}
	for (size_t id = 0; id < OPTIONS; id++)
		if (needed(look, options, socket) & 1U << id)
			socket->value[id] = option_read(own, &option_table[id]);
	if (look->use)
		look->use(look->context, socket, own);
	return true;
}

/* Returns the error; 0 if the process or its descriptor has gone, or is about to. */
static int refusal(const struct process *process, int error)
{
	if (error == ESRCH || error == EBADF || error == ENOENT ||
	    process_is_ending(process->pid) || process_has_ended(process))
		return 0;
	return error;
}

/* Returns true if all that is asked for is known, or no more is to be asked. */
static bool is_told(const struct look *look, unsigned int options, const struct tcp_socket *socket)
{
	if (!socket->protocol || look->netlink)
		return true;
	return socket->addressed && !look->use && !untold(look, options, socket);
}

/* Returns the error for which the socket could not be read; 0 if there is none. */
static int visit_socket(const struct process *process, int fd, struct tcp_socket *socket,
			const struct look *look)
{
	unsigned int options = look->options;
	int own, refused = 0;

	socket->process = process;
	socket->fd = fd;
	if (look->wanted && socket->addressed && !look->wanted(look->context, socket))
		return 0;
	if (look->choose && socket->addressed)
		options = look->choose(look->context, socket);
	if (is_told(look, options, socket)) {
		look->take(look->context, socket);
		return 0;
	}
	own = process->refused ? -1 : (int)syscall(__NR_pidfd_getfd, process->pidfd, fd, 0);
	if (own >= 0) {
		bool read = read_socket(look, options, socket, own);

		close(own);
		if (read)
			look->take(look->context, socket);
		return 0;
	}
	refused = process->refused ? process->refused : refusal(process, errno);
	/* A socket of unknown kind is not reported. */
	if (refused && socket->protocol != PROTOCOL_UNKNOWN) {
		socket->refused = refused;
		look->take(look->context, socket);
	}
	return refused;
}

/* Returns what is known of a socket before a descriptor is taken. */
static struct tcp_socket socket_of(const struct diag *diag, ino_t inode, pid_t pid, int fd)
{
	struct diag_socket *reported = diag_find(diag, inode);
	struct tcp_socket socket;
	char what[NAME_SIZE];

	if (reported) {
		reported->seen = true;
		return socket_from_netlink(diag, reported);
	}
	snprintf(what, sizeof what, "fd/%d", fd);
	socket = socket_from_netlink(
		diag, &(struct diag_socket){ .inode = inode,
					     .user = (uid_t)-1,
					     .timer = TIMER_UNKNOWN,
					     .protocol = protocol_at(proc_path(pid, what).at) });
	socket.addressed = false;
	return socket;
}

/* A process that is looked at, and the error for which some sockets could not be. */
struct visit {
	const struct process *process;
	const struct look *look;
	const struct diag *diag;
	int refused;
};

static void visit_descriptor(void *context, int fd, ino_t inode)
{
	struct visit *visit = context;
	const struct look *look = visit->look;
	struct tcp_socket socket;
	int error;

	if (look->skip && look->skip(look->context, inode))
		return;
	socket = socket_of(visit->diag, inode, visit->process->pid, fd);
	error = visit_socket(visit->process, fd, &socket, look);
	visit->refused = error ? error : visit->refused;
}

int sockets_visit(const struct process *process, const struct look *look)
{
	struct visit visit = { .process = process, .look = look, .diag = diag_of(process->pid) };
	int error = descriptors_each(process->pid, visit_descriptor, &visit);

	return error ? refusal(process, error) : visit.refused;
}

struct endpoint socket_endpoint(const struct tcp_socket *socket)
{
	const struct diag_socket *kernel = &socket->kernel;
	struct endpoint endpoint = { .role = ROLE_CLIENT,
				     .remote_known = true,
				     .remote = kernel->remote,
				     .remote_port = kernel->remote_port };

	if (kernel->state == TCP_CLOSE)
		return (struct endpoint){ 0 };
	if (kernel->state == TCP_LISTEN || diag_listens(socket->diag, kernel->local_port)) {
		endpoint.role = ROLE_SERVER;
		endpoint.local_port = kernel->local_port;
	}
	endpoint.remote_known = kernel->state != TCP_LISTEN;
	return endpoint;
}
