/* Stock programs that hang on a peer that is gone, each beside the same without the library. */
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/expect.h"
#include "lib/harness.h"
#include "network/hang.h"
#include "network/together.h"

/* Freed five seconds after the peer was heard of last; the rest is for a machine under load. */
enum { IDLE = 2, INTERVAL = 1, COUNT = 3, PATIENCE = 20 };

static settings keepalive = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };

/* Of the wire, in both hosts: what tells that all was said before it is cut. */
static int captures[2];

static void begin_captures(void)
{
	captures[0] = capture_begin(CLIENT, false);
	captures[1] = capture_begin(SERVER, false);
}

/* All data has been acknowledged for a while, acknowledgements being late by 40 ms. */
static bool is_quiet(void *context)
{
	struct timespec now;
	int count;

	(void)context;
	clock_gettime(CLOCK_REALTIME, &now);
	for (int i = 0; i < 2; i++) {
		const struct segment *segment = capture_read(captures[i], &count);

		if (!count || segment[count - 1].length ||
		    (double)now.tv_sec + (double)now.tv_nsec / 1e9 - segment[count - 1].time < 0.15)
			return false;
	}
	return true;
}

static void cut_when_quiet(void)
{
	ck_assert_msg(wait_until(is_quiet, NULL, 30), "the wire was never quiet");
	wire_cut();
}

/* The program whose connection has one end at `near` was freed when keepalive says. */
static void expect_kept(const char *what, int capture, int near, int far)
{
	struct silence silence = silence_of(capture, near, far);

	expect_probes(what, &silence, IDLE, INTERVAL, COUNT);
}

/* Starts a server without it, or with it, that says `word` in its log when it is ready. */
static struct process start_server(const char *const *set, const char *const *argv,
				   const char *word, const char *user)
{
	struct process process = start_in(SERVER, set, argv, user);
	bool said = false;

	for (int i = 0; i < 300 && !said; i++)
		said = wait_for_word(process.output, word, 0.05) ||
		       wait_for_word(process.errors, word, 0.05);
	ck_assert_msg(said, "%s: %s%s", argv[0], read_whole(process.output),
		      read_whole(process.errors));
	return process;
}

static struct process start_client(const char *const *set, const char *const *argv,
				   const char *word)
{
	struct process process = start_in(CLIENT, set, argv, NULL);

	ck_assert_msg(!word || wait_for_word(process.output, word, 30), "%s: %s%s", argv[0],
		      read_whole(process.output), read_whole(process.errors));
	return process;
}

/* The port that a client has connected to `port` from. */
static int port_of_client(const struct process *client, int port)
{
	return expect_socket(client->pid, TCP_ESTABLISHED, port, true).local_port;
}

static bool is_unconnected(void *context)
{
	static struct seen seen[64];
	int count = inspect_tree(*(pid_t *)context, seen, 64);

	for (int i = 0; i < count; i++)
		if (seen[i].state == TCP_ESTABLISHED)
			return false;
	return true;
}

/* The server lives, and none of its processes holds a connection any more. */
static void expect_no_connection(struct process *server, const char *what)
{
	ck_assert_msg(wait_until(is_unconnected, &server->pid, PATIENCE),
		      "%s still holds a connection", what);
	expect_hanging(server, what);
}

static void expect_word(const struct process *process, const char *word)
{
	ck_assert_msg(wait_for_word(process->errors, word, 10), "no \"%s\": %s", word,
		      read_whole(process->errors));
}

START_TEST(redis_cli_subscribed)
{
	/* It asks for 15/5/3 itself. */
	static settings override = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1",
				     "KEEPALIVE_COUNT=3", "KEEPALIVE_OVERRIDE=on" };
	const char *const server_argv[] = {
		"redis-server",     "--port", "2000",   "--bind", "0.0.0.0",
		"--protected-mode", "no",     "--save", "",       NULL
	};
	const char *const argv[] = { "redis-cli", "-h",        SERVER_ADDRESS, "-p",
				     "2000",      "SUBSCRIBE", "news",         NULL };
	struct process server, freed, control;
	int port;

	LAY_WIRE("redis-server", "redis-cli");
	begin_captures();
	server = start_server(NULL, server_argv, "eady to accept", NULL);
	control = start_client(NULL, argv, "subscribe");
	freed = start_client(override, argv, "subscribe");
	port = port_of_client(&freed, 2000);
	cut_when_quiet();
	expect_end(&freed, "redis-cli", PATIENCE);
	expect_kept("redis-cli", captures[0], port, 0);
	expect_hanging(&control, "the control");
	process_stop(&control);
	process_stop(&server);
}
END_TEST

