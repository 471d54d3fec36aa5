/* keepalive explain: what happens with some settings when the peer vanishes. */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/base/kernel.h"
#include "cli/ui/document.h"
#include "cli/ui/explanation.h"
#include "cli/ui/networks.h"
#include "cli/ui/time_flag.h"

enum {
	FLAG_IDLE_TIMEOUT = FLAG_OWN,
	FLAG_NETWORK,
	FLAG_WITHIN,
	FLAG_SITUATION,
	FLAG_DETAILS,
	FLAG_SVG
};

static const struct flag flags[] = {
	{ FLAG_WITHIN, 0, "within", "TIME", "a dead peer must be noticed within this time, s" },
	{ FLAG_IDLE_TIMEOUT, 0, "idle-timeout", "TIME",
	  "idle timeout of a firewall or load balancer, s" },
	{ FLAG_NETWORK, 0, "network", "NAME|list", "the same, of a well-known network" },
	{ FLAG_SITUATION, 0, "situation", "NAME", "what to draw: idle, data, persist or connect" },
	{ FLAG_DETAILS, 0, "details", NULL, "print everything: sources, all situations, notes" },
	{ FLAG_SVG, 0, "svg", "FILE", "write the picture to FILE as well, as SVG" },
	TABLE_FLAGS,
	{ 0 },
};

/* Read like a row of the option table; longer than what a socket takes, as firewalls have days. */
static const struct option_row idle_timeout_option = {
	.key = "idle_timeout",
	.unit = UNIT_SECONDS,
	.minimum = 1,
	.maximum = INT_MAX / 1000,
};

struct explain {
	struct wanted wanted;
	struct explanation explanation;
	const char *svg;
};

static const struct situation situations[SITUATIONS] = {
	{ "idle", "Idle connection, the peer vanishes:", "last packet from the peer", "probe",
	  "probes", 'p', "the connection ends: read() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_idle },
	{ "data", "Unacknowledged data, the peer vanishes (keepalive does not run):",
	  "data is sent", "retransmission", "retransmissions", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT or EHOSTUNREACH, poll() "
	  "reports POLLERR",
	  predict_data },
	{ "persist", "Data that waits (the peer's window is closed), the peer vanishes:",
	  "the window is closed", "probe", "probes", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_persist },
	{ "connect", "connect() without an answer:", "first SYN", "retry", "retries", '.',
	  "connect() fails with ETIMEDOUT, or sooner with EHOSTUNREACH", predict_connect },
};

static int read_situation(const struct verb *verb, const char *argument)
{
	for (int i = 0; i < SITUATIONS; i++)
		if (!strcmp(situations[i].name, argument))
			return i;
	flags_wrong(verb, "--situation: \"%s\" is none of idle, data, persist, connect", argument);
}

static void take_flag(const struct verb *verb, struct explain *explain, int flag,
		      const char *argument)
{
	struct explanation *explanation = &explain->explanation;

	switch (flag) {
	case FLAG_WITHIN:
		explanation->wish.within =
			time_flag(verb, "within", &idle_timeout_option, argument);
		break;
	case FLAG_IDLE_TIMEOUT:
		explanation->wish.idle_timeout =
			time_flag(verb, "idle-timeout", &idle_timeout_option, argument);
		break;
	case FLAG_NETWORK:
		explanation->network = argument;
		break;
	case FLAG_SITUATION:
		explanation->chosen = read_situation(verb, argument);
		break;
	case FLAG_DETAILS:
		explanation->details = true;
		break;
	default:
		explain->svg = argument;
	}
}

static void read_command_line(const struct verb *verb, int argc, char **argv,
			      struct explain *explain)
{
	struct explanation *explanation = &explain->explanation;
	const struct network_preset *network;
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!wanted_take(&explain->wanted, verb, flag, argument) &&
		    !style_take(&explanation->style, flag))
			take_flag(verb, explain, flag, argument);
	flags_operands(verb, argc, 0, 0);
	if (!explanation->network || !strcmp(explanation->network, "list"))
		return;
	if (explanation->wish.idle_timeout)
		flags_wrong(verb, "--network cannot be used with --idle-timeout");
	network = network_find(verb, explanation->network);
	explanation->wish.idle_timeout = network->idle_timeout;
	explanation->wish.proxy = network->proxy;
}

/* Whether a socket here takes the option; where none can be made, it is taken to be so. */
static bool kernel_has(const struct option_row *option)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value;
	socklen_t length = sizeof value;
	bool refused;

	if (fd < 0)
		return true;
	refused = getsockopt(fd, option->level, option->name, &value, &length) &&
		  errno == ENOPROTOOPT;
	close(fd);
	return !refused;
}

