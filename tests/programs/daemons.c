/* Stock daemons that fork for each connection, visited by us or by their own stock client. */
#include <errno.h>
#include <pwd.h>
#include <shadow.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "programs/stock.h"

static void make_folder(const char *path, mode_t mode)
{
	ck_assert_msg(!mkdir(path, mode) || errno == EEXIST, "%s: %m", path);
}

/* vsftpd insists on a directory that nobody may write to. */
static void make_empty_folder(void)
{
	make_folder(scratch_path("empty"), 0555);
}

static const struct stock daemons[] = {
	{
		.name = "vsftpd",
		.argv = { "vsftpd", "@CONFIG@" },
		.config = "listen=YES\nlisten_ipv6=NO\nlisten_address=127.0.0.1\n"
			  "listen_port=@LISTEN@\nbackground=NO\nanonymous_enable=YES\n"
			  "secure_chroot_dir=@SCRATCH@/empty\nanon_root=@SCRATCH@/empty\n"
			  "run_as_launching_user=@ORDINARY@\n",
		.prepare = make_empty_folder,
		.talk = { { HEAR, "220" },
			  { SAY, "USER anonymous\r\n" },
			  { HEAR, "331" },
			  { SAY, "PASS nobody@localhost\r\n" },
			  { HEAR, "230" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, ON_ONLY } },
	},
	{
		.name = "rsync --daemon",
		.argv = { "rsync", "--daemon", "--no-detach", "--config=@CONFIG@",
			  "--address=127.0.0.1", "--port=@LISTEN@" },
		.config = RSYNCD_CONFIG,
		.talk = { { HEAR, "@RSYNCD:" } },
		.sockets = { { LISTENER, NOTHING }, { ACCEPTED, ON_ONLY } },
	},
};

START_TEST(without_the_shim)
{
	stock_run_server(&daemons[_i], false);
}
END_TEST

START_TEST(with_the_shim)
{
	stock_run_server(&daemons[_i], true);
}
END_TEST

static void make_database(void)
{
	const char *directory = scratch_path("database");
	const char *const argv[] = { initdb_path, "-D",    directory,   "-U",         "postgres",
				     "-A",        "trust", "--no-sync", "--locale=C", NULL };
	struct passwd *owner = getuid() ? NULL : getpwnam("postgres");

	if (!access(scratch_path("database/PG_VERSION"), F_OK))
		return;
	make_folder(directory, 0700);
	if (owner)
		ck_assert_int_eq(chown(directory, owner->pw_uid, owner->pw_gid), 0);
	run_tool(argv, "postgres");
}

static const struct stock postgres = {
	.name = "postgres",
	.argv = { postgres_path, "-D", "@SCRATCH@/database", "-F", "-h", "127.0.0.1", "-p",
		  "@LISTEN@", "-k", "@SCRATCH@/database" },
	.needs = initdb_path,
	.user = "postgres",
	.prepare = make_database,
	.talk = { { LOGS, "ready to accept connections" } },
	.sockets = { { LISTENER, NOTHING }, { ACCEPTED, ON_ONLY } },
};

static const struct stock psql = {
	.name = "psql",
	.argv = { "psql", "-XAt", "-h", "127.0.0.1", "-p", "@CONNECT@", "-U", "postgres",
		  "postgres" },
	.talk = { { INPUT, "SELECT 'connected';\n" }, { PRINTS, "connected" } },
	.sockets = { { CLIENT, ON_ONLY } },
};

static void make_key(const char *name)
{
	const char *path = scratch_path("%s", name);
	const char *const argv[] = {
		"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path, NULL
	};

	if (access(path, F_OK))
		run_tool(argv, NULL);
}

static void make_ready_for_sshd(void)
{
	if (!getuid())
		make_folder("/run/sshd", 0755); /* as its service does */
	make_key("host_key");
	make_key("login_key");
}

static const struct stock sshd = {
	.name = "sshd",
	.argv = { "/usr/sbin/sshd", "-D", "-e", "-f", "@CONFIG@" },
	.config =
		"AddressFamily inet\nListenAddress 127.0.0.1:@LISTEN@\nHostKey @SCRATCH@/host_key\n"
		"PidFile none\n"
		"AuthorizedKeysFile @SCRATCH@/login_key.pub\nStrictModes no\nUsePAM no\n"
		"PasswordAuthentication no\nPermitRootLogin yes\n"
		/* Not that of our user: its shell would do there what the user has it do. */
		"SetEnv HOME=@SCRATCH@\n",
	.prepare = make_ready_for_sshd,
	.sockets = { { LISTENER, NOTHING }, { ACCEPTED, ON_ONLY } },
};

