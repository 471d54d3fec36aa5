/* How many connections of a service notice a dead peer, and how late the last of them does. */
#include "cli/forecast/tally.h"

#include <netinet/tcp.h>

#include "cli/forecast/detection.h"

enum { LOOPBACK_NETWORK = 127, NETWORK_SHIFT = 24 };

/* What is mapped from IPv4 is IPv4 in an address. */
static bool is_of_loopback(const struct address *address)
{
	if (address->is_ipv4)
		return address->low >> NETWORK_SHIFT == LOOPBACK_NETWORK;
	return !address->high && address->low == 1;
}

static bool is_same(const struct address *a, const struct address *b)
{
	return a->is_ipv4 == b->is_ipv4 && a->high == b->high && a->low == b->low;
}

/* What goes to this host itself needs no cable. */
static bool stays_here(const struct diag_socket *kernel)
{
	return is_of_loopback(&kernel->local) || is_of_loopback(&kernel->remote) ||
	       is_same(&kernel->local, &kernel->remote);
}

enum tally_kind tally_kind(const struct tcp_socket *socket)
{
	const struct diag_socket *kernel = &socket->kernel;

	if (!socket->protocol)
		return TALLY_NOTHING;
	if (!socket->addressed)
		return TALLY_UNREAD;
	switch (kernel->state) {
	case TCP_LISTEN:
		return is_of_loopback(&kernel->local) ? TALLY_NOTHING : TALLY_LISTENER;
	case TCP_ESTABLISHED:
	case TCP_FIN_WAIT1:
	case TCP_FIN_WAIT2:
	case TCP_CLOSE_WAIT:
	case TCP_CLOSING:
	case TCP_LAST_ACK:
		return stays_here(kernel) ? TALLY_LOOPBACK : TALLY_CONNECTION;
	default:
		return TALLY_NOTHING;
	}
}

unsigned int tally_options(const struct tcp_socket *socket)
{
	switch (tally_kind(socket)) {
	case TALLY_LISTENER:
		return 1U << OPTION_KEEPALIVE;
	case TALLY_CONNECTION:
		/* What netlink says of keepalive may settle the first. */
		if (socket->value[OPTION_KEEPALIVE] == 0)
			return DETECTION_DATA_OPTIONS;
		return DETECTION_IDLE_OPTIONS | DETECTION_DATA_OPTIONS;
	default:
		return 0;
	}
}

static void add_time(long long *longest, long long time)
{
	if (time > *longest)
		*longest = time;
}

static void add_connection(struct tally *tally, const struct tcp_socket *socket)
{
	int keepalive = socket->value[OPTION_KEEPALIVE];
	long long data = detection_data(socket);
	long long idle = socket_is_ending(socket) ? data : detection_idle(socket);

	tally->connections++;
	tally->on += keepalive > 0;
	tally->off += keepalive == 0;
	tally->unanswered += socket->kernel.unanswered > 0;
	tally->heard += socket->kernel.silent >= 0;
	if (socket->kernel.silent > tally->silent)
		tally->silent = socket->kernel.silent;
	tally->idle_unknown |= idle == DETECTION_UNKNOWN;
	tally->data_unknown |= data == DETECTION_UNKNOWN;
	if (idle == NEVER || data == NEVER)
		tally->never++;
	else if (idle == DETECTION_UNKNOWN || data == DETECTION_UNKNOWN)
		tally->unknown++;
	add_time(&tally->idle, idle);
	add_time(&tally->data, data);
}

void tally_add(struct tally *tally, const struct tcp_socket *socket)
{
	switch (tally_kind(socket)) {
	case TALLY_UNREAD:
		tally->unread++;
		break;
	case TALLY_LISTENER:
		tally->listeners++;
		tally->listeners_off += socket->value[OPTION_KEEPALIVE] == 0;
		break;
	case TALLY_LOOPBACK:
		tally->loopback++;
		break;
	case TALLY_CONNECTION:
		add_connection(tally, socket);
		break;
	case TALLY_NOTHING:
		break;
	}
}

void tally_join(struct tally *tally, const struct tally *other)
{
	tally->connections += other->connections;
	tally->loopback += other->loopback;
	tally->listeners += other->listeners;
	tally->unread += other->unread;
	tally->never += other->never;
	tally->unknown += other->unknown;
	tally->idle_unknown |= other->idle_unknown;
	tally->data_unknown |= other->data_unknown;
	tally->listeners_off += other->listeners_off;
	tally->on += other->on;
	tally->off += other->off;
	tally->unanswered += other->unanswered;
	tally->heard += other->heard;
	add_time(&tally->idle, other->idle);
	add_time(&tally->data, other->data);
	if (other->silent > tally->silent)
		tally->silent = other->silent;
}

long long tally_idle(const struct tally *tally)
{
	if (tally->never)
		return NEVER;
	if (tally->idle_unknown)
		return DETECTION_UNKNOWN;
	return tally->connections ? tally->idle : DETECTION_NONE;
}

long long tally_data(const struct tally *tally)
{
	if (tally->data_unknown)
		return DETECTION_UNKNOWN;
	return tally->connections ? tally->data : DETECTION_NONE;
}
