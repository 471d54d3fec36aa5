/* Decides which options a socket gets at a hook. */
#include "shim/apply.h"

#include "shim/ask.h"
#include "shim/report.h"
#include "shim/setting.h"

/* Written once, before the hooks read it. */
static const struct policy *policy;

/* Decisions depend on the endpoint. */
static bool by_endpoint;

/*
 * Functions that apply a decision. If neither endpoints nor a log matter they are called directly,
 * because a decision and a report need 1.3 KB of stack.
 */
typedef void settle(const struct event *event, const struct decision *decision,
		    struct report *report);

__attribute__((noinline)) static void decide_and_report(const struct event *event,
							settle *settle_it)
{
	struct decision decision;
	struct report report;

	policy_decide(policy, &event->endpoint, &decision);
	report_begin(&report, event->hook, event->fd, &event->endpoint);
	settle_it(event, &decision, &report);
	report_end(&report);
}

static bool needs_decision(void)
{
	return by_endpoint || log_wants(LEVEL_ERROR);
}

static void act(const struct event *event, settle *settle_it)
{
	if (needs_decision())
		decide_and_report(event, settle_it);
	else
		settle_it(event, &setting_base, NULL);
}

/* Changes a socket from one decision to another, except for options that the program has set. */
static void change(int fd, const struct decision *from, const struct decision *to,
		   struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		bool same = to->choice[id].number == from->choice[id].number;

		if (setting_is_for_listeners(id))
			continue;
		if (same && !(to->override.configured && to->choice[id].configured))
			continue;
		if (to->override.configured || setting_is_as_left(fd, id, from))
			setting_set(fd, id, to, report);
		else
			report_left(report, &option_table[id]);
	}
}

/* Keepalive alone proves nothing: many programs set it. */
static bool is_telling(size_t id, const struct decision *decision)
{
	const struct choice *choice = &decision->choice[id];

	return id != OPTION_KEEPALIVE && !setting_is_for_listeners(id) && choice->configured &&
	       choice->number != policy->kernel.number[id];
}

static bool seems_set(int fd, const struct decision *decision)
{
	int balance = 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		int value = is_telling(id, decision) ? ask_option(fd, id) : -1;

		if (value >= 0)
			balance += (value == decision->choice[id].number) -
				   (value == policy->kernel.number[id]);
	}
	return balance > 0;
}

bool apply_seems_own(int fd)
{
	return seems_set(fd, &setting_base);
}

bool apply_tells_own(void)
{
	bool any = false;

	for (size_t id = 0; id < OPTIONS; id++)
		any |= is_telling(id, &setting_base);
	return any;
}

static bool is_timing_of_keepalive(size_t id)
{
	return id == OPTION_IDLE || id == OPTION_INTERVAL || id == OPTION_COUNT;
}

/*
 * For a foreign socket: sets options that still have the value of a fresh socket; another value is
 * somebody's choice. If keepalive is off, nobody has chosen its timing, whatever the values are.
 */
static void set_where_fresh(int fd, const struct decision *decision, struct report *report)
{
	bool keepalive_off = ask_option(fd, OPTION_KEEPALIVE) == 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		if (!decision->choice[id].configured || setting_is_for_listeners(id))
			continue;
		if (decision->override.configured ||
		    (keepalive_off && is_timing_of_keepalive(id)) || setting_is_fresh(fd, id))
			setting_set(fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
}

/*
 * If it has our settings, it is one of ours under another descriptor, and the program has put
 * values of a fresh socket back.
 */
static void settle_foreign(const struct event *event, const struct decision *decision,
			   struct report *report)
{
	if (seems_set(event->fd, &setting_base))
		change(event->fd, &setting_base, decision, report);
	else if (decision->override.configured || !seems_set(event->fd, decision))
		set_where_fresh(event->fd, decision, report);
}

void apply_to_foreign(const struct event *event)
{
	act(event, settle_foreign);
}

static void settle_own(const struct event *event, const struct decision *decision,
		       struct report *report)
{
	change(event->fd, &setting_base, decision, report);
}

void apply_to_own(const struct event *event)
{
	act(event, settle_own);
}

/* Sets the options of listeners, unless the program has set them. */
static void settle_listener(const struct event *event, const struct decision *decision,
			    struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		if (!setting_is_for_listeners(id) || !decision->choice[id].configured)
			continue;
		if (decision->override.configured || setting_is_fresh(event->fd, id))
			setting_set(event->fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
}

static void settle_own_listener(const struct event *event, const struct decision *decision,
				struct report *report)
{
	settle_own(event, decision, report);
	settle_listener(event, decision, report);
}

void apply_to_listener(const struct event *event, bool own)
{
	act(event, own ? settle_own_listener : settle_listener);
}

void apply_configure(const struct policy *what)
{
	policy = what;
	setting_configure(policy);
	by_endpoint = rules_stages(&policy->rules);
}

bool apply_sets_listeners(void)
{
	bool any = false;

	for (size_t id = 0; id < OPTIONS; id++)
		any |= setting_is_for_listeners(id) && setting_base.choice[id].configured;
	return any;
}

/*
 * Returns true if the program has not set the option on the listener itself. A foreign listener may
 * still have values of a fresh socket, if another thread is about to configure it.
 */
static bool is_unset_on_listener(int listener, size_t id, bool older,
				 const struct decision *of_listener)
{
	return setting_is_as_left(listener, id, of_listener) ||
	       (older && setting_is_fresh(listener, id));
}

static bool settle_accepted(const struct event *event, int listener, bool older,
			    const struct decision *of_listener, const struct decision *decision,
			    struct report *report)
{
	bool any = false;

	for (size_t id = 0; id < OPTIONS; id++) {
		const struct choice *to = &decision->choice[id], *from = &of_listener->choice[id];
		bool look = to->number != from->number ||
			    (to->configured && (older || decision->override.configured));

		if (!look || option_table[id].stage != STAGE_ANY ||
		    ask_option(event->fd, id) == to->number)
			continue;
		if (decision->override.configured ||
		    is_unset_on_listener(listener, id, older, of_listener))
			any |= setting_set(event->fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
	return any;
}

__attribute__((noinline)) static bool decide_accepted(const struct event *event, int listener,
						      bool older)
{
	struct endpoint endpoint = event->endpoint;
	struct decision of_listener, decision;
	struct report report;
	bool any;

	policy_decide(policy, &endpoint, &decision);
	endpoint.remote_known = false;
	policy_decide(policy, &endpoint, &of_listener);
	report_begin(&report, event->hook, event->fd, &event->endpoint);
	any = settle_accepted(event, listener, older, &of_listener, &decision, &report);
	report_end(&report);
	return any;
}

bool apply_to_accepted(const struct event *event, int listener, bool older)
{
	if (needs_decision())
		return decide_accepted(event, listener, older);
	return settle_accepted(event, listener, older, &setting_base, &setting_base, NULL);
}

static void settle_override(const struct event *event, const struct decision *decision,
			    struct report *report)
{
	size_t id = event->option;

	if (!decision->override.configured || !decision->choice[id].configured)
		return;
	if (setting_is_for_listeners(id) && event->endpoint.role != ROLE_SERVER)
		return;
	if (ask_option(event->fd, id) != decision->choice[id].number)
		setting_set(event->fd, id, decision, report);
}

void apply_override(const struct event *event)
{
	act(event, settle_override);
}
