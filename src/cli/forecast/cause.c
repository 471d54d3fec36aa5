/* Why a connection has ended, as far as what the kernel told of it before and after shows it. */
#include "cli/forecast/cause.h"

#include <netinet/tcp.h>

#include "cli/forecast/predict.h"

/*
 * The kernel does not report the error that the program got. What it keeps in a socket until it is
 * freed differs, though: unanswered probes, retransmissions, what is not acknowledged, and how many
 * segments came in. A reset is a segment that acknowledges nothing. A timer counts what it ends.
 */

/* Milliseconds by which times differ: of jiffies that are rounded, and of two clocks. */
enum { ROUNDING_MS = 8, SLACK_MS = 60 };

static bool was_heard(const struct evidence *evidence)
{
	const struct figures *before = &evidence->before->figures,
			     *after = &evidence->after->figures;

	return after->segments - before->segments > after->data_segments - before->data_segments;
}

/* Returns how much later than the last data the last valid ACK came, in milliseconds. */
static long lead_of_ack(const struct figures *figures)
{
	return figures->since_data - figures->since_ack;
}

/*
 * Returns true if a valid segment came since the last look, which is no reset. Times of one sample
 * are compared with each other only: it is not known exactly when the kernel took it.
 */
static bool was_alive(const struct evidence *evidence)
{
	const struct figures *before = &evidence->before->figures,
			     *after = &evidence->after->figures;

	return after->received != before->received ||
	       after->data_segments != before->data_segments ||
	       lead_of_ack(after) > lead_of_ack(before) + ROUNDING_MS;
}

static bool may_be_timer(const struct evidence *evidence)
{
	return !evidence->since.known || evidence->since.timeouts > 0;
}

static long silence_of(const struct evidence *evidence)
{
	const struct figures *figures = &evidence->after->figures;

	return figures->since_data < figures->since_ack ? figures->since_data : figures->since_ack;
}

static int value_of(const struct evidence *evidence, enum option_id id)
{
	return evidence->value ? evidence->value[id] : -1;
}

/* With data that nobody has read, close() resets the connection. */
static bool may_be_closed(const struct evidence *evidence)
{
	return !evidence->open && evidence->after->unread && evidence->closed_unread;
}

/* No timer has ended it. */
static enum cause without_timer(const struct evidence *evidence)
{
	if (may_be_closed(evidence))
		return evidence->since.known ? CAUSE_CLOSED : CAUSE_UNKNOWN;
	return !evidence->before || was_heard(evidence) ? CAUSE_RESET : CAUSE_ABORTED;
}

/* Returns true if it is not known whether a limit applies, or if it is reached. */
static bool idle_limit_reached(const struct evidence *evidence)
{
	int user_timeout = value_of(evidence, OPTION_USER_TIMEOUT);
	int count = value_of(evidence, OPTION_COUNT);

	if (user_timeout > 0)
		return silence_of(evidence) + SLACK_MS >= user_timeout;
	return count < 0 || (int)evidence->after->figures.probes >= count;
}

/* A timer has ended it: the user timeout wherever there is one. */
static enum cause timer_cause(const struct evidence *evidence, enum cause otherwise)
{
	return value_of(evidence, OPTION_USER_TIMEOUT) > 0 ? CAUSE_USER_TIMEOUT : otherwise;
}

static enum cause end_of_idle(const struct evidence *evidence)
{
	bool heard = was_heard(evidence);

	if (!may_be_timer(evidence) || (heard && !idle_limit_reached(evidence)))
		return without_timer(evidence);
	if (!idle_limit_reached(evidence) || (heard && !was_alive(evidence)))
		return CAUSE_UNKNOWN;
	return timer_cause(evidence, CAUSE_KEEPALIVE);
}

static enum cause end_of_persist(const struct evidence *evidence)
{
	int user_timeout = value_of(evidence, OPTION_USER_TIMEOUT);

