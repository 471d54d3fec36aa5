/* Programs whose peer is cut off in one way or another: which error each gets, and when. */
#define _GNU_SOURCE
#include "network/cut.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/harness.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

settings cut_keepalive = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };
settings cut_user_timeout = { "KEEPALIVE_USER_TIMEOUT=6000" };

bool has_ipv6(void)
{
	return !access("/proc/sys/net/ipv6/conf/all/forwarding", F_OK);
}

void lay_ipv6(void)
{
	wire_ip(CLIENT, "addr add fd77:1::2/64 dev wire nodad\n"
			"route add default via fd77:1::1\n");
	wire_ip(SERVER, "addr add fd77:2::2/64 dev wire nodad\n"
			"route add default via fd77:2::1\n");
	wire_ip(MIDDLE, "addr add fd77:1::1/64 dev client nodad\n"
			"addr add fd77:2::1/64 dev server nodad\n"
			"route add blackhole fd77:1::/64 metric 999\n");
	wire_sysctl(MIDDLE, "ipv6/conf/all/forwarding", "1");
}

/* A listener for both families. */
static void listen_in(enum host host, bool ipv6)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	int fd;

	if (!ipv6) {
		wire_listen(host, PORT);
		return;
	}
	wire_enter(host);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	ck_assert_msg(!bind(fd, (struct sockaddr *)&address, sizeof address), "bind: %m");
	ck_assert_int_eq(listen(fd, 256), 0);
}

/*
 * Makes a connection, which nobody measures. The first one may take a second, until IPv6 addresses
 * are ready, and leaves the kernel with a retransmission timer that is the longer.
 */
static void warm_up(int family, const char *address)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	int fd;

	if (!family) {
		close(wire_connect(CLIENT, address, PORT));
		return;
	}
	wire_enter(CLIENT);
	fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET6, address, &to.sin6_addr);
	ck_assert_msg(!connect(fd, (struct sockaddr *)&to, sizeof to), "%s: %m", address);
	close(fd);
}

enum use { IDLE, DATA, CONNECT, USES };

static void start(struct attempt *attempt, const struct cut *cut, enum use use, int family)
{
	static const char *const name[USES] = { "idle", "data on the way", "connect()" };
	static const char *const words[USES] = { "receive", "send", "go receive" };
	const char *const *set = use == IDLE ? cut_keepalive : cut_user_timeout;

	snprintf(attempt->name, sizeof attempt->name, "%s, %s", name[use],
		 family ? "IPv6" : "IPv4");
	for (int i = 0; i < 2; i++)
		attempt->process[i] = start_hang(CLIENT, i ? NULL : set, NULL, "connect %s %d %s",
						 cut->address[family], PORT, words[use]);
}

/* Waits until it is about to wait for a line, or waits on its connection. */
static void await_start(const struct attempt *attempt, enum use use)
{
	for (int i = 0; i < 2; i++)
		expect_said(&attempt->process[i], use == CONNECT ? "ready" : "connected", 30);
}

static void go(struct attempt *attempt, enum use use)
{
	attempt->begun = now(CLOCK_REALTIME);
	for (int i = 0; i < 2 && use != IDLE; i++)
		hand_line(&attempt->process[i], "now\n");
}

void expect_fate(struct attempt *attempt, const char *error, double seconds, double slack)
{
	double end = expect_freed(&attempt->process[0], error, 30) - attempt->begun;

	printf("# %s: %s after %.2f s\n", attempt->name, error, end);
	fflush(stdout);
	ck_assert_msg(end > seconds - EARLY && end < seconds + slack,
		      "%s: %s after %.2f s, expected %.2f", attempt->name, error, end, seconds);
}

/* Without the library only connect() ends, and only if the network reports something. */
static void expect_control(struct attempt *attempt, const struct cut *cut, enum use use)
{
	if (use == CONNECT && cut->connect > 0) {
		expect_freed(&attempt->process[1], cut->error, 30);
		return;
	}
	expect_hanging(&attempt->process[1], attempt->name);
	process_stop(&attempt->process[1]);
}

static void expect_fates(struct attempt attempt[USES], const struct cut *cut, double took)
{
	double connect = cut->connect > 0 ? cut->connect : USER_TIMEOUT;
	/* A report starts the timer anew, and this one is not cut to the user timeout. */
	double pause = cut->connect > 0 ? USER_TIMEOUT : 0;

	/* The last packet came at most two seconds before, or while the peer was being cut off. */
	expect_fate(&attempt[IDLE], "ETIMEDOUT", 5 - 2, 2 + took + LATE);
	expect_fate(&attempt[CONNECT], cut->error, connect, took + LATE + cut->slack);
	expect_fate(&attempt[DATA], cut->error, USER_TIMEOUT, LATE + pause);
}

void stay_on_one_cpu(void)
{
	cpu_set_t all, one;
	int skip;

	ck_assert_int_eq(sched_getaffinity(0, sizeof all, &all), 0);
	skip = getpid() % CPU_COUNT(&all);
	CPU_ZERO(&one);
	for (size_t cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
		if (CPU_ISSET(cpu, &all) && !skip--)
			CPU_SET(cpu, &one);
	ck_assert_int_eq(sched_setaffinity(0, sizeof one, &one), 0);
}

void cut_off(const struct cut *cut)
{
	struct attempt attempt[FAMILIES][USES];
	double before, took;
	int families = has_ipv6() ? 2 : 1;

	stay_on_one_cpu();
	if (families == 2)
		lay_ipv6();
	else
		printf("# no IPv6 here: IPv4 alone is tried\n");
	wire_sysctl(CLIENT, "ipv4/tcp_no_metrics_save", "1");
	if (cut->prepare)
		cut->prepare();
	listen_in(cut->peer, families == 2);
	for (int i = 0; i < families; i++)
		warm_up(i, cut->address[i]);
	for (int i = 0; i < families * USES; i++)
		start(&attempt[i / USES][i % USES], cut, (enum use)(i % USES), i / USES);
	for (int i = 0; i < families * USES; i++)
		await_start(&attempt[i / USES][i % USES], (enum use)(i % USES));
	before = now(CLOCK_REALTIME);
	cut->act();
	took = now(CLOCK_REALTIME) - before;
	for (int i = 0; i < families * USES; i++)
		go(&attempt[i / USES][i % USES], (enum use)(i % USES));
	for (int i = 0; i < families; i++) {
		attempt[i][IDLE].begun = attempt[i][CONNECT].begun = before;
		expect_fates(attempt[i], cut, took);
	}
	for (int i = 0; i < families * USES; i++)
		expect_control(&attempt[i / USES][i % USES], cut, (enum use)(i % USES));
}

bool has_mptcp(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP), seconds = 2;
	bool has = fd >= 0 && !setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &seconds, sizeof seconds);

	if (fd >= 0)
		close(fd);
	return has;
}

void listen_mptcp(enum host host, int port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd;

	wire_enter(host);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_MPTCP);
	ck_assert_msg(!bind(fd, (struct sockaddr *)&address, sizeof address), "bind: %m");
	ck_assert_int_eq(listen(fd, 256), 0);
}
