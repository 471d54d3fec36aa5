/* Stock servers that one process or a few serve from: each is visited by us. */
#include "programs/stock.h"

static const struct stock servers[] = {
	{
		.name = "python3",
		.argv = { "python3", "-c",
			  "import socket\n"
			  "listener = socket.create_server(('127.0.0.1', @LISTEN@))\n"
			  "line, visitor = listener.accept()\n"
			  "while data := line.recv(99): line.sendall(data)" },
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "perl",
		.argv = { "perl", "-MIO::Socket::INET", "-e",
			  "$listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1:@LISTEN@',"
			  " Listen => 5) or die; $line = $listener->accept;"
			  "syswrite $line, $_ while sysread $line, $_, 99" },
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "node",
		.argv = { "node", "-e",
			  "require('net').createServer(line => line.pipe(line))"
			  ".listen(@LISTEN@, '127.0.0.1')" },
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "java",
		.argv = { JAVA, "server", "@LISTEN@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "java (channel)",
		.argv = { JAVA, "channel-server", "@LISTEN@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "nc.openbsd -l",
		.argv = { "nc.openbsd", "-lk", "127.0.0.1", "@LISTEN@" },
		.talk = { { SAY, "hello\n" }, { PRINTS, "hello" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "nc.traditional -l",
		.argv = { "nc.traditional", "-l", "-s", "127.0.0.1", "-p", "@LISTEN@" },
		.one_visit = true,
		.talk = { { SAY, "hello\n" }, { PRINTS, "hello" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "socat",
		.argv = { "socat", "TCP-LISTEN:@LISTEN@,bind=127.0.0.1,fork", "PIPE" },
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "memcached",
		.argv = { "memcached", "-l", "127.0.0.1", "-p", "@LISTEN@", "-U", "0", "-u",
			  "nobody" },
		.talk = { { SAY, "version\r\n" }, { HEAR, "VERSION" } },
		.sockets = { { LISTENER, ON_ONLY }, { ACCEPTED, ON_ONLY } },
	},
	{
		.name = "redis-server",
		.argv = { "redis-server", "--bind", "127.0.0.1", "--port", "@LISTEN@", "--save",
			  "" },
		.talk = { { SAY, "PING\r\n" }, { HEAR, "+PONG" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, { 1, 300, 100, 3, LEFT } } },
	},
	{
		.name = "redis-server tcp-keepalive 0",
		.argv = { "redis-server", "--bind", "127.0.0.1", "--port", "@LISTEN@", "--save", "",
			  "--tcp-keepalive", "0" },
		.talk = { { SAY, "PING\r\n" }, { HEAR, "+PONG" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "haproxy",
		.argv = { HAPROXY_ARGV },
		.config = HAPROXY_CONFIG("127.0.0.1:@LISTEN@"),
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { ACCEPTED, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { CLIENT, NOTHING } },
	},
	{
		.name = "nginx",
		.argv = { NGINX_ARGV },
		.config = NGINX_CONFIG(""),
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING }, { CLIENT, NOTHING } },
	},
	{
		.name = "nginx so_keepalive=off",
		.argv = { NGINX_ARGV },
		.config = NGINX_CONFIG("so_keepalive=off"),
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, OFF_ONLY }, { ACCEPTED, OFF_ONLY }, { CLIENT, NOTHING } },
	},
	{
		.name = "nginx so_keepalive=30m::10",
		.argv = { NGINX_ARGV },
		.config = NGINX_CONFIG("so_keepalive=30m::10"),
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, { 1, 1800, LEFT, 10, LEFT } },
			     { ACCEPTED, { 1, 1800, LEFT, 10, LEFT } },
			     { CLIENT, NOTHING } },
	},
};

START_TEST(without_the_shim)
{
	stock_run_server(&servers[_i], false);
}
END_TEST

START_TEST(with_the_shim)
{
	stock_run_server(&servers[_i], true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("servers");

	for (int i = 0; i < (int)(sizeof servers / sizeof *servers); i++)
		stock_add(suite, &servers[i], i, without_the_shim, with_the_shim);
	return harness_run(suite);
}
