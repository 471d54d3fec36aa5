/* Whether settings do what is wished of them, and settings that do. */
#ifndef KEEPALIVE_JUDGE_H
#define KEEPALIVE_JUDGE_H

#include "cli/forecast/predict.h"

/* What is wished, in seconds; 0: nothing. */
struct wish {
	int within;       /* a dead peer must be noticed within this time */
	int idle_timeout; /* of what forgets idle connections on the path */
	bool proxy;       /* that is a proxy: no probe resets its timer */
};

/* Whether what forgets idle connections after idle_timeout forgets one with these settings. */
struct verdict {
	int idle_timeout;
	bool kept;    /* however late the kernel's timers are */
	int period;   /* seconds between answered probes at the earliest */
	int latest;   /* and at the latest */
	int survived; /* number of probes that may be lost in a row, however late timers are */
	bool ended;   /* if one more is lost, the kernel itself ends the connection */
	bool proxy;   /* not kept whatever the settings are: only data counts there */
};

struct verdict judge_idle_timeout(const struct timing *timing, int idle_timeout);

/* Whether a dead peer is noticed in time: idle, and with unacknowledged data. */
bool judge_idle(const struct timing *timing, int within);
bool judge_data(const struct timing *timing, int within);

/* Returns when unacknowledged data is given up at the latest: the kernel's timers are late. */
long long judge_data_latest(const struct timing *timing);

/* Returns true if the settings do all that is wished. */
bool judge(const struct timing *timing, const struct wish *wish);

/* The probes in a row that may be lost with settings that are suggested. */
enum { SURVIVED_LEAST = 2, COUNT_LEAST = 3 };

/*
 * Finds settings that do what is wished: the usual ones, or those nearest to them. Fills idle,
 * interval, count and user_timeout of *timing; the rest of it must be set. Returns false if no
 * settings do, and sets *impossible to the wish that is too short, and *least to the shortest time
 * in its place.
 */
enum impossible { IMPOSSIBLE_WITHIN, IMPOSSIBLE_IDLE_TIMEOUT };
bool judge_suggest(struct timing *timing, const struct wish *wish, enum impossible *impossible,
		   int *least);

/* Packets in an hour on an idle connection whose peer is there: probes and their answers. */
int judge_packets(const struct timing *timing);

#endif
