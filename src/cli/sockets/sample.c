/* What the kernel tells of one connection at one time, counters included. */
#include "cli/sockets/sample.h"

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sockios.h>
#include <linux/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* What Linux 4.19 has, and what 5.4 added. */
#define END_OF(member) (offsetof(struct tcp_info, member) + sizeof(((struct tcp_info *)0)->member))

static void take_info(struct sample *sample, const void *from, size_t length)
{
	struct tcp_info info = { 0 };

	memcpy(&info, from, length < sizeof info ? length : sizeof info);
	sample->complete = length >= END_OF(tcpi_bytes_retrans);
	sample->figures = (struct figures){
		.retransmits = info.tcpi_retransmits,
		.probes = info.tcpi_probes,
		.retransmissions = info.tcpi_total_retrans,
		.segments = info.tcpi_segs_in,
		.data_segments = info.tcpi_data_segs_in,
		.delivered = info.tcpi_delivered,
		.since_data = info.tcpi_last_data_recv,
		.since_ack = info.tcpi_last_ack_recv,
		.unsent = info.tcpi_notsent_bytes,
		.window = length >= END_OF(tcpi_snd_wnd) ? (long)info.tcpi_snd_wnd : -1,
		.sent = info.tcpi_bytes_sent - info.tcpi_bytes_retrans,
		.acknowledged = info.tcpi_bytes_acked,
		.received = info.tcpi_bytes_received,
	};
}

static int take_attribute(const struct nlattr *attribute, void *context)
{
	if (mnl_attr_get_type(attribute) == INET_DIAG_INFO)
		take_info(context, mnl_attr_get_payload(attribute),
			  mnl_attr_get_payload_len(attribute));
	return MNL_CB_OK;
}

bool sample_read(const struct nlmsghdr *message, struct sample *sample)
{
	const struct inet_diag_msg *told = mnl_nlmsg_get_payload(message);

	*sample = (struct sample){ .complete = false };
	if (!diag_read(message, &sample->socket))
		return false;
	sample->cookie = told->id.idiag_cookie[0] | (uint64_t)told->id.idiag_cookie[1] << 32;
	sample->unread = told->idiag_rqueue;
	mnl_attr_parse(message, sizeof *told, take_attribute, sample);
	return true;
}

bool sample_from_descriptor(int own, struct sample *sample)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof info;
	int unread = 0, unacknowledged = 0;

	if (getsockopt(own, IPPROTO_TCP, TCP_INFO, &info, &length) ||
	    ioctl(own, SIOCOUTQ, &unacknowledged))
		return false;
	/* Fails for a listener, which is none of ours. */
	ioctl(own, SIOCINQ, &unread);
	take_info(sample, &info, length);
	sample->socket.state = info.tcpi_state;
	sample->socket.unacknowledged = unacknowledged;
	sample->unread = unread;
	return true;
}
