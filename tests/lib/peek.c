/*
 * peek PID...: prints what the kernel says of the TCP sockets of these processes and all that
 * they started, read on the real descriptors from outside. For ./quickstart run, and for a look.
 */
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/inspect.h"

enum { SEEN_MAX = 512 };

static const char *state_name(int state)
{
	switch (state) {
	case TCP_ESTABLISHED:
		return "established";
	case TCP_LISTEN:
		return "listening";
	default:
		return "other";
	}
}

static void print_number(int value)
{
	if (value < 0)
		printf(" %9s", "-");
	else
		printf(" %9d", value);
}

int main(int argc, char **argv)
{
	static struct seen seen[SEEN_MAX];
	char timer[32];

	printf("%8s %4s %-12s %6s %6s %9s %9s %9s %9s %9s  %s\n", "PID", "FD", "STATE", "LOCAL",
	       "REMOTE", "KEEPALIVE", "IDLE", "INTERVAL", "COUNT", "USER_TMO", "TIMER");
	for (int i = 1; i < argc; i++) {
		int count = inspect_tree(atoi(argv[i]), seen, SEEN_MAX);

		for (int k = 0; k < count; k++) {
			printf("%8d %4d %-12s %6d %6d", seen[k].pid, seen[k].fd,
			       state_name(seen[k].state), seen[k].local_port, seen[k].remote_port);
			for (size_t id = OPTION_KEEPALIVE; id <= OPTION_USER_TIMEOUT; id++)
				print_number(seen[k].value[id]);
			snprintf(timer, sizeof timer, "keepalive in %.1f s", seen[k].timer_left);
			printf("  %s\n", seen[k].timer == 2 ? timer : "none");
		}
	}
	return 0;
}
