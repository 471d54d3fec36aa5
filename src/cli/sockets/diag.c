/* All TCP sockets of a network namespace, as the kernel reports them over netlink. */
#include "cli/sockets/diag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/kernel.h"
#include "cli/base/memory.h"
#include "cli/sockets/namespace.h"

enum { ALL_STATES = 0xfff & ~(1 << TCP_TIME_WAIT), TRIES = 5 };

static struct diag **known;
static size_t known_count;
static bool details_left_out;

static struct diag_socket *add_socket(struct diag *diag)
{
	diag->socket =
		memory_for_more(diag->socket, diag->count, &diag->room, sizeof *diag->socket);
	return &diag->socket[diag->count++];
}

static int take_socket(const struct nlmsghdr *message, void *context)
{
	struct diag_socket socket;

	/* A socket without an inode belongs to no process any more. */
	if (diag_read(message, &socket) && socket.inode)
		*add_socket(context) = socket;
	return MNL_CB_OK;
}

/*
 * Multipath TCP needs no request of its own: its subflows are TCP sockets with the inode of the
 * whole connection, and they have the timers.
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
	/* For this the kernel locks each socket. */
	request->idiag_ext = details_left_out ? 0 : 1 << (INET_DIAG_INFO - 1);
	return mnl_socket_sendto(netlink, message, message->nlmsg_len) >= 0;
}

/* Returns false and errno if the kernel refuses; EINTR if the sockets changed meanwhile. */
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

static int compare(const void *a, const void *b)
{
	const struct diag_socket *one = a, *other = b;

	return one->inode < other->inode ? -1 : one->inode > other->inode;
}

/* Sorts by inode, and keeps one socket for each. */
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

/* Uses a new netlink socket, so that nothing is left of an interrupted answer. */
static bool ask_once(int family, struct diag *diag)
{
	struct mnl_socket *netlink = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
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

/* Keeps what came before the last interruption: the caller looks sockets up one by one. */
static bool ask_again(int family, struct diag *diag)
{
	size_t before = diag->count;
	bool answered = false;

	for (int tries = 0; !answered && tries < TRIES; tries++) {
		diag->count = before;
		answered = ask_once(family, diag);
		if (!answered && errno != EINTR)
			break;
	}
	return answered;
}

/* Asks about the namespace that we are in. */
static void ask_here(struct diag *diag)
{
	diag->told = ask_again(AF_INET, diag);
	diag->told &= ask_again(AF_INET6, diag);
	kernel_values_read(&diag->kernel);
	diag->retries2 = sysctl_number("tcp_retries2", -1);
	diag->entered = diag->retries2 >= 0;
}

static void tell(void *context, FILE *to)
{
	struct diag *diag = context;

	ask_here(diag);
	fwrite(diag, sizeof *diag, 1, to);
	if (diag->count)
		fwrite(diag->socket, sizeof *diag->socket, diag->count, to);
}

static bool take(void *context, FILE *from)
{
	struct diag *diag = context;

	if (fread(diag, sizeof *diag, 1, from) != 1)
		return false;
	diag->room = diag->count + 1;
	diag->socket = expect_memory(calloc(diag->room, sizeof *diag->socket));
	return fread(diag->socket, sizeof *diag->socket, diag->count, from) == diag->count;
}

static struct diag *new_diag(pid_t pid, ino_t namespace)
{
	struct diag *diag = expect_memory(calloc(1, sizeof *diag));

	if (namespace == namespace_id(0)) {
		ask_here(diag);
	} else if (!namespace_ask(pid, tell, take, diag)) {
		free(diag->socket);
		*diag = (struct diag){ .retries2 = -1 };
	}
	diag->namespace = namespace;
	diag->process = pid;
	sort(diag);
	for (size_t i = 0; i < diag->count; i++)
		diag->listens[diag->socket[i].local_port] |= diag->socket[i].state == TCP_LISTEN;
	return diag;
}

struct diag *diag_of(pid_t pid)
{
	static struct diag nothing = { .retries2 = -1 };
	ino_t namespace = namespace_id(pid);

	if (!namespace)
		return &nothing;
	for (size_t i = 0; i < known_count; i++)
		if (known[i]->namespace == namespace) {
			known[i]->process = pid;
			return known[i];
		}
	known = expect_memory(reallocarray(known, known_count + 1, sizeof *known));
	known[known_count] = new_diag(pid, namespace);
	return known[known_count++];
}

void diag_leave_out_details(void)
{
	details_left_out = true;
}

void diag_forget(void)
{
	while (known_count) {
		free(known[--known_count]->socket);
		free(known[known_count]);
	}
}

struct diag *diag_nth(size_t number)
{
	return number < known_count ? known[number] : NULL;
}

struct diag_socket *diag_find(const struct diag *diag, ino_t inode)
{
	struct diag_socket key = { .inode = inode };

	return diag->count ? bsearch(&key, diag->socket, diag->count, sizeof *diag->socket, compare)
			   : NULL;
}

bool diag_listens(const struct diag *diag, uint16_t port)
{
	return diag->listens[port];
}
