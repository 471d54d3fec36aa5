/* What tests expect of sockets, and wait for. */
#include "lib/expect.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/harness.h"
#include "lib/process.h"

enum { SEEN_MAX = 512 };

struct wanted_socket {
	pid_t root;
	int state, port;
	bool remote;
	struct seen found;
};

static bool is_there(void *context)
{
	struct wanted_socket *wanted = context;
	static struct seen seen[SEEN_MAX];
	int count = inspect_tree(wanted->root, seen, SEEN_MAX);

	for (int i = 0; i < count; i++) {
		int port = wanted->remote ? seen[i].remote_port : seen[i].local_port;

		if (seen[i].state != wanted->state || (wanted->port && wanted->port != port))
			continue;
		wanted->found = seen[i];
		return true;
	}
	return false;
}

struct seen expect_socket(pid_t root, int state, int port, bool remote)
{
	struct wanted_socket wanted = {
		.root = root, .state = state, .port = port, .remote = remote
	};

	ck_assert_msg(wait_until(is_there, &wanted, 20), "no socket in state %d with port %d",
		      state, port);
	return wanted.found;
}

static int fresh(int fd, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	ck_assert_int_eq(getsockopt(fd, IPPROTO_TCP, name, &value, &length), 0);
	return value;
}

struct values kernel_values(void)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct values values = { 0 };

	ck_assert_int_ge(fd, 0);
	values.idle = fresh(fd, option_table[OPTION_IDLE].name);
	values.interval = fresh(fd, option_table[OPTION_INTERVAL].name);
	values.count = fresh(fd, option_table[OPTION_COUNT].name);
	close(fd);
	return values;
}

bool kernel_has(enum option_id id)
{
	const struct option_row *option = &option_table[id];
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), value;
	socklen_t length = sizeof value;
	bool has = !getsockopt(fd, option->level, option->name, &value, &length);

	close(fd);
	return has;
}

void expect_values(const struct seen *seen, struct values values, const char *what)
{
	char wanted[96], got[96];
	static const char format[] = "keepalive %d, %d/%d/%d, user timeout %d";

	snprintf(wanted, sizeof wanted, format, values.keepalive, values.idle, values.interval,
		 values.count, values.user_timeout);
	snprintf(got, sizeof got, format, seen->value[OPTION_KEEPALIVE], seen->value[OPTION_IDLE],
		 seen->value[OPTION_INTERVAL], seen->value[OPTION_COUNT],
		 seen->value[OPTION_USER_TIMEOUT]);
	ck_assert_msg(!strcmp(got, wanted), "%s: %s, expected %s", what, got, wanted);
}
