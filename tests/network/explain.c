/* What keepalive explain predicts, held against what passes over a wire that was cut. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/harness.h"
#include "network/persist.h"
#include "network/together.h"
#include "network/told.h"

enum { ROWS_MAX = 16 };

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

/* Before one packet alone is sent again, the kernel waits so much longer than with two. */
#define LEAST_RTO 0.2

/* From a host to the other; the keepalive of all of them would be over in between. */
static void start_sending(struct run *run, enum host from, const char *const *set, int port,
			  int packets)
{
	name_run(run, packets == 1 ? "data" : "more data", set);
	run->packets = packets;
	run->told = ask(from, set, "data", "retransmission");
	run->process = start_hang(from, set, NULL, "connect %s %d go %s",
				  from == CLIENT ? SERVER_ADDRESS : CLIENT_ADDRESS, port,
				  packets == 1 ? "send" : "send_two");
}

/* Cuts the wire, sends on it, and looks at what comes after. */
static void send_and_compare(struct run *run, const int *capture, int port, int count)
{
	double end[2 * ROWS_MAX];

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
		int packets = run[i].packets;
		double later = packets == 1 ? LEAST_RTO : 0;

		ck_assert_msg(silence.sent >= packets, "%s: nothing was sent", run[i].name);
		ck_assert_msg(!silence.probes, "%s: probes with data on the way", run[i].name);
		expect_as_told(&run[i], silence.sent - packets, silence.other + packets,
			       silence.other[0] + later,
			       end[i] > 0 ? end[i] - run[i].begun - later : 0);
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
	enum { ROWS = sizeof row / sizeof *row };
	static struct run run[2 * ROWS];
	int capture[2 * ROWS], count = 0, seen;

	LAY_WIRE("python3");
	seen = capture_begin(CLIENT, false);
	wire_listen(SERVER, 2000);
	for (size_t i = 0; i < 2 * ROWS; i++) {
		if (!possible(row[i / 2]))
			continue;
		capture[count] = seen;
		start_sending(&run[count++], CLIENT, row[i / 2], 2000, 2 - (int)i % 2);
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
		start_sending(&run[i], host, set, 2000, 1);
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
	double end[2 * ROWS_MAX];
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

/* What a suggestion is said to cost, in an hour. */
static void ask_cost(int *packets, double *kilobytes)
{
	const char *argv[] = { build_path("keepalive"), "explain", "--within", "5", NULL };
	int status;
	char *output = process_run(&(struct command){ .argv = argv }, &status);
	const char *cost = strstr(output, "an idle connection costs ");

	ck_assert_msg(strstr(output, "\nsuggested: idle 1s, interval 1s, count 3,"), "%s", output);
	ck_assert_msg(cost && sscanf(cost, "an idle connection costs %d packets (%lf kB) an hour",
				     packets, kilobytes) == 2,
		      "%s", output);
	free(output);
}

/* A connection whose peer is there, for some seconds of that hour. */
START_TEST(cost)
{
	static settings set = { "KEEPALIVE_IDLE=1", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3",
				"KEEPALIVE_USER_TIMEOUT=auto" };
	enum { SECONDS = 12, HOUR = 3600 };
	struct process process;
	const struct segment *segments;
	double begun, expected, kilobytes;
	int capture, port, all, packets, seen = 0, bytes = 0;

	LAY_WIRE("python3");
	ask_cost(&packets, &kilobytes);
	expected = (double)packets * SECONDS / HOUR;
	capture = capture_begin(CLIENT, false);
	wire_listen(SERVER, 2000);
	process = start_hang(CLIENT, set, NULL, "connect " SERVER_ADDRESS " 2000 go receive");
	expect_said(&process, "ready", 30);
	hand_line(&process, "go\n");
	port = connected_port(&process);
	begun = now(CLOCK_REALTIME);
	wait_for(SECONDS);
	segments = capture_read(capture, &all);
	for (int i = 0; i < all; i++)
		if (segments[i].near == port && segments[i].time > begun &&
		    segments[i].time < begun + SECONDS) {
			seen++;
			bytes += segments[i].bytes;
		}
	process_stop(&process);
	/* Timers are late by up to an eighth, and the time has two ends. */
	ck_assert_msg(seen <= expected + 2 && seen >= expected * 8 / 9 - 2,
		      "%d packets in %d s, expected %g", seen, SECONDS, expected);
	ck_assert_int_eq(bytes, seen * 52);
	ck_assert_msg(kilobytes == packets * 52 / 1000.0, "%g kB", kilobytes);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "idle as told", idle, 90 },
		{ "data as told", data, 90 },
		{ "retries as told", retries, 90 },
		{ "connect as told", connecting, 90 },
		{ "cost as told", cost, 60 },
		{ "no route as told", persist_cannot_send(), 90 },
		{ "closed window as told", persist_window_closed(), 90 },
	};

	return together_run("explain", scenarios, sizeof scenarios / sizeof *scenarios);
}
