/* Static programs in control groups that keepalive attach was used on, over a wire that is cut. */
#include <errno.h>
#include <mntent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/expect.h"
#include "lib/harness.h"
#include "network/together.h"
#include "network/told.h"

/* The groups are children of one, which the main process removes. */
static char parent[256];

static settings keepalive = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3" };
static settings override = { "KEEPALIVE_IDLE=2", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=3",
			     "KEEPALIVE_OVERRIDE=on" };
static settings timeout = { "KEEPALIVE_IDLE=3", "KEEPALIVE_INTERVAL=1", "KEEPALIVE_COUNT=1",
			    "KEEPALIVE_USER_TIMEOUT=4000" };

/* "off": the Go program leaves keepalive alone; "own": it has its own 15 seconds. */
static const struct program {
	const char *name;
	const char *const *set; /* of the group; NULL: in no group of ours */
	const char *client;     /* of Go: "off" or "own"; NULL: it is the static server */
	bool data;
	bool hangs;
} rows[] = {
	{ "a Go client, idle", keepalive, "off", false, false },
	{ "a Go client with its own 15 s, override", override, "own", false, false },
	{ "a Go client, data", timeout, "off", true, false },
	{ "a static server, idle", keepalive, NULL, false, false },
	{ "a static server, data", timeout, NULL, true, false },
	/* The controls. */
	{ "a Go client with its own 15 s, idle", keepalive, "own", false, true },
	{ "a Go client, idle, no group", NULL, "off", false, true },
	{ "a Go client, data, no group", NULL, "off", true, true },
	{ "a static server, idle, no group", NULL, NULL, false, true },
	{ "a static server, data, no group", NULL, NULL, true, true },
};

enum { ROWS = sizeof rows / sizeof *rows, PORT = 2000 };

/* One packet alone is sent again so much later than two. */
#define LEAST_RTO 0.2

