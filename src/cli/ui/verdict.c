/* What explain says first: when a dead peer is noticed, and whether that is as wished. */
#include <stdio.h>

#include "cli/base/duration.h"
#include "cli/ui/explanation.h"
#include "cli/ui/text.h"

/* The column in which the verdicts begin. */
enum { HEAD = 25 };

void verdict_note(struct notes *notes, const struct verdict *verdict)
{
	bool in_time = verdict->period < verdict->idle_timeout;

	if (verdict->kept && !verdict->survived && !verdict->ended)
		notes_add(notes, "idle-timeout-unforgiving", true,
			  "After one lost probe the connection is forgotten. With a shorter "
			  "idle time, another probe is sent before.");
	else if (!verdict->kept && in_time)
		notes_add(notes, "idle-timeout-close", true,
			  "The kernel's timers are late by up to an eighth: a probe that is due "
			  "after %ds may be sent after %ds, too late for a timeout of %ds.",
			  verdict->period, verdict->latest, verdict->idle_timeout);
}

static void print_head(const char *head)
{
	printf("  %-*s ", HEAD - 3, head);
}

/* Too late for --within: in red, and said. */
static void print_wish(const struct explanation *explanation, bool fulfilled)
{
	char text[80];

	if (!explanation->wish.within)
		return;
	snprintf(text, sizeof text, fulfilled ? "; within %s" : "; not within %s",
		 duration_of(explanation->wish.within * 1000LL).at);
	if (fulfilled)
		fputs(text, stdout);
	else
		text_paint(text);
}

static void print_idle(const struct explanation *explanation)
{
	const struct timing *timing = &explanation->timing;
	long long end = explanation->prediction[SITUATION_IDLE].end;

	print_head("idle connection:");
	if (end == NEVER)
		text_paint("never");
	else
		printf("after %s to %s", duration_of(end).at,
		       duration_of(predict_idle_latest(timing)).at);
	print_wish(explanation, judge_idle(timing, explanation->wish.within));
	putchar('\n');
}

static void print_data(const struct explanation *explanation)
{
	print_head("unacknowledged data:");
	printf("after %s to %s", duration_of(explanation->prediction[SITUATION_DATA].end).at,
	       duration_of(judge_data_latest(&explanation->timing)).at);
	print_wish(explanation, judge_data(&explanation->timing, explanation->wish.within));
	putchar('\n');
}

static void print_forgotten(const struct explanation *explanation)
{
	const struct verdict *verdict = &explanation->verdict;
	char text[300];

	text_paint("forgotten: ");
	if (!explanation->timing.keepalive)
		snprintf(text, sizeof text, "no probes are sent.");
	else if (verdict->period < verdict->idle_timeout)
		snprintf(text, sizeof text, "a probe may be sent only after %s.",
			 duration_of(verdict->latest * 1000LL).at);
	else
		snprintf(text, sizeof text, "a probe is sent only after %s.",
			 duration_of(verdict->period * 1000LL).at);
	puts(text);
	if (!explanation->details)
		return;
	snprintf(text, sizeof text,
		 "Data that is sent then is dropped, and the connection ends after %s; or the "
		 "answer is a reset, and read() fails with ECONNRESET.",
		 duration_of(explanation->prediction[SITUATION_DATA].end).at);
	printf("%*s", HEAD, "");
	text_wrap(HEAD, text);
}

static void print_proxy(const struct explanation *explanation)
{
	char text[400];

	text_paint("not kept:");
	snprintf(
		text, sizeof text,
		"%s ends TCP itself and counts data only; an answered probe is none. Raise its "
		"idle timeout, or let the program send something more often than every %s. A proxy "
		"that is dead itself is noticed as above.",
		explanation->network, duration_of(explanation->verdict.idle_timeout * 1000LL).at);
	printf("\n%*s", HEAD, "");
	text_wrap(HEAD, text);
}

static void print_idle_timeout(const struct explanation *explanation)
{
	const struct verdict *verdict = &explanation->verdict;
	char head[64];

	snprintf(head, sizeof head,
		 "idle timeout %s:", duration_of(verdict->idle_timeout * 1000LL).at);
	print_head(head);
	if (verdict->proxy) {
		print_proxy(explanation);
		return;
	}
	if (!verdict->kept) {
		print_forgotten(explanation);
		return;
	}
	printf("kept: a probe every %s; %d may be lost in a row\n",
	       duration_of(verdict->period * 1000LL).at, verdict->survived);
}

/* Warnings that are left to --details: they are about settings in whose place others are printed.
 */
static void print_left_out(const struct explanation *explanation)
{
	const struct notes *notes = &explanation->notes;
	char text[80];
	int warnings = 0;

	for (size_t i = 0; i < notes->count; i++)
		warnings += notes->note[i].warning;
	if (!explanation_leaves_out_warnings(explanation) || !warnings)
		return;
	snprintf(text, sizeof text, " ! %d warning%s, see --details", warnings,
		 warnings == 1 ? "" : "s");
	text_paint(text);
}

void verdict_print(const struct explanation *explanation)
{
	fputs("a dead peer is noticed:", stdout);
	print_left_out(explanation);
	putchar('\n');
	print_idle(explanation);
	print_data(explanation);
	if (explanation->wish.idle_timeout)
		print_idle_timeout(explanation);
}
