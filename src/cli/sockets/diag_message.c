/* A TCP socket as a message of netlink has it. */
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>

#include "cli/sockets/diag.h"

const char *tcp_state_name(int state)
{
	static const char *const names[] = {
		[TCP_ESTABLISHED] = "ESTABLISHED",
		[TCP_SYN_SENT] = "SYN-SENT",
		[TCP_SYN_RECV] = "SYN-RECEIVED",
		[TCP_FIN_WAIT1] = "FIN-WAIT-1",
		[TCP_FIN_WAIT2] = "FIN-WAIT-2",
		[TCP_TIME_WAIT] = "TIME-WAIT",
		[TCP_CLOSE] = "CLOSED",
		[TCP_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_LAST_ACK] = "LAST-ACK",
		[TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};
	const int count = sizeof names / sizeof *names;

	return state > 0 && state < count && names[state] ? names[state] : "";
}

static void read_address(const struct inet_diag_sockid *id, int family, bool remote,
			 struct address *address, uint16_t *port)
{
	const __be32 *words = remote ? id->idiag_dst : id->idiag_src;
	struct sockaddr_in6 six = { .sin6_family = AF_INET6,
				    .sin6_port = remote ? id->idiag_dport : id->idiag_sport };
	struct sockaddr_in four = { .sin_family = AF_INET,
				    .sin_port = six.sin6_port,
				    .sin_addr.s_addr = words[0] };

	memcpy(&six.sin6_addr, words, sizeof six.sin6_addr);
	if (family == AF_INET)
		address_from_socket((const struct sockaddr *)&four, sizeof four, address, port);
	else
		address_from_socket((const struct sockaddr *)&six, sizeof six, address, port);
}

/* In other states the queue has no data: a SYN, or connections to be accepted. */
static bool has_data(int state)
{
	return state != TCP_LISTEN && state != TCP_SYN_SENT && state != TCP_SYN_RECV;
}

/* Multipath TCP marks each of its subflows so. */
static int take_upper_protocol(const struct nlattr *attribute, void *context)
{
	struct diag_socket *socket = context;

	if (mnl_attr_get_type(attribute) == INET_ULP_INFO_NAME &&
	    !strcmp(mnl_attr_get_str(attribute), "mptcp"))
		socket->protocol = IPPROTO_MPTCP;
	return MNL_CB_OK;
}

static int take_attribute(const struct nlattr *attribute, void *context)
{
	struct diag_socket *socket = context;
	struct tcp_info info = { 0 };
	size_t length = mnl_attr_get_payload_len(attribute);

	if (mnl_attr_get_type(attribute) == INET_DIAG_ULP_INFO)
		return mnl_attr_parse_nested(attribute, take_upper_protocol, socket);
	if (mnl_attr_get_type(attribute) != INET_DIAG_INFO)
		return MNL_CB_OK;
	memcpy(&info, mnl_attr_get_payload(attribute), length < sizeof info ? length : sizeof info);
	/* Those of a listener are about its queue. */
	if (socket->state == TCP_LISTEN)
		return MNL_CB_OK;
	socket->segment = (int)info.tcpi_snd_mss;
	socket->unanswered =
		info.tcpi_probes > info.tcpi_retransmits ? info.tcpi_probes : info.tcpi_retransmits;
	socket->silent = info.tcpi_last_ack_recv < info.tcpi_last_data_recv
				 ? info.tcpi_last_ack_recv
				 : info.tcpi_last_data_recv;
	return MNL_CB_OK;
}

/* Subflows have segments of their own. */
static void take_attributes(const struct nlmsghdr *message, struct diag_socket *socket)
{
	mnl_attr_parse(message, sizeof(struct inet_diag_msg), take_attribute, socket);
	if (socket->protocol != IPPROTO_TCP)
		socket->segment = 0;
}

bool diag_read(const struct nlmsghdr *message, struct diag_socket *socket)
{
	const struct inet_diag_msg *told = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof *told)
		return false;
	*socket = (struct diag_socket){
		.inode = told->idiag_inode,
		.user = told->idiag_uid,
		.state = told->idiag_state,
		.timer = (enum diag_timer)told->idiag_timer,
		.left = told->idiag_expires,
		.unacknowledged = has_data(told->idiag_state) ? told->idiag_wqueue : 0,
		.protocol = IPPROTO_TCP,
		.silent = -1,
	};
	read_address(&told->id, told->idiag_family, false, &socket->local, &socket->local_port);
	read_address(&told->id, told->idiag_family, true, &socket->remote, &socket->remote_port);
	take_attributes(message, socket);
	return true;
}
