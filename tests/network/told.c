/* What keepalive explain tells of a situation, and whether that is what happens on a wire. */
#include "network/told.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "lib/expect.h"
#include "lib/harness.h"

/* The number or word after a key in the object that begins at `object`. */
static const char *field(const char *object, const char *key)
{
	static char value[32];
	char quoted[32];
	const char *at;

	snprintf(quoted, sizeof quoted, "\"%s\":", key);
	at = strstr(object, quoted);
	ck_assert_msg(at && at < object + strcspn(object, "}"), "no %s in %s", key, object);
	at += strlen(quoted);
	at += *at == '"';
	snprintf(value, sizeof value, "%.*s", (int)strcspn(at, "\",}"), at);
	return value;
}

static void take_event(struct told *told, const char *object, const char *sent)
{
	double seconds = strtod(field(object, "seconds"), NULL);

	if (!strcmp(field(object, "event"), sent)) {
		ck_assert_int_lt(told->sent, SENT_MAX);
		told->at[told->sent++] = seconds;
		ck_assert_int_eq(atoi(field(object, "number")), told->sent);
	} else if (!strcmp(field(object, "event"), "end")) {
		ck_assert_str_eq(field(object, "error"), "ETIMEDOUT");
		told->end = seconds;
	} else if (!strcmp(field(object, "event"), "never")) {
		ck_assert_str_eq(field(object, "seconds"), "null");
	} else {
		ck_assert_str_eq(field(object, "event"), "start");
	}
}

struct told ask(enum host host, const char *const *set, const char *situation, const char *sent)
{
	const char *argv[] = { build_path("keepalive"), "explain", "--json", NULL };
	struct command command = { .argv = argv };
	struct told told = { 0 };
	char *output, key[64];
	int status, events = 0;

	for (int i = 0; set[i]; i++)
		command.environment[i] = set[i];
	wire_enter(host);
	output = process_run(&command, &status);
	ck_assert_int_eq(status, 0);
	snprintf(key, sizeof key, "\"situation\":\"%s\"", situation);
	for (const char *at = compact_json(output); (at = strstr(at, key)); at++, events++)
		take_event(&told, at, sent);
	ck_assert_int_ge(events, 2);
	free(output);
	return told;
}

void name_run(struct run *run, const char *what, const char *const *set)
{
	size_t length = (size_t)snprintf(run->name, sizeof run->name, "%s", what);

	for (int i = 0; set[i]; i++)
		length +=
			(size_t)snprintf(run->name + length, sizeof run->name - length, " %s",
					 strncmp(set[i], "KEEPALIVE_", 10) ? set[i] : set[i] + 10);
}

void expect_stage(const struct run *run, const char *what, double time, double predicted,
		  double more)
{
	ck_assert_msg(time > predicted - EARLY && time < predicted * 9 / 8 + more,
		      "%s: %s after %.3f s, predicted %.3f", run->name, what, time, predicted);
}

bool hangs(const struct run *run)
{
	return run->told.end == 0 || run->told.end > LONGEST;
}

void expect_as_told(const struct run *run, int sent, const double *time, double from, double end)
{
	const struct told *told = &run->told;

	printf("# %s: %d sent, predicted %d%s; end %.2f s, predicted %.2f\n", run->name, sent,
	       told->sent, hangs(run) ? " in all" : "", end, told->end);
	fflush(stdout);
	if (hangs(run)) {
		ck_assert_msg(sent <= told->sent, "%s: %d were sent, predicted %d", run->name, sent,
			      told->sent);
		ck_assert_msg(sent >= 4 || !told->sent, "%s: %d were sent", run->name, sent);
		expect_hanging(&run->process, run->name);
	} else {
		ck_assert_msg(sent == told->sent, "%s: %d were sent, predicted %d", run->name, sent,
			      told->sent);
		expect_stage(run, "end", end, told->end, LATE);
	}
	for (int i = 0; i < sent; i++)
		expect_stage(run, "sent", time[i] - from, told->at[i], LATE / 4);
}

double await(struct run *run)
{
	return hangs(run) ? 0 : expect_freed(&run->process, "ETIMEDOUT", run->told.end + LONGEST);
}

void stop(struct run *run, int count)
{
	for (int i = 0; i < count; i++)
		if (hangs(&run[i]))
			process_stop(&run[i].process);
}

bool possible(const char *const *set)
{
	for (int i = 0; set[i]; i++)
		if (strstr(set[i], "RTO_MAX") && !kernel_has(OPTION_RTO_MAX)) {
			printf("# no TCP_RTO_MAX_MS in this kernel: %s is left out\n", set[i]);
			return false;
		}
	return true;
}
