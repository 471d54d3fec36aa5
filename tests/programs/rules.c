/* Stock programs under rules and override: what one file says of them, and what of their own. */
#include <stdio.h>
#include <unistd.h>

#include "programs/stock.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define GLOBALS "idle = 61\ninterval = 11\ncount = 7\nuser_timeout = 31000\n"
#define OURS                                                                                       \
	{                                                                                          \
		1, 61, 11, 7, 31000                                                                \
	}

/* To be put after GLOBALS, at any program that is not the one that is tested. */
#define SOMEBODY_ELSES "[rule other]\nprogram = nobody-at-all\nidle = 999\noverride = on\n"

#define REDIS "redis-server", "--bind", "127.0.0.1", "--port", "@LISTEN@", "--save", ""
#define PINGS                                                                                      \
	{                                                                                          \
		{ SAY, "PING\r\n" },                                                               \
		{                                                                                  \
			HEAR, "+PONG"                                                              \
		}                                                                                  \
	}

#define WGET "wget", "-q", "--no-config", "--no-proxy", "-t1", "-O-", "http://127.0.0.1:@CONNECT@/"
#define ASKS                                                                                       \
	{                                                                                          \
		{                                                                                  \
			HEAR, "GET /"                                                              \
		}                                                                                  \
	}

#define STUBBORN_NODE                                                                              \
	"node", "-e",                                                                              \
		"const http = require('http');"                                                    \
		"const agent = new http.Agent({ keepAlive: true });"                               \
		"http.get({ host: '127.0.0.1', port: @CONNECT@, agent },"                          \
		" answer => answer.resume());" NODE_SAYS_WHEN_KEPT "setInterval(() => {}, 1000)"
#define ASKS_AND_KEEPS                                                                             \
	{                                                                                          \
		{ HEAR, "GET /" }, { SAY, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n" },        \
			{ PRINTS, "answered" },                                                    \
	}

/* Clients that connect to us. */
static const struct stock clients[] = {
	{
		.name = "wget, keepalive = off by program",
		.argv = { WGET },
		.settings = GLOBALS "[rule off]\nprogram = wget\nkeepalive = off\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, NOTHING } },
	},
	{
		.name = "wget, keepalive = off by remote",
		.argv = { WGET },
		.settings = GLOBALS "[rule off]\nremote = 127.0.0.1\nkeepalive = off\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, NOTHING } },
	},
	{
		.name = "curl, keepalive = off by program",
		.argv = { "curl", "-q", "-s", "--noproxy", "*", "http://127.0.0.1:@CONNECT@/" },
		.settings = GLOBALS "override = on\n[rule off]\nprogram = c?rl\nkeepalive = off\n",
		.talk = ASKS,
		.sockets = { { CLIENT, { 1, 60, 60, LEFT, LEFT }, { 1, 60, 60, LEFT, LEFT } } },
	},
	{
		.name = "wget, off for others",
		.argv = { WGET },
		.settings = GLOBALS "[rule off]\nprogram = curl\nkeepalive = off\n"
				    "[rule far]\nremote = 10.0.0.0/8 ::1\nkeepalive = off\n"
				    "[rule served]\nrole = server\nkeepalive = off\n"
				    "[rule port]\nlocal_port = 1-65535\nkeepalive = off\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, OURS } },
	},
	{
		.name = "wget, idle = default",
		.argv = { WGET },
		.settings = GLOBALS "[rule far]\nremote = 127.0.0.0/8\nidle = default\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, { 1, LEFT, 11, 7, 31000 } } },
	},
	{
		.name = "wget, by user",
		.argv = { WGET },
		.settings = GLOBALS "[rule ours]\nuid = 54321 @UID@\nidle = 71\n"
				    "[rule by name]\nuid = nobody-at-all @USER@\ninterval = 12\n"
				    "[rule others]\nuid = 54321 nobody-at-all\ncount = 5\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, { 1, 71, 12, 7, 31000 } } },
	},
	{
		.name = "wget, the last rule wins key by key",
		.argv = { WGET },
		.settings = GLOBALS "[rule a]\nprogram = wget\nidle = 71\ninterval = 12\n"
				    "[rule b]\nremote_port = @CONNECT@\nidle = 81\n"
				    "[rule c]\nrole = client\nremote = 127.0.0.1\ncount = 5\n",
		.talk = ASKS,
		.sockets = { { CLIENT, NOTHING, { 1, 81, 12, 5, 31000 } } },
	},
	{
		.name = "node (http, kept alive) under override",
		.argv = { STUBBORN_NODE },
		.settings = GLOBALS "override = on\n",
		.talk = ASKS_AND_KEEPS,
		.sockets = { { CLIENT, { 1, 1, 1, 10, LEFT }, OURS } },
	},
	{
		.name = "node (http, kept alive) under override in a rule by port",
		.argv = { STUBBORN_NODE },
		.settings =
			GLOBALS "[rule far]\nremote_port = @CONNECT@\nidle = 71\noverride = on\n",
		.talk = ASKS_AND_KEEPS,
		.sockets = { { CLIENT, { 1, 1, 1, 10, LEFT }, { 1, 71, 11, 7, 31000 } } },
	},
	{
		.name = "node (http, kept alive), somebody else overruled",
		.argv = { STUBBORN_NODE },
		.settings = GLOBALS SOMEBODY_ELSES,
		.talk = ASKS_AND_KEEPS,
		.sockets = { { CLIENT, { 1, 1, 1, 10, LEFT }, { 1, 1, 1, 10, 31000 } } },
	},
	{
		.name = "java, keepalive off and idle of its own",
		.argv = { JAVA, "stubborn-client", "@CONNECT@" },
		.settings = GLOBALS,
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, { 0, 300, LEFT, LEFT, LEFT }, { 0, 300, 11, 7, 31000 } } },
	},
	{
		.name = "java under override",
		.argv = { JAVA, "stubborn-client", "@CONNECT@" },
		.settings = GLOBALS "[rule java]\nprogram = java\nrole = client\noverride = on\n",
		.needs = "javac",
		.prepare = stock_compile_java,
		.talk = { { HEAR, "hello" } },
		.sockets = { { CLIENT, { 0, 300, LEFT, LEFT, LEFT }, OURS } },
	},
};

