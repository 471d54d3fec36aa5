/* When a socket of a process notices that its peer is gone: a prediction from the values it has. */
#ifndef KEEPALIVE_DETECTION_H
#define KEEPALIVE_DETECTION_H

#include "cli/forecast/predict.h"
#include "cli/sockets/sockets.h"

enum {
	DETECTION_NONE = -2,    /* it is closed: it has no peer that could vanish */
	DETECTION_UNKNOWN = -3, /* it depends on a value that is not known */
};

/* The options that each of these needs, for sockets_visit: 1 << id each. */
enum {
	DETECTION_IDLE_OPTIONS = 1U << OPTION_KEEPALIVE | 1U << OPTION_IDLE |
				 1U << OPTION_INTERVAL | 1U << OPTION_COUNT |
				 1U << OPTION_USER_TIMEOUT,
	DETECTION_DATA_OPTIONS = 1U << OPTION_USER_TIMEOUT | 1U << OPTION_RTO_MAX,
};

/* Each returns milliseconds from the moment at which the peer vanishes, NEVER, or one of the above.
 */

/* If the connection is idle. */
long long detection_idle(const struct tcp_socket *socket);

/* If it has unacknowledged data, or data that waits for the peer's window. */
long long detection_data(const struct tcp_socket *socket);

/* Returns true if the socket has no connection and does not wait for one. */
bool socket_is_closed(const struct tcp_socket *socket);

/* Returns true if both ends have closed: the FIN on the way ends it, acknowledged or not, so that
 * detection_data applies while it is idle, too. */
bool socket_is_ending(const struct tcp_socket *socket);

#endif
