/* Settings that explain suggests: why, and how to set them. */
#include <stdio.h>

#include "cli/base/duration.h"
#include "cli/ui/explanation.h"
#include "cli/ui/text.h"

/* An empty segment of IPv4 with timestamps, without the header of the link. */
enum { PACKET_BYTES = 52, CONNECTIONS = 10000, HOUR = 3600 };

static void print_reasons(const struct explanation *explanation)
{
	const struct timing *timing = &explanation->suggestion;
	const struct wish *wish = &explanation->wish;
	int packets = judge_packets(timing);
	struct prediction idle, data;

	predict_idle(timing, &idle);
	predict_data(timing, &data);
	printf("  notices a dead peer after %s to %s, with data after %s to %s\n",
	       duration_of(idle.end).at, duration_of(predict_idle_latest(timing)).at,
	       duration_of(data.end).at, duration_of(judge_data_latest(timing)).at);
	if (wish->idle_timeout && !wish->proxy)
		printf("  first probe %s before it is forgotten; %d may be lost in a row\n",
		       duration_of((wish->idle_timeout - timing->idle) * 1000LL).at,
		       judge_idle_timeout(timing, wish->idle_timeout).survived);
	printf("  an idle connection costs %d packets (%.1f kB) an hour; 10,000 cost %d/s\n",
	       packets, packets * PACKET_BYTES / 1000.0, packets * CONNECTIONS / HOUR);
	printf("  a peer that is alive but does not read for %s is given up, too\n",
	       duration_of(timing->user_timeout).at);
}

static void print_forms(const struct timing *timing)
{
	int idle = timing->idle, interval = timing->interval, count = timing->count;

	printf("keepalive run --idle %d --interval %d --count %d --user-timeout auto COMMAND\n",
	       idle, interval, count);
	printf("LD_PRELOAD=libkeepalive.so KEEPALIVE_IDLE=%d KEEPALIVE_INTERVAL=%d \\\n"
	       "KEEPALIVE_COUNT=%d KEEPALIVE_USER_TIMEOUT=auto COMMAND\n",
	       idle, interval, count);
	printf("idle = %ds\ninterval = %ds\ncount = %d\nuser_timeout = auto\n", idle, interval,
	       count);
}

static void print_impossible(const struct explanation *explanation)
{
	const struct wish *wish = &explanation->wish;
	bool within = explanation->impossible == IMPOSSIBLE_WITHIN;
	char text[400];

	snprintf(text, sizeof text,
		 "%s of %s cannot be met: with idle 1s, interval 1s and %d probes, %s. At least %s "
		 "is possible.",
		 within                 ? "--within"
		 : explanation->network ? "--network"
					: "--idle-timeout",
		 duration_of((within ? wish->within : wish->idle_timeout) * 1000LL).at, COUNT_LEAST,
		 within ? "a dead peer is noticed later"
			: "fewer than two probes may be lost in that time",
		 duration_of(explanation->least * 1000LL).at);
	text_paint("no suggestion: ");
	text_wrap(15, text);
}

void suggestion_print(const struct explanation *explanation)
{
	const struct timing *timing = &explanation->suggestion;

	if (!explanation->suggests)
		return;
	if (!explanation->possible) {
		print_impossible(explanation);
		return;
	}
	printf("suggested: idle %ds, interval %ds, count %d, user_timeout auto\n", timing->idle,
	       timing->interval, timing->count);
	print_reasons(explanation);
	print_forms(timing);
}
