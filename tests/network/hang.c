/* Starts programs on the hosts of the wire, and tells those that hang from those that do not. */
#include "network/hang.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/harness.h"

struct process start_in(enum host host, const char *const *set, const char *const *argv,
			const char *user)
{
	struct command command = { .argv = argv, .user = user };

	for (int i = 0; set && set[i]; i++)
		command.environment[i] = set[i];
	if (set)
		command.preload = shim_path();
	wire_enter(host);
	return process_start(&command);
}

struct process start_hang(enum host host, const char *const *set, const char *word,
			  const char *format, ...)
{
	const char *argv[16] = { "python3", source_path("tests/network/hang.py") };
	struct process process;
	char arguments[128], *place = NULL;
	va_list list;

	va_start(list, format);
	vsnprintf(arguments, sizeof arguments, format, list);
	va_end(list);
	argv[2] = strtok_r(arguments, " ", &place);
	for (int i = 3; i < 15 && (argv[i] = strtok_r(NULL, " ", &place)); i++)
		continue;
	process = start_in(host, set, argv, NULL);
	if (word)
		expect_said(&process, word, 30);
	return process;
}

void hand_line(const struct process *process, const char *line)
{
	ck_assert_int_eq(write(process->input, line, strlen(line)), (int)strlen(line));
}

double expect_said(const struct process *process, const char *word, double seconds)
{
	bool said = wait_for_word(process->output, word, seconds);
	char *output = read_whole(process->output), *line = strstr(output, word), *end;
	double time;

	ck_assert_msg(said && line, "it did not say %s but %s%s", word, output,
		      read_whole(process->errors));
	line[strcspn(line, "\n")] = 0;
	end = strrchr(line, ' ');
	time = end ? strtod(end, NULL) : 0;
	free(output);
	return time;
}

int connected_port(const struct process *process)
{
	char *output;
	int port = 0;

	expect_said(process, "connected", 30);
	output = read_whole(process->output);
	sscanf(strstr(output, "connected"), "connected %d", &port);
	ck_assert_msg(port > 0, "connected from no port: %s", output);
	free(output);
	return port;
}

void expect_hanging(const struct process *process, const char *what)
{
	struct process copy = *process;
	char *output = read_whole(process->output);

	ck_assert_msg(!has_ended(&copy) && !strstr(output, "freed"), "%s does not hang: %s", what,
		      output);
	free(output);
}

int expect_end(struct process *process, const char *what, double seconds)
{
	ck_assert_msg(wait_until(has_ended, process, seconds), "%s still hangs", what);
	return process_wait(process, 1);
}

double expect_freed(struct process *process, const char *how, double seconds)
{
	char words[32];
	double time;

	snprintf(words, sizeof words, "freed %s", how);
	time = expect_said(process, words, seconds);
	expect_end(process, how, 10);
	return time;
}

static bool never(void *context)
{
	(void)context;
	return false;
}

void wait_for(double seconds)
{
	if (seconds > 0)
		wait_until(never, NULL, seconds);
}

void expect_time(const char *what, double time, double expected)
{
	/* The kernel's timers are the coarser the longer they are: an eighth at worst. */
	double late = expected < 16 ? LATE : expected / 8;

	printf("# %s: %.2f s, expected %g\n", what, time, expected);
	fflush(stdout);
	ck_assert_msg(time > expected - EARLY && time < expected + late,
		      "%s: after %.2f s, expected %.2f", what, time, expected);
}

void expect_probes(const char *what, const struct silence *silence, int idle, int interval,
		   int count)
{
	/* After an answer the kernel looks again an interval later, not sooner. */
	int first = silence->answered && interval > idle ? interval : idle;
	char name[96];

	ck_assert_msg(
		silence->since > 0 && silence->probes == count,
		"%s: %d probes, expected %d (heard of at %.3f, %d answered, %d segments, RST %.2f)",
		what, silence->probes, count, silence->since, silence->answered, silence->sent,
		silence->reset);
	ck_assert_msg(!silence->refused && !silence->sent, "%s: more than probes was sent", what);
	for (int i = 0; i < count; i++) {
		snprintf(name, sizeof name, "%s: probe %d", what, i + 1);
		expect_time(name, silence->probe[i], first + i * interval);
	}
	snprintf(name, sizeof name, "%s: end", what);
	expect_time(name, silence->reset, first + interval * count);
}
