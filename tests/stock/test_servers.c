/* Stock servers that one process or a few serve from: each is visited by us. */
#include "stock/stock.h"

#define SCRATCH_OF_NGINX                                                                           \
	"daemon off; pid @SCRATCH@/nginx.pid; error_log stderr; worker_processes 1;"               \
	"events { }"                                                                               \
	"http { access_log off; client_body_temp_path @SCRATCH@/body;"                             \
	" proxy_temp_path @SCRATCH@/proxy; fastcgi_temp_path @SCRATCH@/fastcgi;"                   \
	" uwsgi_temp_path @SCRATCH@/uwsgi; scgi_temp_path @SCRATCH@/scgi;"

/* A master that listens and a worker that accepts and connects. */
#define NGINX(so_keepalive)                                                                        \
	SCRATCH_OF_NGINX                                                                           \
	" server { listen 127.0.0.1:@LISTEN@" so_keepalive ";"                                     \
	" location / { proxy_pass http://127.0.0.1:@CONNECT@; } } }"

#define NGINX_ARGV { "nginx", "-p", "@SCRATCH@", "-e", "stderr", "-c", "@CONFIG@" }
#define NGINX_TALK { { SAY, "GET / HTTP/1.0\r\n\r\n" }, { PASSES, "GET /" } }

#define ECHO { { SAY, "hello\n" }, { HEAR, "hello" } }

static const struct stock servers[] = {
	{
		.name = "python3",
		.argv = { "python3", "-c",
			  "import socket\n"
			  "listener = socket.create_server(('127.0.0.1', @LISTEN@))\n"
			  "line, visitor = listener.accept()\n"
			  "while data := line.recv(99): line.sendall(data)" },
		.talk = ECHO,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "perl",
		.argv = { "perl", "-MIO::Socket::INET", "-e",
			  "$listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1:@LISTEN@',"
			  " Listen => 5) or die; $line = $listener->accept;"
			  "syswrite $line, $_ while sysread $line, $_, 99" },
		.talk = ECHO,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "node",
		.argv = { "node", "-e",
			  "require('net').createServer(line => line.pipe(line))"
			  ".listen(@LISTEN@, '127.0.0.1')" },
		.talk = ECHO,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "java",
		.argv = { JAVA, "server", "@LISTEN@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = ECHO,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "java (channel)",
		.argv = { JAVA, "channel-server", "@LISTEN@" },
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = ECHO,
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
		.talk = ECHO,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
	},
	{
		.name = "memcached",
		.argv = { "memcached", "-l", "127.0.0.1", "-p", "@LISTEN@", "-U", "0", "-u", "nobody" },
		.talk = { { SAY, "version\r\n" }, { HEAR, "VERSION" } },
		.sockets = { { LISTENER, ON_ONLY },
			     { ACCEPTED, ON_ONLY } },
	},
	{
		.name = "redis-server",
		.argv = { "redis-server", "--bind", "127.0.0.1", "--port", "@LISTEN@", "--save", "" },
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
		.argv = { "haproxy", "-db", "-f", "@CONFIG@" },
		.config = "defaults\n"
			  " timeout connect 30s\n timeout client 30s\n timeout server 30s\n"
			  "listen proxy\n"
			  " bind 127.0.0.1:@LISTEN@\n server one 127.0.0.1:@CONNECT@\n",
		.talk = { { SAY, "hello\n" }, { PASSES, "hello" } },
		.sockets = { { LISTENER, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { ACCEPTED, { LEFT, LEFT, LEFT, LEFT, 0 } },
			     { CLIENT, NOTHING } },
	},
	{
		.name = "nginx",
		.argv = NGINX_ARGV,
		.config = NGINX(""),
		.talk = NGINX_TALK,
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING }, { CLIENT, NOTHING } },
	},
	{
		.name = "nginx so_keepalive=off",
		.argv = NGINX_ARGV,
		.config = NGINX(" so_keepalive=off"),
		.talk = NGINX_TALK,
		.sockets = { { LISTENER, OFF_ONLY },
			     { ACCEPTED, OFF_ONLY },
			     { CLIENT, NOTHING } },
	},
	{
		.name = "nginx so_keepalive=30m::10",
		.argv = NGINX_ARGV,
		.config = NGINX(" so_keepalive=30m::10"),
		.talk = NGINX_TALK,
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