static const char *where_cgroup2_is(void)
{
	static char mount[128];
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;

	*mount = 0;
	while (mounts && !*mount && (entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			snprintf(mount, sizeof mount, "%s", entry->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return *mount ? mount : NULL;
}

/* Why there can be no control groups with our programs here; NULL if there can. */
static const char *obstacle(void)
{
	static const char *const impossible[] = { "was built without BPF", "kernel refuses BPF",
						  "kernel has no bpf()", "or later is needed" };
	static char words[512];
	char *errors;
	int status;

	if (geteuid())
		return "needs root, for a control group";
	if (!*parent)
		return "control groups of version 2 are not mounted here";
	if (mkdir(parent, 0755) && errno != EEXIST) {
		snprintf(words, sizeof words, "%s: %s", parent, strerror(errno));
		return words;
	}
	free(process_run_both(
		&(struct command){ .argv = (const char *const[]){ build_path("keepalive"), "attach",
								  parent, "--idle=2", NULL } },
		&status, &errors));
	snprintf(words, sizeof words, "%.*s", (int)strcspn(errors, "\n"), errors);
	free(errors);
	for (size_t i = 0; i < COUNT(impossible); i++)
		if (status && strstr(words, impossible[i]))
			return words;
	ck_assert_msg(!status, "%s", words);
	run_tool((const char *const[]){ build_path("keepalive"), "detach", parent, NULL }, NULL);
	return NULL;
}

static const char *make_group(int number, const char *const *set)
{
	struct command command = { 0 };
	char *path = malloc(sizeof parent + 16), *errors;
	int status;

	snprintf(path, sizeof parent + 16, "%s/%d", parent, number);
	ck_assert_msg(!mkdir(path, 0755), "%s: %s", path, strerror(errno));
	command.argv = (const char *const[]){ build_path("keepalive"), "attach", path, NULL };
	for (int i = 0; set[i]; i++)
		command.environment[i] = set[i];
	free(process_run_both(&command, &status, &errors));
	ck_assert_msg(!status, "%s: %s", path, errors);
	free(errors);
	return path;
}

static void compile(const char *client, const char *server)
{
	const char *go[] = {
		"go", "build", "-o", client, source_path("tests/network/line.go"), NULL
	};
	struct command command = { .argv = go,
				   .environment = { joined("GOCACHE=", scratch_path("go-cache")),
						    joined("GOPATH=", scratch_path("go")),
						    "CGO_ENABLED=0", "GO111MODULE=off",
						    "GOFLAGS=" } };
	char *errors;
	int status;

	free(process_run_both(&command, &status, &errors));
	ck_assert_msg(!status, "%s", errors);
	free(errors);
	run_tool((const char *const[]){ "gcc", "-static", "-o", server,
					source_path("tests/network/serve.c"), NULL },
		 NULL);
}

/* As the first process of the group: it moves there before it becomes the program. */
static struct process start_grouped(enum host host, const char *group, const char *const *program)
{
	const char *argv[16] = { "sh", "-c", "echo 0 >\"$0/cgroup.procs\" && exec \"$@\"", group };

	for (int i = 0; program[i]; i++)
		argv[4 + i] = program[i];
	return start_in(host, NULL, group ? argv : program, NULL);
}

static void start_row(struct run *run, const struct program *row, int number, const char *group)
{
	const char *use = row->data ? "send" : "receive";
	char port[16];

	name_run(run, row->name, row->set ? row->set : (const char *const[]){ NULL });
	snprintf(port, sizeof port, "%d", PORT + number);
	if (row->set)
		run->told =
			ask(row->client ? CLIENT : SERVER, row->set, row->data ? "data" : "idle",
			    row->data ? "retransmission" : "probe");
	if (row->client) {
		wire_listen(SERVER, PORT + number);
		run->process = start_grouped(CLIENT, group,
					     (const char *const[]){ scratch_path("client"),
								    "connect", SERVER_ADDRESS, port,
								    row->client, use, NULL });
		run->port = connected_port(&run->process);
	} else {
		run->process = start_grouped(
			SERVER, group,
			(const char *const[]){ scratch_path("server"), port, use, NULL });
		expect_said(&run->process, "listening", 30);
		wire_connect(CLIENT, SERVER_ADDRESS, PORT + number);
		expect_said(&run->process, "accepted", 30);
	}
}

static void compare(const struct run *run, const struct program *row, int number,
		    const int capture[HOSTS], double end)
{
	struct silence silence = row->client ? silence_of(capture[CLIENT], run->port, PORT + number)
					     : silence_of(capture[SERVER], PORT + number, 0);

	if (row->data)
		expect_as_told(run, silence.sent - 1, silence.other + 1,
			       silence.other[0] + LEAST_RTO, end - run->begun - LEAST_RTO);
	else
		expect_as_told(run, silence.probes, silence.probe, 0, end - silence.since);
}

START_TEST(cut)
{
	static struct run run[ROWS];
	double end[ROWS];
	int capture[HOSTS];
	const char *reason = obstacle();

	if (reason)
		SKIP("%s", reason);
	LAY_WIRE("go", "gcc");
	compile(scratch_path("client"), scratch_path("server"));
	capture[CLIENT] = capture_begin(CLIENT, false);
	capture[SERVER] = capture_begin(SERVER, false);
	for (int i = 0; i < ROWS; i++)
		start_row(&run[i], &rows[i], i, rows[i].set ? make_group(i, rows[i].set) : NULL);
	wire_cut();
	for (int i = 0; i < ROWS; i++)
		if (rows[i].data)
			hand_line(&run[i].process, "now\n");
	for (int i = 0; i < ROWS; i++)
		if (rows[i].data)
			run[i].begun = expect_said(&run[i].process, "sent", 30);
	for (int i = 0; i < ROWS; i++)
		if (!rows[i].hangs)
			end[i] = await(&run[i]);
	for (int i = 0; i < ROWS; i++)
		if (!rows[i].hangs)
			compare(&run[i], &rows[i], i, capture, end[i]);
	/* The controls were started last. */
	wait_for(2 + LATE);
	for (int i = 0; i < ROWS; i++)
		if (rows[i].hangs) {
			expect_hanging(&run[i].process, run[i].name);
			process_stop(&run[i].process);
		}
}
END_TEST

static bool is_gone(void *context)
{
	char path[sizeof parent + 16];

	for (int i = 0; i < ROWS; i++) {
		snprintf(path, sizeof path, "%s/%d", (char *)context, i);
		rmdir(path);
	}
	return !rmdir(context) || errno == ENOENT;
}

int main(void)
{
	const struct scenario scenarios[] = { { "static programs as told", cut, 120 } };
	const char *mount = where_cgroup2_is();
	int status;

	if (mount)
		snprintf(parent, sizeof parent, "%s/keepalive-attached.%d", mount, getpid());
	status = together_run("attached", scenarios, 1);
	if (mount && !wait_until(is_gone, parent, 20))
		fprintf(stderr, "%s is left\n", parent);
	return status;
}
