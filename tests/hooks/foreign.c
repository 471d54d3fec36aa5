/* Sockets that did not come from socket(): configured when a hook meets them, choices kept. */
#include <stdlib.h>
#include <sys/socket.h>

#include "hooks/drive.h"
#include "lib/process.h"

static int give_listener(void)
{
	return listener_with_waiting(3);
}

static int give_server(void)
{
	return tcp_ends().server;
}

static int give_udp(void)
{
	return socket(AF_INET, SOCK_DGRAM, 0);
}

#define ACTIVATE "LISTEN_FDS=1; export LISTEN_FDS LISTEN_PID; " BECOME
#define LISTENER(number) .victim = "activated " #number, .give = give_listener, .given = number

#define CHOSEN_LATER(waiting, later)                                                               \
	"given, waiting: " waiting "\ngiven, waiting: " waiting "\ngiven, waiting: " waiting       \
	"\ngiven, later: " later "\ngiven, listener: " later "\n"

static const struct trial trials[] = {
	{ .victim = "foreign" },
	{ .victim = "backlog" },
	{ .victim = "received" },
	{ .victim = "duplicated" },
	{ .victim = "put-over" },

	/* Socket activation: at once where it is meant for us, else when we accept. */
	{ LISTENER(3), .shell = "LISTEN_PID=$$; " ACTIVATE },
	{ LISTENER(3), .shell = "LISTEN_PID=1; " ACTIVATE, .expected = "activated-later" },
	{ LISTENER(3), .shell = "LISTEN_PID=$$x; " ACTIVATE, .expected = "activated-later" },
	{ LISTENER(3), .expected = "activated-later" },

	/* What the program sets on it is for the connections in its queue, too. */
	{ .victim = "chosen-later 3",
	  .give = give_listener,
	  .given = 3,
	  .shell = "LISTEN_PID=$$; " ACTIVATE,
	  .control = CHOSEN_LATER("%F", "0 300/%v/%c 0"),
	  .expected = CHOSEN_LATER("1 7200/11/7 0", "1 300/11/7 0") },

	/* inetd: the connection or the listener is descriptor 0; of others nothing is known. */
	{ LISTENER(0) },
	{ .victim = "describe 0", .give = give_server, .given = 0, .expected = "given: %O\n" },
	{ .victim = "describe 1", .give = give_server, .given = 1, .expected = "given: %F\n" },
	{ .victim = "describe 0", .give = give_udp, .given = 0, .expected = "given: 0 -/-/- -\n" },

	/* There is no liburing for musl. */
	{ .victim = "uring", .glibc_only = true },
};

/*
 * Where sysctls were changed nobody tells the kernel's timing from one that was chosen, unless
 * keepalive is off: to read them would cost each process more than the rest of its start.
 */
START_TEST(other_sysctls)
{
	static const struct trial trial = {
		.victim = "foreign",
		.shell = "exec unshare -Urn sh -c '"
			 "ip link set lo up && cd /proc/sys/net/ipv4 && "
			 "echo 600 >tcp_keepalive_time && echo 60 >tcp_keepalive_intvl && "
			 "echo 5 >tcp_keepalive_probes && " BECOME "' sh \"$@\"",
		.control = "foreign-sysctls",
		.expected = "foreign-sysctls-changed",
	};

	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	trial_compare(&trial, victim_path());
}
END_TEST

int main(void)
{
	Suite *suite = trial_suite("foreign", trials, sizeof trials / sizeof *trials);

	tcase_add_test(harness_case(suite, "sysctls", 60), other_sysctls);
	return harness_run(suite);
}