START_TEST(nc_on_both_sides)
{
	static const char *const port[2] = { "2000", "2001" };
	struct process server[2], client[2];

	LAY_WIRE("nc.openbsd");
	begin_captures();
	for (int i = 0; i < 2; i++) {
		const char *const listening[] = { "nc.openbsd", "-lnv", port[i], NULL };
		const char *const connecting[] = { "nc.openbsd", SERVER_ADDRESS, port[i], NULL };
		const char *const *set = i ? NULL : keepalive;

		server[i] = start_server(set, listening, "Listening", NULL);
		client[i] = start_client(set, connecting, NULL);
		hand_line(&client[i], "hello\n");
		ck_assert(wait_for_word(server[i].output, "hello", 20));
	}
	cut_when_quiet();
	expect_end(&server[0], "nc -l", PATIENCE);
	expect_end(&client[0], "nc", PATIENCE);
	expect_kept("nc -l", captures[1], 2000, 0);
	expect_kept("nc", captures[0], 0, 2000);
	for (int i = 0; i < 2; i++)
		expect_hanging(i ? &server[1] : &client[1], "the control");
	process_stop(&client[1]);
	process_stop(&server[1]);
}
END_TEST

START_TEST(java_in_read)
{
	const char *const compile[] = { "javac",
					"-J-XX:-UsePerfData",
					"-d",
					scratch(),
					source_path("tests/network/Read.java"),
					NULL };
	const char *const argv[] = { "java",
				     "-XX:TieredStopAtLevel=1",
				     "-XX:-UsePerfData",
				     "-Xshare:auto",
				     "-cp",
				     scratch(),
				     "Read",
				     SERVER_ADDRESS,
				     "2000",
				     NULL };
	struct process freed, control;
	int port;

	LAY_WIRE("java", "javac");
	begin_captures();
	run_tool(compile, NULL);
	wire_listen(SERVER, 2000);
	control = start_client(NULL, argv, "connected");
	freed = start_client(keepalive, argv, "connected");
	port = port_of_client(&freed, 2000);
	cut_when_quiet();
	expect_end(&freed, "java", PATIENCE);
	expect_kept("java", captures[0], port, 0);
	ck_assert_msg(wait_for_word(freed.errors, "Connection timed out", 1), "%s",
		      read_whole(freed.errors));
	expect_hanging(&control, "the control");
	process_stop(&control);
}
END_TEST

static struct process start_nginx(const char *const *set, int port)
{
	char text[1024], name[32];
	const char *directory = scratch();

	snprintf(
		text, sizeof text,
		"daemon off; pid %s/%d.pid; error_log stderr notice; worker_processes 1; events { }"
		" http { access_log off; keepalive_timeout 1h; client_body_temp_path %s/%d.body;"
		" proxy_temp_path %s/%d.proxy; fastcgi_temp_path %s/%d.fastcgi;"
		" uwsgi_temp_path %s/%d.uwsgi; scgi_temp_path %s/%d.scgi;"
		" server { listen %d; return 200 hello; } }",
		directory, port, directory, port, directory, port, directory, port, directory, port,
		directory, port, port);
	snprintf(name, sizeof name, "%d.conf", port);
	return start_server(set,
			    (const char *const[]){ "nginx", "-c", scratch_file(name, text), NULL },
			    "start worker process ", NULL);
}

/* A connection that has had its answer, and is kept for the next request. */
static void visit(int port)
{
	static const char request[] = "GET / HTTP/1.1\r\nHost: wire\r\n\r\n";
	char answer[512] = "";
	int line = wire_connect(CLIENT, SERVER_ADDRESS, port);

	ck_assert_int_eq(write(line, request, strlen(request)), (int)strlen(request));
	ck_assert_int_gt(read(line, answer, sizeof answer - 1), 0);
	ck_assert_msg(strstr(answer, "200 OK"), "%s", answer);
}

