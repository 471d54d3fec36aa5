/* The options of the table in plain words. */
#include "cli/ui/words.h"

const char *option_words(const struct option_row *option)
{
	static const char *const words[OPTIONS] = {
		[OPTION_KEEPALIVE] = "probes on idle connections: SO_KEEPALIVE",
		[OPTION_IDLE] = "idle time before the first probe: TCP_KEEPIDLE",
		[OPTION_INTERVAL] = "time between probes: TCP_KEEPINTVL",
		[OPTION_COUNT] = "unanswered probes until the connection ends: TCP_KEEPCNT",
		[OPTION_USER_TIMEOUT] = "limit for unacknowledged data: TCP_USER_TIMEOUT",
		[OPTION_RTO_MAX] = "longest time between retransmissions: TCP_RTO_MAX_MS",
		[OPTION_SYN_COUNT] = "retries of connect(): TCP_SYNCNT",
		[OPTION_DEFER_ACCEPT] = "wait for data before accept(): TCP_DEFER_ACCEPT",
		[OPTION_MAX_SEGMENT] = "largest segment in bytes: TCP_MAXSEG",
		[OPTION_WINDOW_CLAMP] = "largest receive window in bytes: TCP_WINDOW_CLAMP",
	};

	return words[option - option_table];
}