START_TEST(client_without)
{
	stock_run_client(&clients[_i], false);
}
END_TEST

START_TEST(client_with)
{
	stock_run_client(&clients[_i], true);
}
END_TEST

/* Servers that we connect to. */
#define BY_SOURCE                                                                                  \
	GLOBALS "[rule near]\nremote = 127.0.0.1\nidle = 71\n"                                     \
		"[rule far]\nremote = 127.0.0.2 127.1.0.0/16\nrole = server\nidle = 81\n"

#define SOURCE_ROW(address, seconds)                                                               \
	{                                                                                          \
		.name = "nginx, visited from " address, .argv = { NGINX_ARGV },                    \
		.config = NGINX_CONFIG(""), .settings = BY_SOURCE, .from = address,                \
		.talk = VIA_PROXY,                                                                 \
		.sockets = { { LISTENER, NOTHING, OURS },                                          \
			     { ACCEPTED,                                                           \
			       NOTHING,                                                            \
			       { 1, seconds, 11, 7, 31000 } }, /* to us, at 127.0.0.1 */           \
			     { CLIENT, NOTHING, { 1, 71, 11, 7, 31000 } } },                       \
	}

static const struct stock servers[] = {
	{
		.name = "redis-server, its own",
		.argv = { REDIS },
		.settings = GLOBALS SOMEBODY_ELSES,
		.talk = PINGS,
		.sockets = { { LISTENER, NOTHING, OURS },
			     { ACCEPTED, { 1, 300, 100, 3, LEFT }, { 1, 300, 100, 3, 31000 } } },
	},
	{
		.name = "redis-server under override",
		.argv = { REDIS },
		.settings = GLOBALS "override = on\n",
		.talk = PINGS,
		.sockets = { { LISTENER, NOTHING, OURS },
			     { ACCEPTED, { 1, 300, 100, 3, LEFT }, OURS } },
	},
	{
		.name = "redis-server under override in a rule by program",
		.argv = { REDIS },
		.settings = GLOBALS "[rule redis]\nprogram = redis-*\noverride = on\ncount = 5\n",
		.talk = PINGS,
		.sockets = { { LISTENER, NOTHING, { 1, 61, 11, 5, 31000 } },
			     { ACCEPTED, { 1, 300, 100, 3, LEFT }, { 1, 61, 11, 5, 31000 } } },
	},
	{
		.name = "redis-server, override without idle",
		.argv = { REDIS },
		.settings = "override = on\ninterval = 11\n",
		.talk = PINGS,
		.sockets = { { LISTENER, NOTHING, { 1, LEFT, 11, LEFT, LEFT } },
			     { ACCEPTED, { 1, 300, 100, 3, LEFT }, { 1, 300, 11, 3, LEFT } } },
	},
	{
		.name = "redis-server, keepalive = off under override",
		.argv = { REDIS },
		.settings = GLOBALS "override = on\n[rule off]\nprogram = redis-server\n"
				    "keepalive = off\n",
		.talk = PINGS,
		.sockets = { { LISTENER, NOTHING, NOTHING },
			     { ACCEPTED, { 1, 300, 100, 3, LEFT }, { 1, 300, 100, 3, LEFT } } },
	},
	{
		.name = "nginx so_keepalive=off under override",
		.argv = { NGINX_ARGV },
		.config = NGINX_CONFIG("so_keepalive=off"),
		.settings = GLOBALS "override = on\n",
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, OFF_ONLY, OURS },
			     { ACCEPTED, OFF_ONLY, OURS },
			     { CLIENT, NOTHING, OURS } },
	},
	{
		.name = "nginx so_keepalive=off under override by port",
		.argv = { NGINX_ARGV },
		.config = NGINX_CONFIG("so_keepalive=off"),
		.settings = GLOBALS "[rule port]\nlocal_port = @LISTEN@\noverride = on\n",
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, OFF_ONLY, OURS },
			     { ACCEPTED, OFF_ONLY, OURS },
			     { CLIENT, NOTHING, OURS } },
	},
	SOURCE_ROW("127.0.0.1", 71),
	SOURCE_ROW("127.0.0.2", 81),
	SOURCE_ROW("127.1.2.3", 81),
	SOURCE_ROW("127.2.0.1", 61),
};