static void predict(struct explanation *explanation, const struct policy *policy)
{
	const struct choice *choice = explanation->decision.choice;
	bool rto_max = kernel_has(&option_table[OPTION_RTO_MAX]);
	struct timing *timing = &explanation->timing;

	*timing = (struct timing){
		.keepalive = choice[OPTION_KEEPALIVE].number,
		.idle = choice[OPTION_IDLE].number,
		.interval = choice[OPTION_INTERVAL].number,
		.count = choice[OPTION_COUNT].number,
		.user_timeout = choice[OPTION_USER_TIMEOUT].number,
		.rto_max = rto_max ? choice[OPTION_RTO_MAX].number
				   : policy->kernel.number[OPTION_RTO_MAX],
		.syn_count = choice[OPTION_SYN_COUNT].number,
		.syn_linear = sysctl_number("tcp_syn_linear_timeouts", 0),
		.retries2 = sysctl_number("tcp_retries2", 15),
		.hz = kernel_hz(),
	};
	for (size_t i = 0; i < SITUATIONS; i++)
		situations[i].predict(timing, &explanation->prediction[i]);
	notes_write(&explanation->notes,
		    &(struct circumstances){ .timing = timing,
					     .decision = &explanation->decision,
					     .rules = rule_next(&policy->rules, NULL) != NULL,
					     .rto_max_missing = !rto_max });
	if (!explanation->wish.idle_timeout)
		return;
	explanation->verdict = judge_idle_timeout(timing, explanation->wish.idle_timeout);
	if (explanation->wish.proxy) {
		explanation->verdict.proxy = true;
		explanation->verdict.kept = false;
		explanation->verdict.survived = 0;
		return;
	}
	verdict_note(&explanation->notes, &explanation->verdict);
}

/* Returns true if flags, environment or file have a value for an option of keepalive. */
static bool any_is_set(const struct decision *decision)
{
	for (size_t id = 0; id <= OPTION_USER_TIMEOUT; id++)
		if (decision->choice[id].value.state != VALUE_ABSENT)
			return true;
	return false;
}

/* No settings hold the timer of a proxy: what is suggested is for the rest. */
static void suggest(struct explanation *explanation)
{
	struct wish wish = explanation->wish;

	if (wish.proxy)
		wish.idle_timeout = 0;
	explanation->suggests =
		!any_is_set(&explanation->decision) || !judge(&explanation->timing, &wish);
	explanation->suggestion = explanation->timing;
	if (explanation->suggests)
		explanation->possible =
			judge_suggest(&explanation->suggestion, &wish, &explanation->impossible,
				      &explanation->least);
}

static void print_for_people(struct explanation *explanation,
			     const struct configuration *configuration)
{
	verdict_print(explanation);
	if (!explanation->details) {
		drawing_print(explanation, explanation->chosen);
		explanation_print_notes(explanation);
		suggestion_print(explanation);
		return;
	}
	for (int i = 0; i < SITUATIONS; i++) {
		putchar('\n');
		drawing_print(explanation, i);
		putchar('\n');
		explanation_print_events(explanation, i);
	}
	suggestion_print(explanation);
	putchar('\n');
	explanation_print_settings(explanation, configuration);
	explanation_print_notes(explanation);
}

static void print_for_programs(struct explanation *explanation,
			       const struct configuration *configuration)
{
	explanation_print_settings(explanation, configuration);
	explanation_print_all_events(explanation);
	explanation_print_bare(explanation);
	explanation_print_notes(explanation);
	if (explanation->style.json)
		document_end();
}

static int explain(const struct verb *verb, int argc, char **argv)
{
	static struct configuration configuration;
	static struct explain explain = { .explanation.situations = situations };
	struct explanation *explanation = &explain.explanation;

	read_command_line(verb, argc, argv, &explain);
	if (explanation->network && !strcmp(explanation->network, "list")) {
		networks_print(&explanation->style);
		return STATUS_FINE;
	}
	configuration_read(&configuration, &explain.wanted, NULL, NULL);
	policy_decide(&configuration.policy, &(struct endpoint){ 0 }, &explanation->decision);
	predict(explanation, &configuration.policy);
	suggest(explanation);
	if (style_is_bare(&explanation->style))
		print_for_programs(explanation, &configuration);
	else
		print_for_people(explanation, &configuration);
	if (explain.svg)
		drawing_write_svg(explanation, explain.svg);
	return configuration.errors || !judge(&explanation->timing, &explanation->wish)
		       ? STATUS_FAILED
		       : STATUS_FINE;
}

const struct verb verb_explain = {
	.name = "explain",
	.usage = "[FLAG...]",
	.summary = "predict when a dead peer is detected",
	.details =
		"Says when a dead peer is noticed with these flags, the environment and the configuration\n"
		"file, and draws it. Suggests settings if none are set, or if these do not notice it\n"
		"--within TIME or let a firewall forget the connection. Times are the earliest possible on\n"
		"a path with a short round trip; the kernel's timers are late by up to an eighth.\n"
		"\n"
		"Exit status: 0; 1 if the configuration has an error, or if the settings do not do what\n"
		"--within, --idle-timeout or --network ask for, which no settings do for a proxy; 2 if the\n"
		"command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = explain,
};