/* Logs in, has sshd listen for it, and stays. */
static const struct stock ssh = {
	.name = "ssh",
	.argv = { "ssh",
		  "-F",
		  "none",
		  "-i",
		  "@SCRATCH@/login_key",
		  "-o",
		  "IdentitiesOnly yes",
		  "-o",
		  "BatchMode yes",
		  "-o",
		  "StrictHostKeyChecking no",
		  "-o",
		  "UserKnownHostsFile @SCRATCH@/known_hosts",
		  "-p",
		  "@CONNECT@",
		  "-l",
		  "@USER@",
		  "-R",
		  "0:127.0.0.1:@CONNECT@",
		  "127.0.0.1",
		  "exec sh -c 'echo the session preloads ${LD_PRELOAD-nothing}; exec cat'" },
	.needs = "ssh-keygen",
	/* sshd cleans its sessions' environment. */
	.talk = { { PRINTS, "the session preloads nothing" }, { LOGS, "for remote forward" } },
	.sockets = { { CLIENT, ON_ONLY } },
};

/* What ssh has sshd listen for leads back to sshd. */
static const struct stock forwarding = {
	.name = "sshd (forwarding)",
	.talk = { { HEAR, "SSH-2.0" } },
	.sockets = { { LISTENER, NOTHING }, { ACCEPTED, NOTHING } },
};

static void start_pair(struct act *server, const struct stock *server_row, struct act *client,
		       const struct stock *client_row, bool shimmed)
{
	stock_start_server(server, server_row, shimmed);
	stock_talk(server);
	stock_start_client(client, client_row, shimmed, server->listen_port);
	stock_talk(client);
	stock_expect(server, 1);
	stock_expect(client, 1);
}

static const char *pair_missing(const struct stock *server, const struct stock *client)
{
	const char *missing = stock_missing(server);

	return missing ? missing : stock_missing(client);
}

static void run_postgres(bool shimmed)
{
	const char *missing = pair_missing(&postgres, &psql);
	struct act server, client;

	if (missing)
		SKIP("no %s here", missing);
	if (!getpwuid(getuid()))
		SKIP("our user has no name");
	start_pair(&server, &postgres, &client, &psql, shimmed);
	stock_end(&client);
	stock_end(&server);
}

START_TEST(postgres_without_the_shim)
{
	run_postgres(false);
}
END_TEST

START_TEST(postgres_with_the_shim)
{
	run_postgres(true);
}
END_TEST

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

static int allocated_port(const struct act *client)
{
	const char *log = read_whole(client->process.errors);
	const char *allocated = strstr(log, "Allocated port ");
	int port = 0;

	ck_assert_msg(allocated && sscanf(allocated, "Allocated port %d", &port) == 1, "%s", log);
	return port;
}

static void run_ssh(bool shimmed)
{
	const char *missing = pair_missing(&sshd, &ssh), *no_login = why_no_login();
	struct act server, client, forward;

	if (missing)
		SKIP("no %s here", missing);
	if (no_login)
		SKIP("%s", no_login);
	start_pair(&server, &sshd, &client, &ssh, shimmed);
	forward = server;
	forward.stock = &forwarding;
	forward.listen_port = allocated_port(&client);
	forward.line = stock_connect(forward.listen_port);
	stock_talk(&forward);
	stock_expect(&forward, 1);
	close(forward.line);
	stock_end(&client);
	stock_end(&server);
}

START_TEST(ssh_without_the_shim)
{
	run_ssh(false);
}
END_TEST

START_TEST(ssh_with_the_shim)
{
	run_ssh(true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("daemons");

	find_postgres();
	for (int i = 0; i < (int)(sizeof daemons / sizeof *daemons); i++)
		stock_add(suite, &daemons[i], i, without_the_shim, with_the_shim);
	stock_add(suite, &postgres, 0, postgres_without_the_shim, postgres_with_the_shim);
	stock_add(suite, &sshd, 0, ssh_without_the_shim, ssh_with_the_shim);
	return harness_run(suite);
}
