/* Stock programs whose sockets are there before they are: socket activation and inetd. */
#include "programs/stock.h"

/* As inetd with nowait: accepts and execs, the connection on fd 0 and 1. */
#define INETD(program)                                                                             \
	"socat", "TCP-LISTEN:@LISTEN@,bind=127.0.0.1",                                             \
		"EXEC:env LD_PRELOAD=@SHIM@ " program ",nofork"

static const struct stock programs[] = {
	{
		.name = "python3 (LISTEN_FDS)",
		.argv = { ACTIVATE, "python3", "-c",
			  "import socket\n"
			  "listener, lines = socket.socket(fileno=3), []\n"
			  "while lines.append(listener.accept()[0]) is None:\n"
			  " lines[-1].sendall(lines[-1].recv(99))" },
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "node (LISTEN_FDS)",
		.argv = { ACTIVATE, "node", "-e",
			  "require('net').createServer(line => line.pipe(line))"
			  ".listen({ fd: 3 })" },
		.needs = "node",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "haproxy (LISTEN_FDS)",
		.argv = { ACTIVATE, HAPROXY_ARGV },
		.config = HAPROXY_CONFIG("fd@3"),
		.needs = "haproxy",
		.foreign_start = true,
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { ACCEPTED, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { CLIENT, NOTHING } },
	},
	{
		.name = "nginx (LISTEN_FDS)",
		.argv = { ACTIVATE, "-E", "NGINX=3;", NGINX_ARGV },
		.config = NGINX_CONFIG(""),
		.needs = "nginx",
		.foreign_start = true,
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING }, { CLIENT, NOTHING } },
	},
	{
		.name = "python3 (--accept)",
		.argv = { ACTIVATE, "--accept", "python3", "-c",
			  "import socket\n"
			  "line = socket.socket(fileno=3)\n"
			  "while data := line.recv(99): line.sendall(data)" },
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING } },
	},
	{
		.name = "cat (--accept --inetd)",
		.argv = { ACTIVATE, "--accept", "--inetd", "cat" },
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING } },
	},
	{
		.name = "cat (inetd)",
		.argv = { INETD("cat") },
		.foreign_start = true,
		.one_visit = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING } },
	},
	{
		.name = "rsync --daemon (inetd)",
		.argv = { INETD("rsync --daemon --config=@CONFIG@") },
		.config = RSYNCD_CONFIG,
		.needs = "rsync",
		.foreign_start = true,
		.one_visit = true,
		.talk = { { HEAR, "@RSYNCD:" } },
		.sockets = { { ACCEPTED, ON_ONLY } },
	},
};

static void run(const struct stock *stock, bool shimmed)
{
	if (stock->one_visit)
		stock_run_server(stock, shimmed);
	else
		stock_run_activated(stock, shimmed);
}

START_TEST(without_the_shim)
{
	run(&programs[_i], false);
}
END_TEST

START_TEST(with_the_shim)
{
	run(&programs[_i], true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("activation");

	for (int i = 0; i < (int)(sizeof programs / sizeof *programs); i++)
		stock_add(suite, &programs[i], i, without_the_shim, with_the_shim);
	return harness_run(suite);
}