START_TEST(nginx_idle_connections)
{
	struct process freed, control;

	LAY_WIRE("nginx");
	begin_captures();
	freed = start_nginx(keepalive, 2000);
	control = start_nginx(NULL, 2001);
	visit(2000);
	visit(2001);
	cut_when_quiet();
	expect_socket(freed.pid, TCP_ESTABLISHED, 2000, false);
	expect_no_connection(&freed, "nginx");
	expect_kept("nginx", captures[1], 2000, 0);
	expect_socket(control.pid, TCP_ESTABLISHED, 2001, false);
	process_stop(&freed);
	process_stop(&control);
}
END_TEST

/* Two of them, open to all on the wire. */
static void make_databases(void)
{
	struct passwd *owner = getuid() ? NULL : getpwnam("postgres");
	const char *directory = scratch_path("database");
	const char *const argv[] = {
		"sh",
		"-euc",
		"\"$1\" -D \"$0/first\" -U postgres -A trust --no-sync --locale=C\n"
		"echo 'host all all all trust' >>\"$0/first/pg_hba.conf\"\n"
		"cp -Rp \"$0/first\" \"$0/second\"",
		directory,
		initdb_path,
		NULL
	};

	ck_assert_msg(!mkdir(directory, 0700), "%s: %m", directory);
	if (owner)
		ck_assert_int_eq(chown(directory, owner->pw_uid, owner->pw_gid), 0);
	run_tool(argv, "postgres");
}

static struct process start_postgres(const char *const *set, const char *name, const char *port)
{
	const char *directory = scratch_path("database/%s", name);
	const char *const argv[] = { postgres_path, "-D",      directory, "-F",
				     "-h",          "*",       "-p",      port,
				     "-k",          directory, "-c",      "log_statement=all",
				     NULL };

	return start_server(set, argv, "ready to accept connections", "postgres");
}

static struct process start_psql(const char *const *set, const char *port)
{
	const char *const argv[] = { "psql", "-XAt", "-h",       SERVER_ADDRESS, "-p",
				     port,   "-U",   "postgres", "postgres",     NULL };
	struct process psql = start_client(set, argv, NULL);

	hand_line(&psql, "SELECT 'connected';\n");
	ck_assert_msg(wait_for_word(psql.output, "connected", 30), "%s", read_whole(psql.errors));
	return psql;
}

START_TEST(psql_and_backend)
{
	struct process shimmed, plain, visitor, idle, freed, control;
	int port;

	if (!getpwuid(getuid()))
		SKIP("our user has no name");
	LAY_WIRE(postgres_path, initdb_path, "psql");
	begin_captures();
	make_databases();
	shimmed = start_postgres(keepalive, "first", "2000");
	plain = start_postgres(NULL, "second", "2001");
	visitor = start_psql(NULL, "2000");
	idle = start_psql(NULL, "2001");
	freed = start_psql(keepalive, "2001");
	control = start_psql(NULL, "2001");
	hand_line(&freed, "SELECT pg_sleep(1001);\n");
	hand_line(&control, "SELECT pg_sleep(1002);\n");
	expect_word(&plain, "pg_sleep(1001)");
	expect_word(&plain, "pg_sleep(1002)");
	port = port_of_client(&freed, 2001);
	cut_when_quiet();
	/* The client that waits for an answer... */
	expect_word(&freed, "Connection timed out");
	expect_kept("psql", captures[0], port, 0);
	expect_hanging(&control, "the control");
	/* ...and the server whose client is gone. */
	expect_word(&shimmed, "could not receive data from client: Connection timed out");
	expect_no_connection(&shimmed, "postgres");
	expect_kept("postgres", captures[1], 2000, 0);
	expect_socket(plain.pid, TCP_ESTABLISHED, 2001, false);
	ck_assert(!strstr(read_whole(plain.errors), "could not receive data"));
	process_stop(&freed);
	process_stop(&control);
	process_stop(&visitor);
	process_stop(&idle);
	process_stop(&shimmed);
	process_stop(&plain);
}
END_TEST

