/* What keepalive explain predicts, held against what passes over a wire that was cut. */
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "support/harness.h"
#include "wire/hang.h"
#include "wire/together.h"

enum { SENT_MAX = 64, ROWS_MAX = 16 };

/* Longer than this no test waits; what is predicted for later is to hang until then. */
#define LONGEST 30.0

/* One situation as the command tells it. */
struct told {
	int sent;
	double at[SENT_MAX];
	double end; /* 0: never */
};

/* A program with some settings, and what is told of it. */
struct run {
	char name[200];
	struct told told;
	struct process process;
	int port;
	double begun; /* when data was sent, of the epoch */
};

/* The number or word behind a key in the object that begins at `object`. */
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

/* Asks in a host, with the same variables that the program gets. */
static struct told ask(enum host host, const char *const *set, const char *situation,
		       const char *sent)
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

static void name_run(struct run *run, const char *what, const char *const *set)
{
	size_t length = (size_t)snprintf(run->name, sizeof run->name, "%s", what);

	for (int i = 0; set[i]; i++)
		length +=
			(size_t)snprintf(run->name + length, sizeof run->name - length, " %s",
					 strncmp(set[i], "KEEPALIVE_", 10) ? set[i] : set[i] + 10);
}

/* The kernel's timers are late by an eighth at most; `more` is for what has to be scheduled. */
static void expect_moment(const struct run *run, const char *what, double time, double predicted,
			  double more)
{
	ck_assert_msg(time > predicted - EARLY && time < predicted * 9 / 8 + more,
		      "%s: %s after %.3f s, predicted %.3f", run->name, what, time, predicted);
}

static bool hangs(const struct run *run)
{
	return run->told.end == 0 || run->told.end > LONGEST;
}

/* Holds times, from `from` on, against what was told; of what hangs, as far as it has come. */
static void expect_as_told(const struct run *run, int sent, const double *time, double from,
			   double end)
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
		expect_moment(run, "end", end, told->end, LATE);
	}
	for (int i = 0; i < sent; i++)
		expect_moment(run, "sent", time[i] - from, told->at[i], LATE / 4);
}

/* When it was freed, of the epoch; what hangs is left alone. */
static double await(struct run *run)
{
	return hangs(run) ? 0 : expect_freed(&run->process, "ETIMEDOUT", run->told.end + LONGEST);
}

static void stop(struct run *run, int count)
{
	for (int i = 0; i < count; i++)
		if (hangs(&run[i]))
			process_stop(&run[i].process);
}

static bool has_rto_max(void)
{
	const struct option *option = &option_table[OPTION_RTO_MAX];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value;
	socklen_t length = sizeof value;
	bool has = !getsockopt(fd, option->level, option->name, &value, &length);

	close(fd);
	return has;
}

/* False, and says so, where the kernel lacks what a row sets. */
static bool possible(const char *const *set)
{
	for (int i = 0; set[i]; i++)
		if (strstr(set[i], "RTO_MAX") && !has_rto_max()) {
			printf("# no TCP_RTO_MAX_MS in this kernel: %s is left out\n", set[i]);
			return false;
		}
	return true;
}

