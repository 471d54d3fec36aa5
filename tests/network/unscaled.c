/* The situations in the time that they take outside of tests: minutes, for make check-wire. */
#include <netinet/in.h>
#include <stdio.h>
#include <unistd.h>

#include "lib/harness.h"
#include "network/cut.h"
#include "network/together.h"

enum { PATIENCE = 400 };

struct timing {
	int idle, interval, count;
};

/* As the README has it, as the sysctls of many guides, as Google advises, and in auto. */
static const struct row {
	struct timing timing;
	const char *conf;
} rows[] = {
	{ { 120, 30, 5 }, "idle = 2min\ninterval = 30s\ncount = 5\n" },
	{ { 60, 5, 3 }, "idle = 60s\ninterval = 5s\ncount = 3\n" },
	{ { 60, 10, 6 }, "idle = 60\ninterval = 10\ncount = 6\n" },
	{ { 60, 10, 6 }, "idle = 1min\ninterval = 10s\ncount = 6\nuser_timeout = auto\n" },
	{ { 120, 30, 5 }, "idle = 120\ninterval = 30\ncount = 5\nuser_timeout = auto\n" },
	{ { 30, 60, 2 }, "idle = 30\ninterval = 60\ncount = 2\nuser_timeout = auto\n" },
};

START_TEST(client_gone)
{
	enum { ROWS = sizeof rows / sizeof *rows };
	struct process victim[ROWS], control;
	char conf[600], name[64];
	int capture;

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	control = start_hang(SERVER, NULL, "listening", "listen 2100 receive");
	wire_connect(CLIENT, SERVER_ADDRESS, 2100);
	for (int i = 0; i < ROWS; i++) {
		const char *const set[] = { conf, NULL };

		snprintf(name, sizeof name, "%d.conf", i);
		snprintf(conf, sizeof conf, "KEEPALIVE_CONF=%s", scratch_file(name, rows[i].conf));
		victim[i] = start_hang(SERVER, set, "listening", "listen %d receive", 2000 + i);
		wire_connect(CLIENT, SERVER_ADDRESS, 2000 + i);
		expect_said(&victim[i], "accepted", 30);
	}
	expect_said(&control, "accepted", 30);
	wire_cut();
	for (int i = 0; i < ROWS; i++)
		expect_freed(&victim[i], "ETIMEDOUT", PATIENCE);
	for (int i = 0; i < ROWS; i++) {
		const struct timing *timing = &rows[i].timing;
		struct silence silence = silence_of(capture, 2000 + i, 0);

		snprintf(name, sizeof name, "row %d: %d/%d/%d", i, timing->idle, timing->interval,
			 timing->count);
		expect_probes(name, &silence, timing->idle, timing->interval, timing->count);
	}
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

START_TEST(data_in_flight)
{
	static settings user_timeout = { "KEEPALIVE_IDLE=10", "KEEPALIVE_INTERVAL=5",
					 "KEEPALIVE_COUNT=3", "KEEPALIVE_USER_TIMEOUT=60s" };
	static settings keepalive = { "KEEPALIVE_IDLE=10", "KEEPALIVE_INTERVAL=5",
				      "KEEPALIVE_COUNT=3" };
	const char *const *const set[3] = { user_timeout, keepalive, NULL };
	struct process victim[3];
	double sent;

	LAY_WIRE("python3");
	wire_listen(CLIENT, 2000);
	for (int i = 0; i < 3; i++)
		victim[i] = start_hang(SERVER, set[i], "connected",
				       "connect " CLIENT_ADDRESS " 2000 send");
	wire_pull();
	for (int i = 2; i >= 0; i--) {
		hand_line(&victim[i], "now\n");
		sent = expect_said(&victim[i], "sent", 20);
	}
	expect_time("user timeout 60 s", expect_freed(&victim[0], "ETIMEDOUT", PATIENCE) - sent,
		    60);
	expect_hanging(&victim[1], "keepalive alone");
	expect_hanging(&victim[2], "the control");
	process_stop(&victim[1]);
	process_stop(&victim[2]);
}
END_TEST

/* Without settings the kernel ends it, too, after more than two minutes. */
START_TEST(connect_into_a_black_hole)
{
	static const struct {
		settings set;
		double seconds, at_most;
	} row[] = {
		{ { "KEEPALIVE_SYN_COUNT=3" }, 10, 25 },
		{ { "KEEPALIVE_SYN_COUNT=4" }, 25, 45 },
		{ { "KEEPALIVE_USER_TIMEOUT=30s" }, 29.9, 33 },
	};
	enum { ROWS = sizeof row / sizeof *row };
	struct process victim[ROWS], control;
	int capture;

	LAY_WIRE("python3");
	capture = capture_begin(CLIENT, false);
	wire_cut();
	control = start_hang(CLIENT, NULL, NULL, "connect " SERVER_ADDRESS " 2100 receive");
	for (int i = 0; i < ROWS; i++)
		victim[i] = start_hang(CLIENT, row[i].set, NULL,
				       "connect " SERVER_ADDRESS " %d receive", 2000 + i);
	for (int i = 0; i < ROWS; i++) {
		double end = expect_freed(&victim[i], "ETIMEDOUT", PATIENCE);
		struct silence silence = silence_of(capture, 0, 2000 + i);
		double took = end - silence.other[0];

		printf("# %s: %.2f s\n", row[i].set[0], took);
		ck_assert_msg(took > row[i].seconds && took < row[i].at_most, "%s: %.2f s",
			      row[i].set[0], took);
	}
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

/*
 * The kernel takes the neighbour to be there for up to a minute, and reports that it is not when it
 * next sends a packet: of the retransmissions after 51 and 102 seconds, the second is late enough.
 */
START_TEST(neighbour_fails)
{
	static settings set = { "KEEPALIVE_USER_TIMEOUT=150s" };
	struct process victim, control;
	double sent, took;

	LAY_WIRE("python3");
	stay_on_one_cpu();
	wire_listen(MIDDLE, 2000);
	victim = start_hang(CLIENT, set, "connected", "connect 10.77.1.1 2000 send");
	control = start_hang(CLIENT, NULL, "connected", "connect 10.77.1.1 2000 send");
	wire_ip(MIDDLE, "addr flush dev client\n");
	hand_line(&victim, "now\n");
	hand_line(&control, "now\n");
	sent = expect_said(&victim, "sent", 20);
	took = expect_freed(&victim, "EHOSTUNREACH", PATIENCE) - sent;
	printf("# user timeout 150 s, the neighbour fails: %.2f s\n", took);
	/* A report starts the timer anew, and this one is not cut to the user timeout. */
	ck_assert_msg(took > 150 - EARLY && took < 280, "%.2f s", took);
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

/* Keepalive ends the subflow after five seconds, and a minute later the kernel the connection. */
START_TEST(multipath)
{
	static settings set = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };
	struct process victim, control;
	double begun;

	LAY_WIRE("python3");
	if (!has_mptcp())
		SKIP("no Multipath TCP here that has keepalive times");
	listen_mptcp(SERVER, 2000);
	victim = start_hang(CLIENT, set, "connected",
			    "connect " SERVER_ADDRESS " 2000 mptcp receive");
	control = start_hang(CLIENT, NULL, "connected",
			     "connect " SERVER_ADDRESS " 2000 mptcp receive");
	begun = now(CLOCK_REALTIME);
	wire_cut();
	expect_time("Multipath TCP", expect_freed(&victim, "ENOTCONN", PATIENCE) - begun,
		    5 - 2 + 60);
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "client gone", client_gone, 500 },
		{ "data in flight", data_in_flight, 500 },
		{ "black hole", connect_into_a_black_hole, 500 },
		{ "neighbour fails", neighbour_fails, 500 },
		{ "Multipath TCP", multipath, 500 },
	};

	return together_run("unscaled", scenarios, sizeof scenarios / sizeof *scenarios);
}
