/* Notes on settings: conflicts between them, and effects that are easily overlooked. */
#include "cli/forecast/notes.h"

#include <stdarg.h>
#include <stdio.h>

#include "cli/base/duration.h"
#include "cli/base/memory.h"

void notes_add(struct notes *notes, const char *id, bool warning, const char *format, ...)
{
	struct note *note;
	va_list arguments;

	notes->note = memory_for_more(notes->note, notes->count, &notes->room, sizeof *notes->note);
	note = &notes->note[notes->count++];
	*note = (struct note){ .id = id, .warning = warning };
	va_start(arguments, format);
	vsnprintf(note->text, sizeof note->text, format, arguments);
	va_end(arguments);
}

static const char *plural(long long number)
{
	return number == 1 ? "" : "s";
}

static bool is_set(const struct decision *decision, size_t first, size_t last)
{
	for (size_t id = first; id <= last; id++)
		if (decision->choice[id].value.state == VALUE_SET ||
		    decision->choice[id].value.state == VALUE_AUTO)
			return true;
	return false;
}

/* keepalive = off: the library then sets nothing at all. */
static bool is_off(const struct decision *decision)
{
	const struct value *value = &decision->choice[OPTION_KEEPALIVE].value;

	return value->state == VALUE_SET && !value->number;
}

static void write_without_keepalive(struct notes *notes, const struct circumstances *from)
{
	const struct decision *decision = from->decision;
	bool more = is_set(decision, OPTION_IDLE, OPTIONS - 1);
	bool timing = is_set(decision, OPTION_IDLE, OPTION_COUNT);

	if (is_off(decision)) {
		notes_add(notes, "keepalive-off", more,
			  "keepalive is off: the library changes no socket%s. A dead peer of an "
			  "idle connection is never detected, unless the program does it.",
			  more ? ", and the other settings have no effect" : "");
		return;
	}
	notes_add(
		notes, "keepalive-default", timing,
		"keepalive is left to the program: unless the program switches it on, a dead peer "
		"of an idle connection is never detected%s.",
		timing ? ", and idle, interval and count have no effect" : "");
	if (from->timing->user_timeout)
		notes_add(notes, "user-timeout-alone", true,
			  "user_timeout needs keepalive to end an idle connection: "
			  "without probes nothing is unacknowledged.");
}

static void write_lost_probes(struct notes *notes, const struct timing *timing)
{
	struct prediction idle;
	int fewest = predict_fewest_lost(timing);

	predict_idle(timing, &idle);
	if (idle.sent != timing->count)
		notes_add(notes,
			  idle.sent < timing->count ? "user-timeout-early" : "user-timeout-late",
			  true,
			  "user_timeout replaces count: an idle connection ends after %d lost "
			  "probe%s, not after %d%s. user_timeout = auto keeps to count.",
			  idle.sent, plural(idle.sent), timing->count,
			  idle.sent == 1 ? "; one lost packet ends it" : "");
	if (fewest < idle.sent)
		notes_add(notes, "user-timeout-timers", true,
			  "The kernel's timers are less exact for longer times: the first probe "
			  "can be so late that user_timeout ends the connection after %d lost "
			  "probe%s, not after %d. Set a longer interval or a shorter idle time.",
			  fewest, plural(fewest), idle.sent);
}

static void write_connect(struct notes *notes, const struct circumstances *from)
{
	const struct choice *syn_count = &from->decision->choice[OPTION_SYN_COUNT];
	struct timing alone = *from->timing;
	struct prediction with, without;

	alone.user_timeout = 0;
	predict_connect(from->timing, &with);
	predict_connect(&alone, &without);
	if (with.end < without.end)
		notes_add(notes, "connect-bounded", syn_count->configured,
			  "user_timeout also limits connect(): it fails after %s, although "
			  "syn_count = %d allows %s.",
			  duration_of(with.end).at, alone.syn_count, duration_of(without.end).at);
	if (with.end > without.end)
		notes_add(notes, "syn-count-extended", syn_count->configured,
			  "With a user timeout, syn_count = %d means %d tries, because the kernel "
			  "adds %d (net.ipv4.tcp_syn_linear_timeouts): connect() fails after %s, "
			  "not after %s.",
			  alone.syn_count, with.sent, alone.syn_linear, duration_of(with.end).at,
			  duration_of(without.end).at);
}

static void write_persist(struct notes *notes, const struct timing *timing)
{
	struct prediction data, persist;

	predict_data(timing, &data);
	predict_persist(timing, &persist);
	if (persist.end < data.end)
		notes_add(notes, "persist-early", true,
			  "While the peer's window is closed or this host cannot send, the "
			  "connection ends after %d lost probes (net.ipv4.tcp_retries2), even if "
			  "user_timeout is longer: with this rto_max, after %s.",
			  timing->retries2, duration_of(persist.end).at);
}

static void write_user_timeout(struct notes *notes, const struct circumstances *from)
{
	if (from->timing->keepalive)
		write_lost_probes(notes, from->timing);
	write_connect(notes, from);
	write_persist(notes, from->timing);
	notes_add(notes, "living-peer", false,
		  "user_timeout also ends a connection whose peer is alive but does not read for "
		  "this "
		  "time, such as a paused program or a pager.");
}

static void write_no_user_timeout(struct notes *notes, const struct timing *timing)
{
	struct timing bounded = *timing;
	struct prediction without, with;

	bounded.user_timeout = derive_user_timeout(timing->idle, timing->interval, timing->count);
	predict_data(timing, &without);
	predict_data(&bounded, &with);
	notes_add(notes, "no-user-timeout", false,
		  "Without a user timeout, unacknowledged data is sent again for %s "
		  "(net.ipv4.tcp_retries2 = %d), and keepalive does not run during this time.%s",
		  duration_of(without.end).at, timing->retries2,
		  with.end < without.end ? " --user-timeout auto limits it." : "");
}

static void write_unreachable(struct notes *notes)
{
	notes_add(
		notes, "unreachable", false,
		"ETIMEDOUT is the error if the network is silent. With unacknowledged data and for "
		"connect(), the error is EHOSTUNREACH if the peer is on the same link and does not "
		"answer ARP or neighbour discovery, or if a router reports that it cannot be "
		"reached. connect() then fails sooner, after 3 to 4 s on the same link; a "
		"connection with unacknowledged data ends no sooner.");
}

void notes_write(struct notes *notes, const struct circumstances *from)
{
	if (!from->timing->keepalive)
		write_without_keepalive(notes, from);
	if (from->timing->user_timeout)
		write_user_timeout(notes, from);
	else if (!is_off(from->decision))
		write_no_user_timeout(notes, from->timing);
	write_unreachable(notes);
	if (from->rto_max_missing && from->decision->choice[OPTION_RTO_MAX].configured)
		notes_add(notes, "rto-max-missing", true,
			  "This kernel has no TCP_RTO_MAX_MS (Linux 6.15 and later): rto_max has "
			  "no effect.");
	if (from->rules)
		notes_add(notes, "rules", false,
			  "The file has rules. Rules with conditions are not included here: "
			  "keepalive check --program, --role, --remote... prints the settings of "
			  "one connection.");
}
