/* keepalive explain: what happens with some settings when the peer vanishes. */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cli/base/kernel.h"
#include "cli/ui/explanation.h"
#include "core/error.h"

enum { FLAG_IDLE_TIMEOUT = FLAG_OWN };

static const struct flag flags[] = {
	{ FLAG_IDLE_TIMEOUT, 0, "idle-timeout", "TIME",
	  "idle timeout of a firewall or load balancer, s" },
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

static const struct situation situations[SITUATIONS] = {
	{ "idle", "Idle connection, the peer vanishes:", "last packet from the peer", "probe", 'p',
	  "the connection ends: read() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_idle },
	{ "data", "Unacknowledged data, the peer vanishes (keepalive does not run):",
	  "data is sent", "retransmission", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT or EHOSTUNREACH, poll() "
	  "reports POLLERR",
	  predict_data },
	{ "persist", "Data that waits (the peer's window is closed), the peer vanishes:",
	  "the window is closed", "probe", '.',
	  "the connection ends: read() or write() fails with ETIMEDOUT, poll() reports POLLERR",
	  predict_persist },
	{ "connect", "connect() without an answer:", "first SYN", "retry", '.',
	  "connect() fails with ETIMEDOUT, or sooner with EHOSTUNREACH", predict_connect },
};

static int read_idle_timeout(const struct verb *verb, const char *argument)
{
	struct text word = text_trim(text_of(argument));
	struct value value = { 0 };
	struct error error = { .word = word, .option = &idle_timeout_option };
	struct line line = { 0 };

	if (!word.length)
		flags_wrong(verb, "--idle-timeout: no value");
	error.code = option_parse(&idle_timeout_option, word, &value);
	if (!error.code && value.state != VALUE_SET)
		error.code = text_equals(word, "default") ? ERROR_NOT_A_TIME : ERROR_RANGE;
	if (!error.code)
		return value.number;
	error_write_reason(&error, &line);
	flags_wrong(verb, "--idle-timeout: %.*s", (int)line.length, line.at);
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct wanted *wanted,
			      struct explanation *explanation)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(wanted, verb, flag, argument) ||
		    style_take(&explanation->style, flag))
			continue;
		explanation->idle_timeout = read_idle_timeout(verb, argument);
	}
	flags_operands(verb, argc, 0, 0);
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
	if (!explanation->idle_timeout)
		return;
	explanation->verdict = idle_timeout_judge(timing, explanation->idle_timeout);
	idle_timeout_note(&explanation->notes, &explanation->verdict);
}

static int explain(const struct verb *verb, int argc, char **argv)
{
	static struct configuration configuration;
	static struct explanation explanation = { .situations = situations };
	static struct wanted wanted;
	bool forgotten;

	read_command_line(verb, argc, argv, &wanted, &explanation);
	configuration_read(&configuration, &wanted, NULL, NULL);
	policy_decide(&configuration.policy, &(struct endpoint){ 0 }, &explanation.decision);
	predict(&explanation, &configuration.policy);
	explanation_print_settings(&explanation, &configuration);
	if (style_is_bare(&explanation.style))
		explanation_print_events(&explanation);
	else
		for (size_t i = 0; i < SITUATIONS; i++)
			timeline_print(&situations[i], &explanation.prediction[i],
				       &explanation.style);
	explanation_print_verdict(&explanation);
	explanation_print_notes(&explanation);
	if (explanation.style.json)
		puts("\n}");
	forgotten = explanation.idle_timeout && !explanation.verdict.kept;
	return configuration.errors || forgotten ? STATUS_FAILED : STATUS_FINE;
}

const struct verb verb_explain = {
	.name = "explain",
	.usage = "[FLAG...]",
	.summary = "predict when a dead peer is detected",
	.details =
		"Draws what happens if the peer vanishes, with these flags, the environment and the\n"
		"configuration file: when packets are sent, and when the connection ends. Warns about\n"
		"settings that conflict. Times are the earliest possible on a path with a short round trip;\n"
		"the kernel's timers are late by up to an eighth. ETIMEDOUT is the error if the network is\n"
		"silent; libkeepalive(7) lists the other errors.\n"
		"\n"
		"Exit status: 0; 1 if the configuration has an error, or if a firewall with this\n"
		"--idle-timeout forgets the connection; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = explain,
};
