/* Stock clients: each connects to a listener of ours. */
#include "programs/stock.h"

static const struct stock clients[] = {
	{
		.name = "python3",
		.argv = { "python3", "-c",
			  "import socket\n"
			  "s = socket.create_connection(('127.0.0.1', @CONNECT@))\n"
			  "s.sendall(b'hello')\n"
			  "s.recv(1)" },
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "perl",
		.argv = { "perl", "-MIO::Socket::INET", "-e",
			  "$s = IO::Socket::INET->new('127.0.0.1:@CONNECT@') or die;"
			  "syswrite $s, 'hello'; sysread $s, $_, 1" },
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "node",
		.argv = { "node", "-e",
			  "require('net').connect(@CONNECT@, '127.0.0.1').write('hello')" },
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "node (http, kept alive)",
		.argv = { "node", "-e",
			  "const http = require('http');"
			  "const agent = new http.Agent({ keepAlive: true });"
			  "http.get({ host: '127.0.0.1', port: @CONNECT@, agent },"
			  " answer => answer.resume());" NODE_SAYS_WHEN_KEPT
			  "setInterval(() => {}, 1000)" },
		.talk = { { HEAR, "GET /" },
			  { SAY, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },
			  { PRINTS, "answered" } },
		.sockets = { { CLIENT, { 1, 1, 1, 10, LEFT } } },
	},
	{
		.name = "java",
		.argv = { JAVA, "client", "@CONNECT@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "java (channel)",
		.argv = { JAVA, "channel-client", "@CONNECT@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "curl", /* since 8.9 it sets a count */
		.argv = { "curl", "-q", "-s", "--noproxy", "*", "http://127.0.0.1:@CONNECT@/" },
		.talk = { { HEAR, "GET /" } },
		.sockets = { { CLIENT, { 1, 60, 60, ASKED, LEFT } } },
	},
	{
		.name = "curl --no-keepalive",
		.argv = { "curl", "-q", "-s", "--noproxy", "*", "--no-keepalive",
			  "http://127.0.0.1:@CONNECT@/" },
		.talk = { { HEAR, "GET /" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "wget",
		.argv = { "wget", "-q", "--no-config", "--no-proxy", "-t1", "-O-",
			  "http://127.0.0.1:@CONNECT@/" },
		.talk = { { HEAR, "GET /" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "nc.openbsd",
		.argv = { "nc.openbsd", "127.0.0.1", "@CONNECT@" },
		.talk = { { INPUT, "hello\n" }, { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "nc.traditional",
		.argv = { "nc.traditional", "127.0.0.1", "@CONNECT@" },
		.talk = { { INPUT, "hello\n" }, { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "socat",
		.argv = { "socat", "STDIO", "TCP:127.0.0.1:@CONNECT@" },
		.talk = { { INPUT, "hello\n" }, { HEAR, "hello" } },
		.sockets = { { CLIENT, NOTHING } },
	},
	{
		.name = "socat keepalive=0",
		.argv = { "socat", "STDIO", "TCP:127.0.0.1:@CONNECT@,keepalive=0" },
		.talk = { { INPUT, "hello\n" }, { HEAR, "hello" } },
		.sockets = { { CLIENT, OFF_ONLY } },
	},
	{
		.name = "redis-cli",
		.argv = { "redis-cli", "-p", "@CONNECT@" },
		.talk = { { INPUT, "PING\n" }, { HEAR, "\r\n" } },
		.sockets = { { CLIENT, { 1, 15, 5, 3, LEFT } } },
	},
	{
		.name = "rsync",
		.argv = { "rsync", "rsync://127.0.0.1:@CONNECT@/" },
		.talk = { { HEAR, "@RSYNCD:" } },
		.sockets = { { CLIENT, NOTHING } },
	},
};

START_TEST(without_the_shim)
{
	stock_run_client(&clients[_i], false);
}
END_TEST

START_TEST(with_the_shim)
{
	stock_run_client(&clients[_i], true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clients");

	for (int i = 0; i < (int)(sizeof clients / sizeof *clients); i++)
		stock_add(suite, &clients[i], i, without_the_shim, with_the_shim);
	return harness_run(suite);
}
