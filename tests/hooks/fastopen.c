/*
 * Rules by destination for connections that are made by sendto() and sendmsg() with MSG_FASTOPEN:
 * as the kernel has it, with the data in the SYN, and where TCP Fast Open is off.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "hooks/drive.h"
#include "lib/process.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

#define GLOBALS "idle = 61\ninterval = 11\ncount = 7\nuser_timeout = 31000\n"
#define BY_DESTINATION                                                                             \
	GLOBALS "[rule first]\nremote = 127.0.0.1\nidle = 71\n"                                    \
		"[rule second]\nremote = 127.0.0.2\nidle = 81\n"                                   \
		"[rule client]\nrole = client\ninterval = 13\n"                                    \
		"[rule not]\nremote = 127.0.0.3 fd00::/8\ncount = 99\n"
#define BY_PORT                                                                                    \
	GLOBALS "[rule port]\nremote_port = 1-65535\nidle = 91\n"                                  \
		"[rule not]\nlocal_port = 1-65535\ncount = 99\n"
/* What the victims' reports take for settings of ours is here what the rule sets. */
#define OVERRULED                                                                                  \
	"idle = 500\ninterval = 50\ncount = 9\nuser_timeout = 9000\noverride = on\n"               \
	"[rule here]\nremote = 127.0.0.0/8\n" GLOBALS

/* Of sendto() or sendmsg(); what the calls return may be followed by connect(). */
#define WAY(way, returned, client, nonblocking)                                                    \
	way ", own: " returned "client by " way ", own: " client "\nonce more: ok\n" way           \
	    ", past: " returned "client by " way ", past: " client "\nonce more: ok\n" way         \
	    ", nonblocking: " nonblocking "\nnonblocking client: " client "\n"
#define BOTH(returned, client, nonblocking)                                                        \
	WAY("sendto", returned, client, nonblocking) WAY("sendmsg", returned, client, nonblocking)
#define CLIENTS(client) BOTH("ok\n", client, "%S")

static struct trial trials[] = {
	{ .victim = "fastopen 127.0.0.1",
	  .file = BY_DESTINATION,
	  .control = CLIENTS("%F"),
	  .expected = CLIENTS("1 71/13/7 31000") },
	{ .victim = "fastopen 127.0.0.2",
	  .file = BY_DESTINATION,
	  .control = CLIENTS("%F"),
	  .expected = CLIENTS("1 81/13/7 31000") },
	{ .victim = "fastopen ::1",
	  .file = BY_PORT,
	  .control = CLIENTS("%F"),
	  .expected = CLIENTS("1 91/11/7 31000") },
	{ .victim = "fastopen-errors",
	  .file = GLOBALS "[rule not]\nremote = 10.0.0.0/8\nidle = 71\n" },
	{ .victim = "fastopen-errors", .file = OVERRULED },
	{ .victim = "fastopen-cancel", .file = BY_DESTINATION },
	/* musl's sendmsg() reads the message itself. */
	{ .victim = "fastopen-nowhere", .file = BY_DESTINATION, .glibc_only = true },
};

/* With TCP Fast Open as net.ipv4.tcp_fastopen says, in a network namespace of its own. */
#define WITH(sysctl)                                                                               \
	"exec unshare -Urn sh -c 'ip link set lo up && "                                           \
	"echo " sysctl " >/proc/sys/net/ipv4/tcp_fastopen && " BECOME "' sh \"$@\""

static struct trial inside[] = {
	/* Clients and all listeners, without cookies: data is in the SYN, nobody waits. */
	{ .victim = "fastopen 127.0.0.1",
	  .file = BY_DESTINATION,
	  .shell = WITH("1543"),
	  .control = BOTH("ok\n", "%F", "ok"),
	  .expected = BOTH("ok\n", "1 71/13/7 31000", "ok") },
	{ .victim = "fastopen 127.0.0.2 off",
	  .file = BY_DESTINATION,
	  .shell = WITH("0"),
	  .control = BOTH("EOPNOTSUPP\nconnect: ok\n", "%F", "EOPNOTSUPP"),
	  .expected = BOTH("EOPNOTSUPP\nconnect: ok\n", "1 81/13/7 31000", "EOPNOTSUPP") },
};

START_TEST(in_namespace)
{
	if (!have_network_namespaces())
		SKIP("no network namespace can be made here");
	trial_compare(&inside[_i], victim_path());
}
END_TEST

/* Puts what the trials have of configuration into files. */
static void write_files(struct trial *table, size_t count, const char *name)
{
	char path[32];

	for (size_t i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s.%zu", name, i);
		table[i].file = strdup(scratch_file(path, table[i].file));
		memcpy(table[i].environment, (const char *[]){ NOT_OURS }, 4 * sizeof(char *));
	}
}

int main(void)
{
	Suite *suite;

	write_files(trials, COUNT(trials), "fastopen");
	write_files(inside, COUNT(inside), "inside");
	suite = trial_suite("fastopen", trials, COUNT(trials));
	tcase_add_loop_test(harness_case(suite, "namespace", 60), in_namespace, 0, COUNT(inside));
	return harness_run(suite);
}