	if (!evidence->before || !may_be_timer(evidence))
		return without_timer(evidence);
	if (!was_heard(evidence))
		return timer_cause(evidence, CAUSE_PERSIST);
	/* Only a user timeout ends it while probes are answered. */
	if (user_timeout > 0 &&
	    evidence->persisting + evidence->interval + SLACK_MS >= user_timeout)
		return evidence->persisting + SLACK_MS >= user_timeout ? CAUSE_USER_TIMEOUT
								       : CAUSE_UNKNOWN;
	return user_timeout < 0 ? CAUSE_UNKNOWN : CAUSE_RESET;
}

static enum cause end_of_data(const struct evidence *evidence)
{
	int user_timeout = value_of(evidence, OPTION_USER_TIMEOUT);

	/* The timer ends nothing that it has not sent again. */
	if (!may_be_timer(evidence) || !evidence->after->figures.retransmits)
		return without_timer(evidence);
	if (!evidence->before || was_heard(evidence))
		return CAUSE_UNKNOWN;
	if (user_timeout > 0 && silence_of(evidence) + SLACK_MS < user_timeout)
		return CAUSE_UNKNOWN;
	return timer_cause(evidence, CAUSE_RETRANSMISSIONS);
}

/* Returns how many FINs were acknowledged, 0 or 1; others: not known. */
static uint64_t acknowledged_fins(const struct evidence *evidence)
{
	const struct figures *figures = &evidence->after->figures;

	return evidence->syn < 0 ? UINT64_MAX
				 : figures->acknowledged - figures->sent - (uint64_t)evidence->syn;
}

/* All is acknowledged, and no probe is unanswered. */
static enum cause end_of_quiet(const struct evidence *evidence)
{
	const struct sample *before = evidence->before;
	uint64_t fins = acknowledged_fins(evidence);

	/* Then nothing was reset; else this may be what was. */
	if (fins > 1)
		return evidence->since.known && !evidence->since.resets ? CAUSE_CLOSED
									: CAUSE_UNKNOWN;
	if (!fins)
		return without_timer(evidence);
	/* After its own FIN the program still waited for that of the peer. */
	if (before && before->socket.state == TCP_FIN_WAIT2 && before->socket.inode &&
	    was_heard(evidence) && !was_alive(evidence))
		return CAUSE_RESET;
	return CAUSE_CLOSED;
}

/* Returns when the kernel gives up connect(), in milliseconds after the call; -1: not known. */
static long long end_of_syns(const struct evidence *evidence)
{
	int count = value_of(evidence, OPTION_SYN_COUNT),
	    rto_max = value_of(evidence, OPTION_RTO_MAX);
	struct timing timing = {
		.syn_count = count,
		.syn_linear = evidence->syn_linear,
		.user_timeout = value_of(evidence, OPTION_USER_TIMEOUT),
		.rto_max = rto_max > 0 ? rto_max : option_table[OPTION_RTO_MAX].fresh,
	};
	struct prediction prediction;

	if (count < 0 || timing.user_timeout < 0)
		return -1;
	predict_connect(&timing, &prediction);
	return prediction.end;
}

/* Returns true if the timer cannot have ended connect() so soon. */
static bool is_early(const struct evidence *evidence)
{
	return evidence->age + SLACK_MS < end_of_syns(evidence);
}

static enum cause end_of_attempt(const struct evidence *evidence)
{
	int limit = evidence->syn_retries, count = value_of(evidence, OPTION_SYN_COUNT);

	/* The user timeout ends it unless the number of SYNs does so before. */
	if (value_of(evidence, OPTION_USER_TIMEOUT) > 0)
		return (int)evidence->after->figures.retransmits < count + evidence->syn_linear
			       ? CAUSE_USER_TIMEOUT
			       : CAUSE_NO_ANSWER;
	if (count >= 0)
		limit = count;
	return limit >= 0 && (int)evidence->after->figures.retransmits >= limit ? CAUSE_NO_ANSWER
										: CAUSE_UNKNOWN;
}

