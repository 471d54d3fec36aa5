/* What the kernel tells of the TCP sockets of a network namespace over netlink, whoever has them. */
#include "cli/diag.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/memory.h"
#include "cli/verb.h"

enum { NAMESPACES_MAX = 256, ALL_STATES = 0xfff & ~(1 << TCP_TIME_WAIT), TRIES = 5 };

static struct diag *known[NAMESPACES_MAX];
static int known_count;

static void read_address(const struct inet_diag_sockid *id, int family, bool remote,
			 struct address *address, uint16_t *port)
{
	const __be32 *words = remote ? id->idiag_dst : id->idiag_src;
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = remote ? id->idiag_dport : id->idiag_sport };
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_port = six.sin6_port,
				    .sin_addr.s_addr = words[0] };

	memcpy(&six.sin6_addr, words, sizeof six.sin6_addr);
	if (family == AF_INET)
		address_from_socket((const struct sockaddr *)&four, sizeof four, address, port);
	else
		address_from_socket((const struct sockaddr *)&six, sizeof six, address, port);
}

static struct diag_socket *add_socket(struct diag *diag)
{
	if (diag->count == diag->room) {
		diag->room = diag->room ? 2 * diag->room : 64;
		diag->socket = expect_memory(
			reallocarray(diag->socket, diag->room, sizeof *diag->socket));
	}
	return &diag->socket[diag->count++];
}

static int take_socket(const struct nlmsghdr *message, void *context)
{
	const struct inet_diag_msg *told = mnl_nlmsg_get_payload(message);
	struct diag *diag = context;
	struct diag_socket *socket;
	bool listens;

	/* Without an inode it belongs to no process any more. */
	if (mnl_nlmsg_get_payload_len(message) < sizeof *told || !told->idiag_inode)
		return MNL_CB_OK;
	listens = told->idiag_state == TCP_LISTEN;
	socket = add_socket(diag);
	*socket = (struct diag_socket){
		.inode = told->idiag_inode,
		.user = told->idiag_uid,
		.state = told->idiag_state,
		.timer = (enum diag_timer)told->idiag_timer,
		.left = told->idiag_expires,
		.unacknowledged = listens ? 0 : told->idiag_wqueue,
	};
	read_address(&told->id, told->idiag_family, false, &socket->local, &socket->local_port);
	read_address(&told->id, told->idiag_family, true, &socket->remote, &socket->remote_port);
	diag->listens[socket->local_port] |= listens;
	return MNL_CB_OK;
}

/*
 * Multipath TCP is not asked for: its subflows are TCP sockets with the inode of the whole, and it is
 * they that have timers.
 */
static bool send_request(struct mnl_socket *netlink, int family)
{
	char buffer[256];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct inet_diag_req_v2 *request;

	message->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	request = mnl_nlmsg_put_extra_header(message, sizeof *request);
	request->sdiag_family = (uint8_t)family;
	request->sdiag_protocol = IPPROTO_TCP;
	request->idiag_states = ALL_STATES;
	return mnl_socket_sendto(netlink, message, message->nlmsg_len) >= 0;
}

/* False if the kernel refuses; errno is EINTR where the sockets changed under its hands. */
static bool ask(struct mnl_socket *netlink, int family, struct diag *diag)
{
	static char buffer[64 * 1024];
	unsigned int port = mnl_socket_get_portid(netlink);
	ssize_t length;
	int more = MNL_CB_OK;

	if (!send_request(netlink, family))
		return false;
	while (more > MNL_CB_STOP) {
		length = mnl_socket_recvfrom(netlink, buffer, sizeof buffer);
		if (length < 0)
			return false;
		more = mnl_cb_run(buffer, (size_t)length, 0, port, take_socket, diag);
	}
	return more == MNL_CB_STOP;
}

static int namespace_of(pid_t pid)
{
	char path[32] = "/proc/self/ns/net";

	if (pid)
		snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* A netlink socket belongs for good to the namespace in which it was made. */
static struct mnl_socket *open_in(int namespace, bool own)
{
	struct mnl_socket *netlink;
	int home;

	if (own)
		return mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	home = namespace_of(0);
	if (home < 0 || setns(namespace, CLONE_NEWNET)) {
		if (home >= 0)
			close(home);
		return NULL;
	}
	netlink = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (setns(home, CLONE_NEWNET))
		err(STATUS_FAILED, "the own network namespace");
	close(home);
	return netlink;
}

static int compare(const void *a, const void *b)
{
	const struct diag_socket *one = a, *other = b;

	return one->inode < other->inode ? -1 : one->inode > other->inode;
}

/* By inode, one for each. */
static void sort(struct diag *diag)
{
	size_t kept = 0;

	if (diag->count)
		qsort(diag->socket, diag->count, sizeof *diag->socket, compare);
	for (size_t i = 0; i < diag->count; i++)
		if (!kept || diag->socket[i].inode != diag->socket[kept - 1].inode)
			diag->socket[kept++] = diag->socket[i];
	diag->count = kept;
}

/* By a netlink socket of its own: what is left of an answer that was interrupted goes with it. */
static bool ask_in(int namespace, bool own, int family, struct diag *diag)
{
	struct mnl_socket *netlink = open_in(namespace, own);
	bool answered;
	int error;

	if (!netlink)
		return false;
	answered = !mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) && ask(netlink, family, diag);
	error = errno;
	mnl_socket_close(netlink);
	errno = error;
	return answered;
}

/* What came before the last interruption stays: the caller looks sockets up one by one. */
static void ask_again(int namespace, bool own, int family, struct diag *diag)
{
	size_t before = diag->count;

	for (int tries = 0; tries < TRIES; tries++) {
		diag->count = before;
		if (ask_in(namespace, own, family, diag) || errno != EINTR)
			return;
	}
}

static void fill(struct diag *diag, int namespace, bool own)
{
	ask_again(namespace, own, AF_INET, diag);
	ask_again(namespace, own, AF_INET6, diag);
	sort(diag);
}

static ino_t inode_of(int fd)
{
	struct stat file;

	return fd < 0 || fstat(fd, &file) ? 0 : file.st_ino;
}

static struct diag *new_diag(ino_t namespace)
{
	struct diag *diag = expect_memory(calloc(1, sizeof *diag));

	diag->namespace = namespace;
	return diag;
}

struct diag *diag_of(pid_t pid)
{
	static struct diag nothing;
	int namespace = namespace_of(pid), home = namespace_of(0);
	ino_t inode = inode_of(namespace);
	bool own = inode && inode == inode_of(home);
	struct diag *diag = &nothing;

	if (home >= 0)
		close(home);
	for (int i = 0; inode && i < known_count; i++)
		if (known[i]->namespace == inode)
			diag = known[i];
	if (diag == &nothing && inode && known_count < NAMESPACES_MAX) {
		diag = known[known_count++] = new_diag(inode);
		fill(diag, namespace, own);
	}
	if (namespace >= 0)
		close(namespace);
	return diag;
}

void diag_forget(void)
{
	while (known_count) {
		free(known[--known_count]->socket);
		free(known[known_count]);
	}
}

struct diag_socket *diag_find(const struct diag *diag, ino_t inode)
{
	struct diag_socket key = { .inode = inode };

	return diag->count ?
		       bsearch(&key, diag->socket, diag->count, sizeof *diag->socket, compare) :
		       NULL;
}

bool diag_listens(const struct diag *diag, uint16_t port)
{
	return diag->listens[port];
}