START_TEST(server_without)
{
	stock_run_server(&servers[_i], false);
}
END_TEST

START_TEST(server_with)
{
	stock_run_server(&servers[_i], true);
}
END_TEST

/* Servers that are there before they are. */
#define ACTIVATE_BY_FILE ACTIVATE_WITH("KEEPALIVE_CONF")
#define AT_THE_PORT GLOBALS "[rule here]\nlocal_port = @LISTEN@\nrole = server\nidle = 71\n"
#define ELSEWHERE GLOBALS "[rule there]\nlocal_port = @OTHER@\nidle = 71\n"
#define SERVE                                                                                      \
	"python3", "-c",                                                                           \
		"import socket\n"                                                                  \
		"listener, lines = socket.socket(fileno=3), []\n"                                  \
		"while lines.append(listener.accept()[0]) is None:\n"                              \
		" lines[-1].sendall(lines[-1].recv(99))"

static const struct stock activated[] = {
	{
		.name = "python3 (LISTEN_FDS) with a rule",
		.argv = { ACTIVATE_BY_FILE, SERVE },
		.settings = AT_THE_PORT,
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING, { 1, 71, 11, 7, 31000 } },
			     { ACCEPTED, NOTHING, { 1, 71, 11, 7, 31000 } } },
	},
	{
		.name = "python3 (LISTEN_FDS) with a rule for another port",
		.argv = { ACTIVATE_BY_FILE, SERVE },
		.settings = ELSEWHERE,
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING, OURS }, { ACCEPTED, NOTHING, OURS } },
	},
	{
		.name = "python3 (LISTEN_FDS) with a rule by remote",
		.argv = { ACTIVATE_BY_FILE, SERVE },
		.settings = BY_SOURCE,
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { LISTENER, NOTHING, OURS },
			     { ACCEPTED, NOTHING, { 1, 71, 11, 7, 31000 } } },
	},
	{
		.name = "nginx (LISTEN_FDS) with a rule",
		.argv = { ACTIVATE_BY_FILE, "-E", "NGINX=3;", NGINX_ARGV },
		.config = NGINX_CONFIG(""),
		.settings = AT_THE_PORT,
		.needs = "nginx",
		.foreign_start = true,
		.talk = VIA_PROXY,
		.sockets = { { LISTENER, NOTHING, { 1, 71, 11, 7, 31000 } },
			     { ACCEPTED, NOTHING, { 1, 71, 11, 7, 31000 } },
			     { CLIENT, NOTHING, OURS } },
	},
	{
		.name = "python3 (--accept) with a rule",
		.argv = { ACTIVATE_BY_FILE, "--accept", "python3", "-c",
			  "import socket\n"
			  "line = socket.socket(fileno=3)\n"
			  "while data := line.recv(99): line.sendall(data)" },
		.settings = AT_THE_PORT,
		.needs = "python3",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING, { 1, 71, 11, 7, 31000 } } },
	},
	{
		.name = "cat (--accept --inetd) with a rule",
		.argv = { ACTIVATE_BY_FILE, "--accept", "--inetd", "cat" },
		.settings = AT_THE_PORT,
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING, { 1, 71, 11, 7, 31000 } } },
	},
	{
		.name = "cat (--accept --inetd), keepalive = off",
		.argv = { ACTIVATE_BY_FILE, "--accept", "--inetd", "cat" },
		.settings = GLOBALS "[rule off]\nprogram = cat\nkeepalive = off\n",
		.foreign_start = true,
		.talk = ECHOES,
		.sockets = { { ACCEPTED, NOTHING, NOTHING } },
	},
};