static void make_key(const char *path)
{
	run_tool((const char *const[]){ "ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path,
					NULL },
		 NULL);
}

static struct process start_sshd(const char *const *set, int port)
{
	char text[1024], name[32];

	snprintf(text, sizeof text,
		 "ListenAddress 0.0.0.0:%d\nHostKey %s/host_key\nPidFile none\n"
		 "AuthorizedKeysFile %s/login_key.pub\nStrictModes no\nUsePAM no\n"
		 "PasswordAuthentication no\nPermitRootLogin yes\nUseDNS no\n"
		 /* Not that of our user: its shell would do there what the user has it do. */
		 "SetEnv HOME=%s\n",
		 port, scratch(), scratch(), scratch());
	snprintf(name, sizeof name, "%d.sshd", port);
	return start_server(set,
			    (const char *const[]){ "/usr/sbin/sshd", "-D", "-e", "-f",
						   scratch_file(name, text), NULL },
			    "Server listening", NULL);
}

static struct process start_ssh(const char *const *set, const char *port, const char *user)
{
	return start_client(set,
			    (const char *const[]){ "ssh",
						   "-F",
						   "none",
						   "-i",
						   scratch_path("login_key"),
						   "-o",
						   "IdentitiesOnly yes",
						   "-o",
						   "BatchMode yes",
						   "-o",
						   "StrictHostKeyChecking no",
						   "-o",
						   "UserKnownHostsFile /dev/null",
						   "-p",
						   port,
						   "-l",
						   user,
						   SERVER_ADDRESS,
						   "echo welcome; exec cat",
						   NULL },
			    "welcome");
}

/* NULL: sshd will let us in as ourselves. */
static const char *why_no_login(void)
{
	struct passwd *entry = getpwuid(getuid());
	struct spwd *shadow = getuid() ? NULL : getspnam("root");

	if (!entry)
		return "our user has no name";
	if (strstr(entry->pw_shell, "nologin") || strstr(entry->pw_shell, "/false"))
		return "our user has no shell";
	return shadow && *shadow->sp_pwdp == '!' ? "root is locked out" : NULL;
}

START_TEST(ssh_and_its_sshd)
{
	struct process server[2], client[2];
	const char *user, *no_login = why_no_login();

	if (no_login)
		SKIP("%s", no_login);
	user = getpwuid(getuid())->pw_name;
	LAY_WIRE("/usr/sbin/sshd", "ssh", "ssh-keygen");
	begin_captures();
	if (!getuid())
		mkdir("/run/sshd", 0755); /* as its service does */
	make_key(scratch_path("host_key"));
	make_key(scratch_path("login_key"));
	for (int i = 0; i < 2; i++) {
		server[i] = start_sshd(i ? NULL : keepalive, 2000 + i);
		client[i] = start_ssh(i ? NULL : keepalive, i ? "2001" : "2000", user);
	}
	cut_when_quiet();
	ck_assert_int_eq(expect_end(&client[0], "ssh", PATIENCE), 255);
	expect_no_connection(&server[0], "sshd");
	expect_kept("ssh", captures[0], 0, 2000);
	expect_kept("sshd", captures[1], 2000, 0);
	expect_hanging(&client[1], "the control");
	expect_socket(server[1].pid, TCP_ESTABLISHED, 2001, false);
	process_stop(&client[1]);
	process_stop(&server[0]);
	process_stop(&server[1]);
}
END_TEST

int main(void)
{
	const struct scenario scenarios[] = {
		{ "psql and PostgreSQL's backend", psql_and_backend, 120 },
		{ "redis-cli SUBSCRIBE", redis_cli_subscribed, 60 },
		{ "ssh and sshd", ssh_and_its_sshd, 60 },
		{ "Java in read()", java_in_read, 60 },
		{ "nc on both sides", nc_on_both_sides, 60 },
		{ "nginx's idle connections", nginx_idle_connections, 60 },
	};

	find_postgres();
	return together_run("programs", scenarios, sizeof scenarios / sizeof *scenarios);
}