START_TEST(idle)
{
	static const struct {
		settings set;
		int later; /* seconds, where a probe was answered before: interval is longer */
	} row[] = {
		{ { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" }, 0 },
		{ { "KEEPALIVE_IDLE=1", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=4" }, 0 },
		{ { "KEEPALIVE_IDLE=1", "KEEPALIVE_INTERVAL=2", "KEEPALIVE_COUNT=2" }, 1 },
		{ { "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=2", "KEEPALIVE_COUNT=1" }, 0 },
		{ { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=5",
		    "KEEPALIVE_USER_TIMEOUT=1000" },
		  0 },
		{ { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=5",
		    "KEEPALIVE_USER_TIMEOUT=4500" },
		  0 },
		{ { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=5",
		    "KEEPALIVE_USER_TIMEOUT=7500" },
		  0 },
		{ { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3",
		    "KEEPALIVE_USER_TIMEOUT=auto" },
		  0 },
		{ { "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=2", "KEEPALIVE_COUNT=2",
		    "KEEPALIVE_USER_TIMEOUT=auto" },
		  0 },
		/* The controls: never. */
		{ { "KEEPALIVE=default", "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1",
		    "KEEPALIVE_COUNT=1", "KEEPALIVE_USER_TIMEOUT=2000" },
		  0 },
		{ { "KEEPALIVE=off", "KEEPALIVE_IDLE=2" }, 0 },
	};
	enum { ROWS = sizeof row / sizeof *row };
	static struct run run[ROWS];
	double end[ROWS];
	int capture;

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	wire_listen(CLIENT, 2000);
	for (int i = 0; i < ROWS; i++) {
		name_run(&run[i], "idle", row[i].set);
		run[i].told = ask(SERVER, row[i].set, "idle", "probe");
		run[i].process = start_hang(SERVER, row[i].set, NULL,
					    "connect " CLIENT_ADDRESS " 2000 go receive");
	}
	for (int i = 0; i < ROWS; i++)
		expect_said(&run[i].process, "ready", 30);
	for (int i = 0; i < ROWS; i++)
		hand_line(&run[i].process, "go\n");
	for (int i = 0; i < ROWS; i++)
		run[i].port = connected_port(&run[i].process);
	wire_cut();
	for (int i = 0; i < ROWS; i++)
		end[i] = await(&run[i]);
	for (int i = 0; i < ROWS; i++) {
		struct silence silence = silence_of(capture, run[i].port, 2000);
		double late = silence.answered ? row[i].later : 0;

		ck_assert_msg(silence.since > 0 && !silence.sent, "%s: there was more",
			      run[i].name);
		if (i >= ROWS - 2)
			ck_assert_msg(hangs(&run[i]) && !run[i].told.sent, "%s: not never",
				      run[i].name);
		expect_as_told(&run[i], silence.probes, silence.probe, late,
			       end[i] > 0 ? end[i] - silence.since - late : 0);
	}
	stop(run, ROWS);
}
END_TEST

/* From a host to the other; the keepalive of all of them would be over in between. */
static void start_sending(struct run *run, enum host from, const char *const *set, int port)
{
	name_run(run, "data", set);
	run->told = ask(from, set, "data", "retransmission");
	run->process = start_hang(from, set, NULL, "connect %s %d go send",
				  from == CLIENT ? SERVER_ADDRESS : CLIENT_ADDRESS, port);
}

/* Cuts the wire, sends on it, and looks at what comes after. */
static void send_and_compare(struct run *run, const int *capture, int port, int count)
{
	double end[ROWS_MAX];

	for (int i = 0; i < count; i++)
		expect_said(&run[i].process, "ready", 30);
	for (int i = 0; i < count; i++)
		hand_line(&run[i].process, "go\n");
	for (int i = 0; i < count; i++)
		run[i].port = connected_port(&run[i].process);
	wire_cut();
	for (int i = 0; i < count; i++)
		hand_line(&run[i].process, "now\n");
	for (int i = 0; i < count; i++)
		run[i].begun = expect_said(&run[i].process, "sent", 30);
	for (int i = 0; i < count; i++)
		end[i] = await(&run[i]);
	for (int i = 0; i < count; i++) {
		struct silence silence = silence_of(capture[i], run[i].port, port);

		ck_assert_msg(silence.sent > 0, "%s: nothing was sent", run[i].name);
		ck_assert_msg(!silence.probes, "%s: probes with data on the way", run[i].name);
		expect_as_told(&run[i], silence.sent - 1, silence.other + 1, silence.other[0],
			       end[i] > 0 ? end[i] - run[i].begun : 0);
	}
	stop(run, count);
}

START_TEST(data)
{
	static settings row[] = {
		{ "KEEPALIVE_USER_TIMEOUT=500" },
		{ "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=1",
		  "KEEPALIVE_USER_TIMEOUT=2000" },
		{ "KEEPALIVE=default", "KEEPALIVE_USER_TIMEOUT=4000" },
		{ "KEEPALIVE_USER_TIMEOUT=8000", "KEEPALIVE_RTO_MAX=1000" },
		{ "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=2",
		  "KEEPALIVE_USER_TIMEOUT=auto" },
		/* Without a user timeout: by the number of retries, that is within 15 seconds; */
		{ "KEEPALIVE_RTO_MAX=1000" },
		/* and, as the control, in 15 minutes. */
		{ "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=1" },
	};
	static struct run run[ROWS_MAX];
	int capture[ROWS_MAX], count = 0, seen;

	LAY_WIRE("python3");
	seen = capture_begin(CLIENT, false);
	wire_listen(SERVER, 2000);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (!possible(row[i]))
			continue;
		capture[count] = seen;
		start_sending(&run[count++], CLIENT, row[i], 2000);
	}
	ck_assert(hangs(&run[count - 1]));
	send_and_compare(run, capture, 2000, count);
}
END_TEST

/* The number of retries is a sysctl, of each host. */
START_TEST(retries)
{
	static settings set = { "KEEPALIVE_IDLE=3" };
	static struct run run[2];
	int capture[2];

	LAY_WIRE("python3");
	wire_sysctl(CLIENT, "ipv4/tcp_retries2", "4");
	wire_sysctl(SERVER, "ipv4/tcp_retries2", "5");
	for (int i = 0; i < 2; i++) {
		enum host host = i ? SERVER : CLIENT;

		capture[i] = capture_begin(host, false);
		wire_listen(i ? CLIENT : SERVER, 2000);
		start_sending(&run[i], host, set, 2000);
		ck_assert(!hangs(&run[i]));
	}
	ck_assert(run[1].told.end > 1.5 * run[0].told.end);
	send_and_compare(run, capture, 2000, 2);
}
END_TEST

START_TEST(connecting)
{
	static settings row[] = {
		{ "KEEPALIVE_SYN_COUNT=1" },
		{ "KEEPALIVE_SYN_COUNT=2" },
		{ "KEEPALIVE_USER_TIMEOUT=500" },
		{ "KEEPALIVE_USER_TIMEOUT=3000" },
		{ "KEEPALIVE_SYN_COUNT=1", "KEEPALIVE_USER_TIMEOUT=4500" },
		{ "KEEPALIVE_SYN_COUNT=1", "KEEPALIVE_USER_TIMEOUT=30s" },
		{ "KEEPALIVE_SYN_COUNT=2", "KEEPALIVE_USER_TIMEOUT=30s" },
		{ "KEEPALIVE_SYN_COUNT=3", "KEEPALIVE_RTO_MAX=1000" },
		/* The control: minutes. */
		{ "KEEPALIVE_SYN_COUNT=6" },
	};
	static struct run run[ROWS_MAX];
	double end[ROWS_MAX];
	int capture, count = 0;

	LAY_WIRE("python3");
	capture = capture_begin(CLIENT, false);
	wire_cut();
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		if (!possible(row[i]))
			continue;
		name_run(&run[count], "connect", row[i]);
		run[count].told = ask(CLIENT, row[i], "connect", "retry");
		run[count].process =
			start_hang(CLIENT, row[i], NULL, "connect " SERVER_ADDRESS " %d receive",
				   2000 + count);
		count++;
	}
	ck_assert(hangs(&run[count - 1]));
	for (int i = 0; i < count; i++)
		end[i] = await(&run[i]);
	for (int i = 0; i < count; i++) {
		struct silence silence = silence_of(capture, 0, 2000 + i);

		ck_assert_msg(silence.sent > 0, "%s: nothing was sent", run[i].name);
		expect_as_told(&run[i], silence.sent - 1, silence.other + 1, silence.other[0],
			       end[i] > 0 ? end[i] - silence.other[0] : 0);
	}
	stop(run, count);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "idle as told", idle, 90 },
		{ "data as told", data, 90 },
		{ "retries as told", retries, 90 },
		{ "connect as told", connecting, 90 },
	};

	return together_run("explain", scenarios, sizeof scenarios / sizeof *scenarios);
}