START_TEST(activated_without)
{
	stock_run_activated(&activated[_i], false);
}
END_TEST

START_TEST(activated_with)
{
	stock_run_activated(&activated[_i], true);
}
END_TEST

/* One nginx, two ports, two rules; a third one for one of them that says something else. */
static const struct stock two_ports = {
	.name = "nginx, two ports",
	.argv = { NGINX_ARGV },
	.config = NGINX_CONFIG("; listen 127.0.0.1:@OTHER@"),
	.settings = GLOBALS "[rule first]\nlocal_port = @LISTEN@\nidle = 71\n"
			    "[rule second]\nlocal_port = @OTHER@\nrole = server\nidle = 81\n"
			    "user_timeout = default\n"
			    "[rule third]\nprogram = nginx\nlocal_port = 1 @LISTEN@\ncount = 5\n",
	.sockets = { { LISTENER, NOTHING, { 1, 71, 11, 5, 31000 } },
		     { ACCEPTED, NOTHING, { 1, 71, 11, 5, 31000 } },
		     { OTHER_LISTENER, NOTHING, { 1, 81, 11, 7, LEFT } },
		     { OTHER_ACCEPTED, NOTHING, { 1, 81, 11, 7, LEFT } } },
};

static bool has_accepted_both(void *context)
{
	const struct act *act = context;
	struct seen seen[64];
	int count = inspect_tree(act->process.pid, seen, 64), found = 0;

	for (int i = 0; i < count; i++)
		found += seen[i].remote_port && (seen[i].local_port == act->listen_port ||
						 seen[i].local_port == act->other_port);
	return found >= 2;
}

static void run_two_ports(bool shimmed)
{
	const char *missing = stock_missing(&two_ports);
	struct act act;
	int other;

	if (missing)
		SKIP("no %s here", missing);
	stock_start_server(&act, &two_ports, shimmed);
	act.line = stock_connect(act.listen_port);
	other = stock_connect(act.other_port);
	ck_assert(wait_until(has_accepted_both, &act, 20));
	stock_expect(&act, 1);
	close(other);
	stock_end(&act);
}

START_TEST(two_ports_without)
{
	run_two_ports(false);
}
END_TEST

START_TEST(two_ports_with)
{
	run_two_ports(true);
}
END_TEST

