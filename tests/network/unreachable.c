/*
 * Which error a program gets, and when, if its peer is cut off: on the same link, with and without
 * a neighbour entry, and after a router that reports it or is silent; by IPv4, IPv6, Multipath
 * TCP.
 */
#include <stdio.h>
#include <unistd.h>

#include "lib/harness.h"
#include "network/cut.h"
#include "network/together.h"

/* Addresses of the router's end of the client's link, and of the server. */
static const char *const on_link[FAMILIES] = { "10.77.1.1", "fd77:1::1" };
static const char *const behind_router[FAMILIES] = { SERVER_ADDRESS, "fd77:2::2" };

/* The peer is no longer there, though the link is up. */
static void leave_link(void)
{
	wire_ip(MIDDLE, "addr flush dev client\n");
}

static void leave_link_unknown(void)
{
	leave_link();
	wire_ip(CLIENT, "neigh flush all\n");
}

/* The kernel soon looks whether a neighbour is still there, not after up to a minute. */
static void doubt_soon(void)
{
	static const char *const set[][2] = { { "base_reachable_time_ms", "1000" },
					      { "delay_first_probe_time", "1" },
					      { "retrans_time_ms", "200" } };
	char name[64];

	for (int i = 0; i < 3; i++) {
		snprintf(name, sizeof name, "ipv4/neigh/wire/%s", set[i][0]);
		wire_sysctl(CLIENT, name, set[i][1]);
		snprintf(name, sizeof name, "ipv6/neigh/wire/%s", set[i][0]);
		if (has_ipv6())
			wire_sysctl(CLIENT, name, set[i][1]);
	}
}

/* A router limits its reports, to one in a second for a host: too few for so many connections. */
static void report_each(void)
{
	wire_sysctl(MIDDLE, "ipv4/icmp_ratemask", "0");
	if (has_ipv6())
		wire_sysctl(MIDDLE, "ipv6/icmp/ratemask", "0");
}

static void report(void)
{
	static const char rules[] =
		"table inet filter {\n chain passing {\n  type filter hook forward priority 0;\n"
		"  meta nfproto ipv4 reject with icmp type host-unreachable\n"
		"  meta nfproto ipv6 reject with icmpv6 type addr-unreachable\n }\n}\n";

	wire_tool(MIDDLE, (const char *const[]){ "nft", "-f", scratch_file("rules", rules), NULL });
}

static void leave_far_link(void)
{
	wire_ip(SERVER, "addr flush dev wire\n");
	wire_ip(MIDDLE, "neigh flush all\n");
}

static void be_silent(void)
{
	wire_ip(MIDDLE, "route add blackhole " SERVER_ADDRESS "\n");
	if (has_ipv6())
		wire_ip(MIDDLE, "route add blackhole fd77:2::2/128\n");
}

/* The peer's end of the cable: this host's interface has no carrier then. */
START_TEST(carrier)
{
	static const struct cut cut = { on_link, MIDDLE, NULL, wire_pull, "EHOSTUNREACH", 3, 2 };

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

START_TEST(no_entry)
{
	static const struct cut cut = { on_link,        MIDDLE, NULL, leave_link_unknown,
					"EHOSTUNREACH", 3,      1 };

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

/* As long as the kernel takes the neighbour to be there, nothing is reported. */
START_TEST(living_entry)
{
	static const struct cut cut = { on_link, MIDDLE, NULL, leave_link, "ETIMEDOUT", 0, 0 };

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

START_TEST(failing_entry)
{
	static const struct cut cut = { on_link,        MIDDLE, doubt_soon, leave_link,
					"EHOSTUNREACH", 1,      5 };

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

START_TEST(router_reports)
{
	static const struct cut cut = {
		behind_router, SERVER, NULL, report, "EHOSTUNREACH", 0.1, 2
	};

	LAY_WIRE("python3", "nft");
	cut_off(&cut);
}
END_TEST

START_TEST(router_finds_out)
{
	static const struct cut cut = {
		behind_router, SERVER, report_each, leave_far_link, "EHOSTUNREACH", 3, 1
	};

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

START_TEST(router_silent)
{
	static const struct cut cut = { behind_router, SERVER, NULL, be_silent, "ETIMEDOUT", 0, 0 };

	LAY_WIRE("python3");
	cut_off(&cut);
}
END_TEST

/* Keepalive ends the subflow; the connection waits for another one, and ends without an error. */
START_TEST(multipath)
{
	struct attempt idle = { .name = "idle, MPTCP" }, data = { .name = "data, MPTCP" };
	struct attempt connect = { .name = "connect(), MPTCP" };
	struct process control;
	const char *peer = on_link[0];

	LAY_WIRE("python3");
	if (!has_mptcp() || access("/proc/sys/net/mptcp/close_timeout", F_OK))
		SKIP("no Multipath TCP here that has keepalive times and close_timeout");
	stay_on_one_cpu();
	wire_sysctl(CLIENT, "mptcp/close_timeout", "2");
	listen_mptcp(MIDDLE, PORT);
	idle.process[0] = start_hang(CLIENT, cut_keepalive, "connected",
				     "connect %s %d mptcp receive", peer, PORT);
	data.process[0] = start_hang(CLIENT, cut_user_timeout, "connected",
				     "connect %s %d mptcp send", peer, PORT);
	control = start_hang(CLIENT, NULL, "connected", "connect %s %d mptcp receive", peer, PORT);
	connect.process[0] = start_hang(CLIENT, cut_keepalive, "ready",
					"connect %s %d go mptcp receive", peer, PORT);
	idle.begun = data.begun = connect.begun = now(CLOCK_REALTIME);
	leave_link_unknown();
	hand_line(&connect.process[0], "now\n");
	hand_line(&data.process[0], "now\n");
	expect_fate(&connect, "EHOSTUNREACH", 3, 1 + LATE);
	expect_fate(&idle, "ENOTCONN", 5 - 2 + 2, 2 + 2 * LATE);
	/* The kernel takes no user timeout for it. */
	wait_for(data.begun + USER_TIMEOUT + LATE - now(CLOCK_REALTIME));
	expect_hanging(&data.process[0], data.name);
	expect_hanging(&control, "the control");
	process_stop(&data.process[0]);
	process_stop(&control);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "no carrier", carrier, 60 },
		{ "no neighbour entry", no_entry, 60 },
		{ "living neighbour entry", living_entry, 60 },
		{ "failing neighbour entry", failing_entry, 60 },
		{ "router reports", router_reports, 60 },
		{ "router finds out", router_finds_out, 60 },
		{ "router silent", router_silent, 60 },
		{ "Multipath TCP", multipath, 60 },
	};

	return together_run("unreachable", scenarios, sizeof scenarios / sizeof *scenarios);
}
