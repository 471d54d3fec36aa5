/* Whether a firewall or load balancer that forgets idle connections forgets one with these
 * settings. */
#include "cli/ui/idle_timeout.h"

#include <stdio.h>

#include "cli/base/duration.h"
#include "cli/ui/table.h"
#include "cli/ui/timeline.h"

/* The kernel's timers are late by up to an eighth of their length; rounded up, to be safe. */
static int latest(int seconds)
{
	return seconds + seconds / 8 + 1;
}

struct verdict idle_timeout_judge(const struct timing *timing, int idle_timeout)
{
	/* After an answer the kernel looks again an interval later, not sooner. */
	int period = timing->interval > timing->idle ? timing->interval : timing->idle;
	struct verdict verdict = { .idle_timeout = idle_timeout, .period = period };
	int most = predict_fewest_lost(timing) - 1;

	verdict.latest = latest(period);
	verdict.kept = timing->keepalive && verdict.latest < idle_timeout;
	/* If more are lost, the kernel itself ends the connection. */
	while (verdict.kept && verdict.survived < most &&
	       latest(period + (verdict.survived + 1) * timing->interval) < idle_timeout)
		verdict.survived++;
	return verdict;
}

void idle_timeout_note(struct notes *notes, const struct verdict *verdict)
{
	bool in_time = verdict->period < verdict->idle_timeout;

	if (verdict->kept && !verdict->survived)
		notes_add(notes, "idle-timeout-unforgiving", true,
			  "After one lost probe the connection is forgotten. With a shorter "
			  "idle time, another probe is sent before.");
	else if (!verdict->kept && in_time)
		notes_add(notes, "idle-timeout-close", true,
			  "The kernel's timers are late by up to an eighth: a probe that is due "
			  "after %ds may be sent after %ds, too late for a timeout of %ds.",
			  verdict->period, verdict->latest, verdict->idle_timeout);
}

static void tell_kept(const struct verdict *verdict)
{
	char text[200];

	snprintf(text, sizeof text,
		 "kept: a probe every %s; the connection survives %d lost probe%s in a row.",
		 duration_of(verdict->period * 1000LL).at, verdict->survived,
		 verdict->survived == 1 ? "" : "s");
	printf("  ");
	print_wrapped(text);
}

void idle_timeout_tell(const struct timing *timing, const struct verdict *verdict)
{
	struct prediction data;
	char text[400];

	printf("\nFirewall or load balancer with an idle timeout of %s:\n\n",
	       duration_of(verdict->idle_timeout * 1000LL).at);
	if (verdict->kept) {
		tell_kept(verdict);
		return;
	}
	printf("  ");
	paint("forgotten: ");
	if (!timing->keepalive)
		printf("no probes are sent.\n  ");
	else if (verdict->period < verdict->idle_timeout)
		printf("a probe may be sent only after %s.\n  ",
		       duration_of(verdict->latest * 1000LL).at);
	else
		printf("a probe is sent only after %s.\n  ",
		       duration_of(verdict->period * 1000LL).at);
	predict_data(timing, &data);
	snprintf(text, sizeof text,
		 "Data that is sent then is dropped, and the connection ends after %s; "
		 "or the answer is a reset, and read() fails with ECONNRESET.",
		 duration_of(data.end).at);
	print_wrapped(text);
}
