/* When the kernel notices that a peer is gone, computed as net/ipv4/tcp_timer.c does. */
#include "cli/forecast/predict.h"

#include <limits.h>

/*
 * RTO_MIN: the kernel starts from it when it works out how long a number of retries takes.
 * LOSS_PROBE_JIFFIES: so soon the tail loss probe comes if the round trip is short.
 */
enum { SECOND = 1000, RTO_MIN = 200, SYN_RTO = 1 * SECOND, HZ_USUAL = 250, LOSS_PROBE_JIFFIES = 2 };

static long long least(long long one, long long other)
{
	return one < other ? one : other;
}

static long long most(long long one, long long other)
{
	return one > other ? one : other;
}

static int hz_of(const struct timing *timing)
{
	return timing->hz ? timing->hz : HZ_USUAL;
}

/* Returns the granularity of the kernel's timer wheel at this length, in jiffies. */
static long long granularity(long long jiffies)
{
	long long granularity = 1;

	while (jiffies >= 63 * granularity)
		granularity *= 8;
	return granularity;
}

static long long jiffies_of(const struct timing *timing, long long milliseconds)
{
	return (milliseconds * hz_of(timing) + SECOND - 1) / SECOND;
}

/*
 * How long a timer takes that is set by another one, which has just fired: it always goes on to the
 * next multiple.
 */
static long long on_wheel(const struct timing *timing, long long milliseconds)
{
	long long jiffies = jiffies_of(timing, milliseconds), unit = granularity(jiffies);

	return (jiffies / unit + 1) * unit * SECOND / hz_of(timing);
}

static void send_at(struct prediction *prediction, long long when)
{
	if (prediction->sent < MOMENTS_MAX)
		prediction->at[prediction->sent] = when;
	prediction->sent++;
	prediction->last = when;
}

long long prediction_moment(const struct prediction *prediction, int number)
{
	if (number < MOMENTS_MAX)
		return prediction->at[number];
	return number == prediction->sent - 1 ? prediction->last : NEVER;
}

/*
 * With a user timeout the count does not matter: an idle connection ends at the first tick, after
 * one probe at least, that comes no sooner than the timeout.
 */
static long long lost_probes(const struct timing *timing, long long first, long long interval)
{
	if (!timing->user_timeout)
		return timing->count;
	return most(1, (timing->user_timeout - first + interval - 1) / interval);
}

/* The latest time of the first probe. */
static long long first_probe_latest(const struct timing *timing)
{
	long long idle = (long long)timing->idle * SECOND;

	return idle + granularity(jiffies_of(timing, idle)) * SECOND / hz_of(timing);
}

int predict_fewest_lost(const struct timing *timing)
{
	long long interval = on_wheel(timing, (long long)timing->interval * SECOND);

	return (int)lost_probes(timing, first_probe_latest(timing), interval);
}

long long predict_idle_latest(const struct timing *timing)
{
	long long first = (long long)timing->idle * SECOND;
	long long interval = on_wheel(timing, (long long)timing->interval * SECOND);
	/* Early timers need more of them to reach a user timeout. */
	long long lost = lost_probes(timing, first, (long long)timing->interval * SECOND);

	return timing->keepalive ? first_probe_latest(timing) + lost * interval : NEVER;
}

void predict_idle(const struct timing *timing, struct prediction *prediction)
{
	long long interval = (long long)timing->interval * SECOND;
	long long tick = (long long)timing->idle * SECOND;
	long long lost = lost_probes(timing, tick, interval);

	*prediction = (struct prediction){ .end = NEVER };
	if (!timing->keepalive)
		return;
	for (; prediction->sent < lost; tick += interval)
		send_at(prediction, tick);
	prediction->end = tick;
}

/* How long the kernel reckons that a number of retries takes. */
static long long time_of_retries(const struct timing *timing, int retries, int first)
{
	long long rto_max = timing->rto_max;
	int doublings = 0;

	while (((long long)first << (doublings + 1)) <= rto_max)
		doublings++;
	if (retries <= doublings)
		return ((2LL << retries) - 1) * first;
	return ((2LL << doublings) - 1) * first + (retries - doublings) * rto_max;
}

/* A packet that is sent again at growing intervals. */
struct retrying {
	long long first; /* when its timer fires first */
	long long rto;   /* how long the timer was; doubled from then on */
	int linear;      /* but not the first so many times */
	int tries;       /* so often it is sent again at most */
	long long since; /* from here on the limit is counted */
	int retries;     /* where there is no user timeout, it is as long as these would take */
	int retry;       /* the first of which takes so long */
};

static void predict_retries(const struct timing *timing, const struct retrying *how,
			    struct prediction *prediction)
{
	long long now = how->first, rto = how->rto, elapsed = how->first - how->since;
	long long limit = timing->user_timeout;
	int tries = 0;

	if (!limit)
		limit = time_of_retries(timing, how->retries, how->retry);
	/* The limit is close to one of the ticks: that they are late decides which it is. */
	while (tries < how->tries && (!tries || elapsed < limit)) {
		send_at(prediction, now);
		if (++tries > how->linear)
			rto = least(2 * rto, timing->rto_max);
		now += rto;
		elapsed += on_wheel(timing, rto);
	}
	prediction->end = now;
	/* The last timer is cut to what is left of a user timeout. */
	limit = most(how->since + limit, prediction->last);
	if (timing->user_timeout && (tries < how->tries || now > limit))
		prediction->end = limit;
}

/* The least length of the retransmission timer: a short round trip adds nothing but a jiffy. */
static long long least_rto(const struct timing *timing)
{
	return (jiffies_of(timing, RTO_MIN) + 1) * SECOND / hz_of(timing);
}

void predict_data(const struct timing *timing, struct prediction *prediction)
{
	long long rto = least_rto(timing);
	const struct retrying how = {
		.first = rto,
		.rto = rto,
		.tries = INT_MAX,
		.since = rto,
		.retries = timing->retries2,
		.retry = RTO_MIN,
	};

	*prediction = (struct prediction){ 0 };
	send_at(prediction, (LOSS_PROBE_JIFFIES * SECOND) / hz_of(timing));
	predict_retries(timing, &how, prediction);
}

void predict_persist(const struct timing *timing, struct prediction *prediction)
{
	long long rto = least_rto(timing), now = rto, pause = rto;
	long long limit = timing->user_timeout ? rto + timing->user_timeout : LLONG_MAX;

	*prediction = (struct prediction){ 0 };
	/* The user timeout counts from the first probe, and the last timer is cut to it. */
	while (prediction->sent < timing->retries2 && now < limit) {
		send_at(prediction, now);
		pause = least(2 * pause, timing->rto_max);
		now += pause;
	}
	prediction->end = least(now, limit);
}

void predict_connect(const struct timing *timing, struct prediction *prediction)
{
	const struct retrying how = {
		.first = SYN_RTO,
		.rto = SYN_RTO,
		.linear = timing->syn_linear,
		.tries = timing->syn_count + timing->syn_linear,
		.retries = timing->syn_count,
		.retry = SYN_RTO,
	};

	*prediction = (struct prediction){ 0 };
	predict_retries(timing, &how, prediction);
}
