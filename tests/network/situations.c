/* The situations that the library is for, each with the same program without it as control. */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/option.h"
#include "lib/harness.h"
#include "network/hang.h"
#include "network/together.h"

static settings keepalive = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };

static void expect_nothing_sent(const char *what, const struct silence *silence)
{
	ck_assert_msg(silence->since > 0, "%s: no connection was seen", what);
	ck_assert_msg(!silence->probes && !silence->answered && !silence->sent &&
			      silence->reset <= 0,
		      "%s: something was sent", what);
}

START_TEST(client_gone)
{
	struct process freed, control;
	struct silence silence;
	int capture;

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	freed = start_hang(SERVER, keepalive, "listening", "listen 2000 receive");
	control = start_hang(SERVER, NULL, "listening", "listen 2001 receive");
	wire_connect(CLIENT, SERVER_ADDRESS, 2000);
	wire_connect(CLIENT, SERVER_ADDRESS, 2001);
	expect_said(&freed, "accepted", 20);
	expect_said(&control, "accepted", 20);
	wire_cut();
	expect_freed(&freed, "ETIMEDOUT", 30);
	silence = silence_of(capture, 2000, 0);
	expect_probes("keepalive 2/1/3", &silence, 2, 1, 3);
	silence = silence_of(capture, 2001, 0);
	expect_nothing_sent("control", &silence);
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

enum { REBOOT_PAIRS = 2 };

/* A server whose client's host went down and came back, in recv() or in CLOSE_WAIT. */
START_TEST(client_rebooted)
{
	static const struct {
		const char *use, *freed;
	} row[REBOOT_PAIRS] = { { "receive", "ECONNRESET" }, { "linger", "gone" } };
	static settings set = { "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };
	struct process freed[REBOOT_PAIRS], control[REBOOT_PAIRS];
	int capture, line[2 * REBOOT_PAIRS];

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	for (int i = 0; i < REBOOT_PAIRS; i++) {
		freed[i] =
			start_hang(SERVER, set, "listening", "listen %d %s", 2000 + i, row[i].use);
		control[i] =
			start_hang(SERVER, NULL, "listening", "listen %d %s", 2100 + i, row[i].use);
	}
	for (int i = 0; i < REBOOT_PAIRS; i++) {
		line[2 * i] = wire_connect(CLIENT, SERVER_ADDRESS, 2000 + i);
		line[2 * i + 1] = wire_connect(CLIENT, SERVER_ADDRESS, 2100 + i);
	}
	shutdown(line[2], SHUT_WR);
	shutdown(line[3], SHUT_WR);
	expect_said(&freed[0], "accepted", 20);
	expect_said(&control[0], "accepted", 20);
	expect_said(&freed[1], "end-of-file", 20);
	expect_said(&control[1], "end-of-file", 20);
	wire_cut();
	for (int i = 0; i < 2 * REBOOT_PAIRS; i++)
		wire_forget(line[i]);
	wire_heal();
	for (int i = 0; i < REBOOT_PAIRS; i++) {
		struct silence silence;

		expect_freed(&freed[i], row[i].freed, 30);
		silence = silence_of(capture, 2000 + i, 0);
		ck_assert_msg(silence.probes == 1 && silence.refused, "%s: %d probes, %s answer",
			      row[i].use, silence.probes, silence.refused ? "an" : "no");
		expect_time("the probe", silence.probe[0], 3);
		silence = silence_of(capture, 2100 + i, 0);
		expect_nothing_sent("control", &silence);
		expect_hanging(&control[i], "the control");
	}
	for (int i = 0; i < REBOOT_PAIRS; i++)
		process_stop(&control[i]);
}
END_TEST

/* How many probes a port of the loopback interface has sent, each a second after the one before. */
static int count_second_probes(int capture, int port)
{
	int count, probes = 0;
	uint32_t next = 0;
	double last = 0;
	const struct segment *segment = capture_read(capture, &count);

	for (int i = 0; i < count; i++) {
		if (segment[i].near != port || !segment[i].sent)
			continue;
		if (segment[i].flags & FLAG_SYN)
			next = segment[i].sequence + 1;
		if (segment[i].length || segment[i].sequence != next - 1 ||
		    segment[i].flags != FLAG_ACK)
			continue;
		if (probes++)
			expect_time("a probe after the one before", segment[i].time - last, 1);
		last = segment[i].time;
	}
	return probes;
}

struct probing {
	int capture, near, far, wanted;
};

static bool has_been_answered(void *context)
{
	const struct probing *probing = context;

	return silence_of(probing->capture, probing->near, probing->far).answered >=
	       probing->wanted;
}

START_TEST(forked_pair)
{
	static settings set = { "KEEPALIVE_IDLE=1", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=10" };
	struct process pair, control;
	struct probing to_server = { .far = 2000, .wanted = 4 };
	struct probing to_client = { .near = 2000, .wanted = 4 };
	struct silence silence;
	int count, port = 0;
	const struct segment *segment;

	LAY_WIRE("python3");
	to_server.capture = to_client.capture = capture_begin(CLIENT, true);
	pair = start_hang(CLIENT, set, "connected", "pair 2000 receive");
	control = start_hang(CLIENT, NULL, "connected", "pair 2001 receive");
	ck_assert(wait_until(has_been_answered, &to_server, 30));
	ck_assert(wait_until(has_been_answered, &to_client, 30));
	segment = capture_read(to_server.capture, &count);
	for (int i = 0; i < count && !port; i++)
		port = segment[i].far == 2000 ? segment[i].near : 0;
	ck_assert_int_ge(count_second_probes(to_server.capture, port), 4);
	ck_assert_int_ge(count_second_probes(to_server.capture, 2000), 4);
	silence = silence_of(to_server.capture, 0, 2001);
	expect_nothing_sent("control", &silence);
	expect_hanging(&pair, "the pair");
	expect_hanging(&control, "the control");
	process_stop(&pair);
	process_stop(&control);
}
END_TEST

START_TEST(data_in_flight)
{
	static settings user_timeout = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1",
					 "KEEPALIVE_COUNT=3", "KEEPALIVE_USER_TIMEOUT=7000" };
	const char *const *const set[3] = { user_timeout, keepalive, NULL };
	struct process victim[3];
	int capture, port[3];
	double sent[3], end;

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	wire_listen(CLIENT, 2000);
	for (int i = 0; i < 3; i++) {
		victim[i] = start_hang(SERVER, set[i], "connected",
				       "connect " CLIENT_ADDRESS " 2000 send");
		port[i] = connected_port(&victim[i]);
	}
	wire_pull();
	for (int i = 0; i < 3; i++)
		hand_line(&victim[i], "now\n");
	for (int i = 0; i < 3; i++)
		sent[i] = expect_said(&victim[i], "sent", 20);
	end = expect_freed(&victim[0], "ETIMEDOUT", 30);
	expect_time("user timeout 7000", end - sent[0], 7);
	/* Keepalive would have given an idle peer up after five. */
	for (int i = 1; i < 3; i++) {
		struct silence silence = silence_of(capture, port[i], 2000);

		ck_assert_msg(!silence.probes, "probes were sent with data in flight");
		ck_assert_msg(silence.sent > 2, "data was sent %d times", silence.sent);
		expect_hanging(&victim[i], i == 1 ? "keepalive alone" : "the control");
	}
	process_stop(&victim[1]);
	process_stop(&victim[2]);
}
END_TEST

/* The file in the server, sysctls in the client, whose program asks for keepalive itself. */
START_TEST(as_sysctls)
{
	char conf[600];
	const char *const by_file[] = { conf, NULL };
	struct process file, sysctl, control;
	struct silence silence;
	int in_server, in_client, port;

	LAY_WIRE("python3");
	snprintf(conf, sizeof conf, "KEEPALIVE_CONF=%s",
		 scratch_file("conf", "idle = 3s\ninterval = 1s\ncount = 3\n"));
	wire_sysctl(CLIENT, "ipv4/tcp_keepalive_time", "3");
	wire_sysctl(CLIENT, "ipv4/tcp_keepalive_intvl", "1");
	wire_sysctl(CLIENT, "ipv4/tcp_keepalive_probes", "3");
	in_server = capture_begin(SERVER, false);
	in_client = capture_begin(CLIENT, false);
	wire_listen(SERVER, 2001);
	file = start_hang(SERVER, by_file, "listening", "listen 2000 receive");
	control = start_hang(CLIENT, NULL, "connected", "connect " SERVER_ADDRESS " 2001 receive");
	sysctl = start_hang(CLIENT, NULL, "connected",
			    "connect " SERVER_ADDRESS " 2001 ask receive");
	port = connected_port(&sysctl);
	wire_connect(CLIENT, SERVER_ADDRESS, 2000);
	expect_said(&file, "accepted", 20);
	wire_cut();
	expect_freed(&file, "ETIMEDOUT", 30);
	expect_freed(&sysctl, "ETIMEDOUT", 30);
	silence = silence_of(in_server, 2000, 0);
	expect_probes("the file", &silence, 3, 1, 3);
	silence = silence_of(in_client, port, 2001);
	expect_probes("the sysctls", &silence, 3, 1, 3);
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

static int accept_one(int listener)
{
	struct pollfd ready = { .fd = listener, .events = POLLIN };

	ck_assert_msg(poll(&ready, 1, 20000) == 1, "no connection came in");
	return accept(listener, NULL, NULL);
}

static bool comes_in(int line, double seconds)
{
	struct pollfd ready = { .fd = line, .events = POLLIN };

	return poll(&ready, 1, (int)(seconds * 1000)) == 1;
}

START_TEST(nat_that_forgets)
{
	static const char rules[] = "table ip nat {\n"
				    " chain leaving {\n  type nat hook postrouting priority 100;\n"
				    "  oifname \"server\" masquerade\n }\n"
				    " chain passing {\n  type filter hook forward priority 0;\n"
				    "  ct state invalid drop\n }\n}\n";
	static settings set = { "KEEPALIVE_IDLE=1", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=9" };
	struct process kept, control;
	struct probing probing = { .far = 2000, .wanted = 6 };
	int listener, kept_line, control_line;
	char byte;

	LAY_WIRE("python3", "nft");
	wire_tool(MIDDLE, (const char *const[]){ "nft", "-f", scratch_file("nat", rules), NULL });
	wire_sysctl(MIDDLE, "netfilter/nf_conntrack_tcp_timeout_established", "3");
	wire_sysctl(MIDDLE, "netfilter/nf_conntrack_tcp_loose", "0");
	listener = wire_listen(SERVER, 2000);
	control = start_hang(CLIENT, NULL, "connected", "connect " SERVER_ADDRESS " 2000 send");
	control_line = accept_one(listener);
	probing.capture = capture_begin(CLIENT, false);
	kept = start_hang(CLIENT, set, "connected", "connect " SERVER_ADDRESS " 2000 send");
	kept_line = accept_one(listener);
	/* Twice the time in which the router forgets. */
	ck_assert(wait_until(has_been_answered, &probing, 30));
	hand_line(&control, "now\n");
	hand_line(&kept, "now\n");
	ck_assert_msg(comes_in(kept_line, 10), "the request was lost");
	ck_assert_int_eq(read(kept_line, &byte, 1), 1);
	ck_assert_int_eq(write(kept_line, &byte, 1), 1);
	expect_freed(&kept, "received", 20);
	expect_said(&control, "sent", 20);
	ck_assert_msg(!comes_in(control_line, 1), "the router has not forgotten the control");
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

START_TEST(connect_into_a_black_hole)
{
	static const struct {
		settings set;
		double seconds;
	} row[] = {
		{ { "KEEPALIVE_SYN_COUNT=1" }, 3 },
		{ { "KEEPALIVE_SYN_COUNT=2" }, 7 },
		{ { "KEEPALIVE_USER_TIMEOUT=3000" }, 3 },
		{ { "KEEPALIVE_USER_TIMEOUT=5s" }, 5 },
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
		double end = expect_freed(&victim[i], "ETIMEDOUT", 30);
		struct silence silence = silence_of(capture, 0, 2000 + i);

		expect_time(row[i].set[0], end - silence.other[0], row[i].seconds);
	}
	ck_assert_int_gt(silence_of(capture, 0, 2100).sent, 3);
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

/* When the other side first said that it takes no more. */
static double stalled(int capture, int port)
{
	int count;
	const struct segment *segment = capture_read(capture, &count);

	for (int i = 0; i < count; i++)
		if (segment[i].near == port && !segment[i].sent && !segment[i].window)
			return segment[i].time;
	return 0;
}

struct stall {
	int capture, port;
};

static bool has_stalled(void *context)
{
	const struct stall *stall = context;

	return stalled(stall->capture, stall->port) > 0;
}

/* Reads what many windows hold. */
static void expect_flow(int line, const char *what)
{
	static char buffer[65536];

	for (ssize_t all = 0, got; all < 32 << 20; all += got) {
		ck_assert_msg(comes_in(line, 20), "%s: nothing comes any more", what);
		got = read(line, buffer, sizeof buffer);
		ck_assert_msg(got > 0, "%s: the connection is gone", what);
	}
}

START_TEST(zero_window)
{
	static settings user_timeout = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1",
					 "KEEPALIVE_COUNT=3", "KEEPALIVE_USER_TIMEOUT=3000" };
	static const char *const name[3] = { "user timeout", "keepalive alone", "the control" };
	const char *const *const set[3] = { user_timeout, keepalive, NULL };
	struct process victim[3];
	struct stall stall[3];
	int capture, line[3];

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	for (int i = 0; i < 3; i++)
		victim[i] = start_hang(SERVER, set[i], "listening", "listen %d flood", 2000 + i);
	for (int i = 0; i < 3; i++)
		line[i] = wire_connect(CLIENT, SERVER_ADDRESS, 2000 + i);
	for (int i = 0; i < 3; i++) {
		stall[i] = (struct stall){ capture, 2000 + i };
		ck_assert_msg(wait_until(has_stalled, &stall[i], 20), "%s: no stall", name[i]);
	}
	expect_time("user timeout 3000",
		    expect_freed(&victim[0], "ETIMEDOUT", 30) - stalled(capture, 2000), 3);
	/* Keepalive would have given a silent peer up after five. */
	wait_for(stalled(capture, 2001) + 2 + 1 * 3 + LATE + 1 - now(CLOCK_REALTIME));
	for (int i = 1; i < 3; i++) {
		expect_hanging(&victim[i], name[i]);
		expect_flow(line[i], name[i]);
	}
	process_stop(&victim[1]);
	process_stop(&victim[2]);
}
END_TEST

/* Its last gap between two attempts was long; the next one is twice that. */
static bool waits_long(void *context)
{
	const struct probing *probing = context;
	struct silence silence = silence_of(probing->capture, probing->near, probing->far);

	return silence.sent > 2 &&
	       silence.other[silence.sent - 1] - silence.other[silence.sent - 2] > 2.5;
}

START_TEST(path_heals)
{
	static settings set = { "KEEPALIVE_RTO_MAX=1000" };
	const struct option_row *option = &option_table[OPTION_RTO_MAX];
	struct process quick, control;
	struct silence silence;
	struct probing slow = { .far = 2001 };
	int known, quick_line, control_line, quick_listener, control_listener;
	socklen_t length = sizeof known;
	double healed;

	LAY_WIRE("python3");
	slow.capture = capture_begin(CLIENT, false);
	quick_listener = wire_listen(SERVER, 2000);
	if (getsockopt(quick_listener, option->level, option->name, &known, &length))
		SKIP("no TCP_RTO_MAX_MS in this kernel");
	control_listener = wire_listen(SERVER, 2001);
	quick = start_hang(CLIENT, set, "connected", "connect " SERVER_ADDRESS " 2000 send");
	control = start_hang(CLIENT, NULL, "connected", "connect " SERVER_ADDRESS " 2001 send");
	quick_line = accept_one(quick_listener);
	control_line = accept_one(control_listener);
	wire_cut();
	hand_line(&quick, "now\n");
	hand_line(&control, "now\n");
	ck_assert_msg(wait_until(waits_long, &slow, 30), "the control does not slow down");
	silence = silence_of(slow.capture, 0, 2000);
	wire_heal();
	healed = now(CLOCK_REALTIME);
	ck_assert_msg(comes_in(quick_line, 20), "nothing came after the wire was whole");
	expect_time("rto_max 1000", now(CLOCK_REALTIME) - healed, 1 - LATE + EARLY);
	ck_assert_msg(!comes_in(control_line, 0), "the control was as quick");
	for (int i = 1; i < silence.sent; i++)
		ck_assert_msg(silence.other[i] - silence.other[i - 1] < 1.5,
			      "rto_max 1000: %.2f s between two attempts",
			      silence.other[i] - silence.other[i - 1]);
	process_stop(&quick);
	process_stop(&control);
}
END_TEST

static const struct timing {
	int idle, interval, count;
} grid[] = {
	{ 2, 1, 1 }, { 2, 1, 2 }, { 2, 1, 3 }, { 2, 1, 5 },  { 2, 2, 1 }, { 2, 2, 2 },
	{ 2, 2, 3 }, { 2, 2, 5 }, { 2, 3, 3 }, { 2, 4, 2 },  { 3, 1, 4 }, { 3, 3, 3 },
	{ 4, 1, 1 }, { 4, 1, 8 }, { 5, 1, 2 }, { 2, 1, 10 }, { 8, 1, 3 }, { 10, 2, 1 },
};

START_TEST(user_timeout_auto)
{
	enum { ROWS = sizeof grid / sizeof *grid };
	struct process victim[ROWS], control;
	char text[4][48], name[48];
	int capture, port[ROWS];

	LAY_WIRE("python3");
	capture = capture_begin(SERVER, false);
	wire_listen(CLIENT, 2000);
	control = start_hang(SERVER, NULL, "connected", "connect " CLIENT_ADDRESS " 2000 receive");
	for (int i = 0; i < ROWS; i++) {
		const char *const set[] = { text[0], text[1], text[2],
					    "KEEPALIVE_USER_TIMEOUT=auto", NULL };

		snprintf(text[0], sizeof *text, "KEEPALIVE_IDLE=%d", grid[i].idle);
		snprintf(text[1], sizeof *text, "KEEPALIVE_INTERVAL=%d", grid[i].interval);
		snprintf(text[2], sizeof *text, "KEEPALIVE_COUNT=%d", grid[i].count);
		victim[i] =
			start_hang(SERVER, set, NULL, "connect " CLIENT_ADDRESS " 2000 go receive");
	}
	for (int i = 0; i < ROWS; i++)
		expect_said(&victim[i], "ready", 30);
	for (int i = 0; i < ROWS; i++)
		hand_line(&victim[i], "go\n");
	for (int i = 0; i < ROWS; i++)
		port[i] = connected_port(&victim[i]);
	wire_cut();
	for (int i = 0; i < ROWS; i++)
		expect_freed(&victim[i], "ETIMEDOUT", 30);
	for (int i = 0; i < ROWS; i++) {
		struct silence silence = silence_of(capture, port[i], 2000);

		snprintf(name, sizeof name, "auto for %d/%d/%d", grid[i].idle, grid[i].interval,
			 grid[i].count);
		expect_probes(name, &silence, grid[i].idle, grid[i].interval, grid[i].count);
	}
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "client gone", client_gone, 60 },
		{ "client rebooted", client_rebooted, 60 },
		{ "forked pair", forked_pair, 60 },
		{ "data in flight", data_in_flight, 60 },
		{ "as sysctls", as_sysctls, 60 },
		{ "NAT", nat_that_forgets, 60 },
		{ "black hole", connect_into_a_black_hole, 60 },
		{ "zero window", zero_window, 60 },
		{ "path heals", path_heals, 60 },
		{ "user_timeout = auto", user_timeout_auto, 90 },
	};

	return together_run("situations", scenarios, sizeof scenarios / sizeof *scenarios);
}