static enum cause end_of_connect(const struct evidence *evidence)
{
	const struct counters *since = &evidence->since;
	bool timer = may_be_timer(evidence) && !is_early(evidence);
	bool report = !since->known || since->unreachable;

	if (evidence->after->figures.segments)
		return CAUSE_REFUSED;
	if (!evidence->open && since->known && !evidence->failed)
		return report ? CAUSE_UNKNOWN : CAUSE_CLOSED;
	if (timer)
		return end_of_attempt(evidence);
	if (report)
		return since->known ? CAUSE_UNREACHABLE : CAUSE_UNKNOWN;
	/* A reset, too, if connect() has cleared the socket. */
	return evidence->open || !evidence->after->socket.remote_port ? CAUSE_UNKNOWN
								      : CAUSE_CLOSED;
}

/*
 * A blocking connect() that fails clears its socket, as SO_LINGER of no time at all does at
 * close(). What is left then tells whether a SYN was on the way.
 */
enum { CLEARED_UNACKNOWLEDGED = 3, CLEARED_UNSENT = 2 };

static bool is_cleared(const struct sample *after)
{
	return !after->socket.remote_port;
}

static bool was_connecting(const struct evidence *evidence)
{
	const struct sample *after = evidence->after;

	if (is_cleared(after))
		return after->socket.unacknowledged == CLEARED_UNACKNOWLEDGED &&
		       after->figures.unsent == CLEARED_UNSENT;
	return !after->figures.delivered && !after->figures.acknowledged;
}

static enum activity activity_of(const struct evidence *evidence)
{
	const struct sample *after = evidence->after;

	if (was_connecting(evidence))
		return ACTIVITY_CONNECT;
	if (is_cleared(after))
		return ACTIVITY_UNKNOWN;
	if (!after->socket.unacknowledged)
		return ACTIVITY_IDLE;
	return after->socket.unacknowledged == after->figures.unsent ? ACTIVITY_PERSIST
								     : ACTIVITY_DATA;
}

static enum cause cause_of(const struct evidence *evidence, enum activity activity)
{
	switch (activity) {
	case ACTIVITY_CONNECT:
		return end_of_connect(evidence);
	case ACTIVITY_PERSIST:
		return end_of_persist(evidence);
	case ACTIVITY_DATA:
		return end_of_data(evidence);
	case ACTIVITY_IDLE:
		return evidence->before && evidence->after->figures.probes ? end_of_idle(evidence)
									   : end_of_quiet(evidence);
	default:
		return evidence->before ? CAUSE_CLOSED : CAUSE_NONE;
	}
}

static bool is_closing(const struct evidence *evidence)
{
	int state = evidence->before ? evidence->before->socket.state : TCP_CLOSE;

	return state == TCP_FIN_WAIT1 || state == TCP_CLOSING || state == TCP_LAST_ACK;
}

struct conclusion conclude(const struct evidence *evidence)
{
	const struct figures *figures = &evidence->after->figures;
	struct conclusion conclusion = { .activity = activity_of(evidence), .silent = -1 };

	conclusion.cause =
		evidence->after->complete ? cause_of(evidence, conclusion.activity) : CAUSE_UNKNOWN;
	conclusion.closing = is_closing(evidence);
	conclusion.unread = conclusion.cause == CAUSE_CLOSED && acknowledged_fins(evidence) != 1 &&
			    may_be_closed(evidence);
	/* Then the kernel has ended it, and not the program. */
	conclusion.failed = conclusion.activity == ACTIVITY_CONNECT &&
			    conclusion.cause != CAUSE_CLOSED && conclusion.cause != CAUSE_UNKNOWN;
	conclusion.stuck = conclusion.activity == ACTIVITY_DATA &&
			   figures->retransmits > figures->retransmissions;
	if (conclusion.activity != ACTIVITY_CONNECT && conclusion.activity != ACTIVITY_UNKNOWN)
		conclusion.silent = silence_of(evidence);
	return conclusion;
}
