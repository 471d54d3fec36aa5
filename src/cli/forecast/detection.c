/* When a socket of a process notices that its peer is gone: a prediction from the values it has. */
#include "cli/forecast/detection.h"

#include <netinet/tcp.h>

#include "cli/base/kernel.h"

bool socket_is_closed(const struct tcp_socket *socket)
{
	return socket->addressed && socket->kernel.state == TCP_CLOSE;
}

bool socket_is_ending(const struct tcp_socket *socket)
{
	return socket->addressed &&
	       (socket->kernel.state == TCP_CLOSING || socket->kernel.state == TCP_LAST_ACK);
}

/*
 * Returns what the socket has, or the kernel in its network namespace where the kernel has no such
 * option for the socket; VALUE_UNKNOWN if neither is known.
 */
static int value_of(const struct tcp_socket *socket, size_t id)
{
	const struct option_row *option = &option_table[id];
	int value = socket->value[id];

	if (value >= 0 || value == VALUE_UNKNOWN)
		return value;
	if (!option->sysctl[0])
		return option->fresh;
	return socket->diag->entered ? socket->diag->kernel.number[id] : VALUE_UNKNOWN;
}

/* Without netlink it is not known whether the peer's window is closed. */
static bool is_timer_unknown(const struct tcp_socket *socket)
{
	return socket->kernel.timer == TIMER_UNKNOWN && !socket->diag->told &&
	       socket->kernel.state != TCP_LISTEN;
}

/* Returns false if a value that the prediction depends on is not known. */
static bool read_timing(const struct tcp_socket *socket, unsigned int needed, struct timing *timing)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (needed & 1U << id && value_of(socket, id) == VALUE_UNKNOWN)
			return false;
	*timing = (struct timing){
		.keepalive = socket->value[OPTION_KEEPALIVE] > 0,
		.idle = value_of(socket, OPTION_IDLE),
		.interval = value_of(socket, OPTION_INTERVAL),
		.count = value_of(socket, OPTION_COUNT),
		.user_timeout = value_of(socket, OPTION_USER_TIMEOUT),
		.rto_max = value_of(socket, OPTION_RTO_MAX),
		.retries2 = socket->diag->retries2,
		.hz = kernel_hz(),
	};
	return true;
}

long long detection_idle(const struct tcp_socket *socket)
{
	struct prediction prediction = { .end = NEVER };
	struct timing timing;

	if (socket_is_closed(socket))
		return DETECTION_NONE;
	if (socket->value[OPTION_KEEPALIVE] == 0)
		return NEVER;
	if (!read_timing(socket, DETECTION_IDLE_OPTIONS, &timing))
		return DETECTION_UNKNOWN;
	predict_idle(&timing, &prediction);
	return prediction.end;
}

long long detection_data(const struct tcp_socket *socket)
{
	struct prediction prediction = { .end = NEVER };
	bool persist = socket->kernel.timer == TIMER_PERSIST;
	struct timing timing;

	if (socket_is_closed(socket))
		return DETECTION_NONE;
	if (!read_timing(socket, DETECTION_DATA_OPTIONS, &timing) || is_timer_unknown(socket) ||
	    ((persist || !timing.user_timeout) && timing.retries2 < 0))
		return DETECTION_UNKNOWN;
	(persist ? predict_persist : predict_data)(&timing, &prediction);
	return prediction.end;
}
