/* Sample values of each option. */
#include "lib/samples.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/socket.h>

/* For headers that are older than the option. */
#ifndef TCP_RTO_MAX_MS
#define TCP_RTO_MAX_MS 44
#endif

#define OF_KERNEL(level_, name_) .kernel_name = #name_, .level = level_, .name = name_

const struct sample samples[] = {
	{ "keepalive", OF_KERNEL(SOL_SOCKET, SO_KEEPALIVE), .configured = 1, .word = "yes",
	  .ruled = 0, .own = 0, .fresh = 0 },
	{ "idle", OF_KERNEL(IPPROTO_TCP, TCP_KEEPIDLE), .configured = 61, .word = "61s",
	  .ruled = 71, .own = 301, .fresh = 7200, .sysctl = 600 },
	{ "interval", OF_KERNEL(IPPROTO_TCP, TCP_KEEPINTVL), .configured = 11, .word = "11000ms",
	  .ruled = 13, .own = 33, .fresh = 75, .sysctl = 60 },
	{ "count", OF_KERNEL(IPPROTO_TCP, TCP_KEEPCNT), .configured = 7, .word = "7", .ruled = 5,
	  .own = 3, .fresh = 9, .sysctl = 5 },
	{ "user_timeout", OF_KERNEL(IPPROTO_TCP, TCP_USER_TIMEOUT), .configured = 31000,
	  .word = "31s", .ruled = 900, .own = 5000, .fresh = 0 },
	{ "rto_max", OF_KERNEL(IPPROTO_TCP, TCP_RTO_MAX_MS), .configured = 5000, .word = "5000",
	  .ruled = 7000, .own = 9000, .fresh = 120000, .sysctl = 8000 },
	{ "syn_count", OF_KERNEL(IPPROTO_TCP, TCP_SYNCNT), .configured = 3, .word = "3", .ruled = 5,
	  .own = 4, .fresh = 6, .sysctl = 2 },
	{ "defer_accept", OF_KERNEL(IPPROTO_TCP, TCP_DEFER_ACCEPT), .configured = 7, .word = "7",
	  .ruled = 15, .own = 3, .fresh = 0, .reads = READS_ON_LISTENERS },
	{ "max_segment", OF_KERNEL(IPPROTO_TCP, TCP_MAXSEG), .configured = 1000, .word = "1000",
	  .ruled = 1100, .own = 900, .fresh = 536, .reads = READS_BEFORE_CONNECTION },
	{ "window_clamp", OF_KERNEL(IPPROTO_TCP, TCP_WINDOW_CLAMP), .configured = 40000,
	  .word = "40000", .ruled = 65536, .own = 50000, .fresh = 65536,
	  .reads = READS_BEFORE_CONNECTION },
};

const size_t samples_count = sizeof samples / sizeof *samples;

static char *lines(char *to, size_t size, bool ruled)
{
	size_t length = 0;

	*to = 0;
	for (size_t i = 0; i < samples_count && length < size; i++)
		length += (size_t)snprintf(to + length, size - length, "%s = %d\n", samples[i].key,
					   ruled ? samples[i].ruled : samples[i].configured);
	return to;
}

char *samples_configured(char *to, size_t size)
{
	return lines(to, size, false);
}

char *samples_ruled(char *to, size_t size)
{
	return lines(to, size, true);
}