/* Two programs, two ports, one file. Each connects to a listener of ours. */
static const struct {
	struct stock psql, redis_cli;
	const char *settings; /* @1 and @2: their ports */
} pairs[] = {
	{
		.settings = GLOBALS "[rule database]\nrole = client\nremote_port = @1\nidle = 71\n"
				    "[rule cache]\nremote_port = 2 @2\nuser_timeout = 6000\n"
				    "[rule store]\nremote_port = 1 @2\nuser_timeout = 7000\n",
		.psql.sockets = { { CLIENT, ON_ONLY, { 1, 71, 11, 7, 31000 } } },
		.redis_cli.sockets = { { CLIENT, { 1, 15, 5, 3, LEFT }, { 1, 15, 5, 3, 7000 } } },
	},
	{
		.settings = GLOBALS "[rule near]\nremote = 127.0.0.0/8\ncount = 5\n"
				    "[rule far]\nremote = 10.0.0.0/8 fd00::/8\nidle = 999\n"
				    "[rule store]\nremote = 127.0.0.1\nremote_port = @2-@2\n"
				    "override = on\nidle = 81\n"
				    "[rule not]\nremote = 10.0.0.1\nremote_port = @1\ncount = 9\n",
		.psql.sockets = { { CLIENT, ON_ONLY, { 1, 61, 11, 5, 31000 } } },
		.redis_cli.sockets = { { CLIENT, { 1, 15, 5, 3, LEFT }, { 1, 81, 11, 5, 31000 } } },
	},
	{
		.settings =
			GLOBALS "[rule database]\nprogram = psql pg_*\nidle = 71\n"
				"[rule cache]\nprogram = redis-cl[h-j]\nidle = 81\noverride = on\n"
				"[rule crossed]\nprogram = psql\nremote_port = @2\nidle = 999\n",
		.psql.sockets = { { CLIENT, ON_ONLY, { 1, 71, 11, 7, 31000 } } },
		.redis_cli.sockets = { { CLIENT, { 1, 15, 5, 3, LEFT }, { 1, 81, 11, 7, 31000 } } },
	},
};

static const struct stock psql = {
	.name = "psql",
	.argv = { "psql", "-XAt", "-h", "127.0.0.1", "-p", "@CONNECT@", "-U", "postgres",
		  "postgres" },
	.talk = { { HEAR, "\x04\xd2\x16\x2f" } }, /* asks for TLS */
};

static const struct stock redis_cli = {
	.name = "redis-cli",
	.argv = { "redis-cli", "-p", "@CONNECT@" },
	.talk = { { INPUT, "PING\n" }, { HEAR, "\r\n" } },
};

/* The program as its row says, the sockets as the pair does. */
static struct stock merged(const struct stock *program, const struct stock *pair,
			   const char *settings)
{
	struct stock result = *program;

	for (size_t i = 0; i < COUNT(result.sockets); i++)
		result.sockets[i] = pair->sockets[i];
	result.settings = settings;
	return result;
}

/* The template with the ports in it. */
static void fill_in(char *text, size_t size, const char *template, const int *ports)
{
	FILE *stream = fmemopen(text, size, "w");

	ck_assert_ptr_nonnull(stream);
	for (; *template; template ++)
		if (*template == '@')
			fprintf(stream, "%d", ports[*++template - '1']);
		else
			fputc(*template, stream);
	ck_assert_int_eq(fclose(stream), 0);
}

static void run_pair(int index, bool shimmed)
{
	const char *missing =
		stock_missing(&psql) ? stock_missing(&psql) : stock_missing(&redis_cli);
	char settings[1024];
	int port[2], listener[2];
	struct stock rows[2];

	if (missing)
		SKIP("no %s here", missing);
	for (int i = 0; i < 2; i++)
		listener[i] = stock_listen(&port[i]);
	fill_in(settings, sizeof settings, pairs[index].settings, port);
	rows[0] = merged(&psql, &pairs[index].psql, settings);
	rows[1] = merged(&redis_cli, &pairs[index].redis_cli, settings);
	for (int i = 0; i < 2; i++) {
		struct act act;

		stock_start_client(&act, &rows[i], shimmed, port[i]);
		act.our_listener = listener[i];
		act.line = stock_accept(&act);
		stock_talk(&act);
		stock_expect(&act, 1);
		stock_end(&act);
	}
}

START_TEST(pair_without)
{
	run_pair(_i, false);
}
END_TEST

START_TEST(pair_with)
{
	run_pair(_i, true);
}
END_TEST

static void add_rows(Suite *suite, const struct stock *rows, size_t count, const TTest *without,
		     const TTest *with)
{
	for (int i = 0; i < (int)count; i++)
		stock_add(suite, &rows[i], i, without, with);
}

int main(void)
{
	Suite *suite = suite_create("rules");
	TCase *tcase = harness_case(suite, "psql and redis-cli", 60);

	tcase_add_loop_test(tcase, pair_without, 0, COUNT(pairs));
	tcase_add_loop_test(tcase, pair_with, 0, COUNT(pairs));
	stock_add(suite, &two_ports, 0, two_ports_without, two_ports_with);
	add_rows(suite, clients, COUNT(clients), client_without, client_with);
	add_rows(suite, servers, COUNT(servers), server_without, server_with);
	add_rows(suite, activated, COUNT(activated), activated_without, activated_with);
	return harness_run(suite);
}
