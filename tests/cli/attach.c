/*
 * keepalive attach --existing, and what show has of it: on a process in a control group of our own.
 * Needs root, and a cgroup v2 in which groups can be made.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

/* Named before the tests, which are processes of their own: what one leaves can be removed. */
static char group[300], path[200], inner[400];

static void name_group(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "r");
	struct mntent *entry;

	while ((entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			break;
	snprintf(path, sizeof path, "/keepalive-test.%d", getpid());
	snprintf(group, sizeof group, "%s%s", entry ? entry->mnt_dir : "/nowhere", path);
	snprintf(inner, sizeof inner, "%s/inner", group);
	endmntent(mounts);
}

/* Moves a process into the group, or into the root of all groups. */
static void move(pid_t pid, bool in)
{
	char file[400];
	int fd;

	snprintf(file, sizeof file, "%s/%scgroup.procs", group, in ? "" : "../");
	fd = open(file, O_WRONLY | O_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_gt(dprintf(fd, "%d", pid), 0);
	close(fd);
}

static void expect_reach(const struct process *process, const char *reach)
{
	struct called called = CALL("show", "-rno", "reach", word_of(process->pid));

	called.output[strcspn(called.output, "\n")] = 0;
	ck_assert_str_eq(called.output, reach);
}

/* Skips the test if nothing can be attached here. */
static bool can_attach(void)
{
	struct called called;

	if (getuid() || mkdir(group, 0755))
		return false;
	called = CALL("attach", path);
	if (!called.status)
		called = CALL("detach", path);
	return !called.status;
}

#define NEED_ATTACH()                                                                              \
	do {                                                                                       \
		if (!can_attach()) {                                                               \
			rmdir(group);                                                              \
			SKIP("BPF programs cannot be attached here");                              \
		}                                                                                  \
	} while (0)

static void end(struct process *process)
{
	process_stop(process);
	ck_assert_msg(!rmdir(group), "%s: %s", group, strerror(errno));
}

START_TEST(existing)
{
	struct process zoo;
	struct called called;

	NEED_ATTACH();
	zoo = start_zoo(NULL);
	move(zoo.pid, true);
	called = CALL("attach", path, "--idle", "61");
	expect_status(&called, 0);
	expect_says(called.errors, " existed before and keep their values: --existing sets them");
	called = CALL("show", "-rno", "idle", word_of(zoo.pid));
	ck_assert_ptr_null(strstr(called.output, "61"));
	called = CALL("attach", path, "--idle", "61", "--existing", "-rn");
	ck_assert_ptr_null(strstr(called.output, "attached"));
	expect_says(called.output, " idle 7200 61");
	expect_says(called.errors, "replaced the programs of ");
	called = CALL("attach", path, "--idle", "62", "--existing", "--json");
	ck_assert(is_json(called.output));
	expect_says(called.output, "\"settings\": [");
	called = CALL("attach", path, "--idle", "63", "--existing");
	expect_says(called.output, "replaced the programs of ");
	expect_says(called.output, "62s");
	end(&zoo);
}
END_TEST

/* The exit status is that of apply. */
START_TEST(no_sockets)
{
	struct called called;

	NEED_ATTACH();
	called = CALL("attach", path, "--existing");
	expect_status(&called, 1);
	expect_says(called.errors, "no TCP sockets");
	ck_assert_int_eq(rmdir(group), 0);
}
END_TEST

START_TEST(reach)
{
	struct process with, without;
	struct called called;

	NEED_ATTACH();
	with = start_zoo(shim_path());
	without = start_zoo(NULL);
	move(with.pid, true);
	move(without.pid, true);
	expect_reach(&with, "library");
	expect_reach(&without, "none");
	called = CALL("attach", path);
	expect_status(&called, 0);
	expect_reach(&with, "both");
	expect_reach(&without, "kernel");
	called = CALL("show", "-J", "-o", "shim,reach", word_of(without.pid));
	expect_says(called.output, "\"reach\": \"kernel\"");
	/* Programs of a group reach those beneath it. */
	ck_assert_int_eq(mkdir(inner, 0755), 0);
	strcat(group, "/inner");
	move(without.pid, true);
	expect_reach(&without, "kernel");
	group[strlen(group) - strlen("/inner")] = 0;
	called = CALL("detach", path);
	expect_status(&called, 0);
	expect_reach(&with, "library");
	expect_reach(&without, "none");
	process_stop(&without);
	ck_assert_int_eq(rmdir(inner), 0);
	end(&with);
}
END_TEST

/* Only root can look; that is no error, and the reason is told once, if the column is named. */
START_TEST(unknown_to_others)
{
	static const char script[] = "import socket, time\n"
				     "s = socket.socket(); s.bind(('127.0.0.1', 0)); s.listen()\n"
				     "print('ready', flush=True); time.sleep(60)\n";
	struct process process;

	if (getuid())
		SKIP("needs root, to be somebody else");
	process = process_start(&(struct command){
		.argv = (const char *const[]){ "python3", "-c", script, NULL }, .user = "nobody" });
	ck_assert(wait_for_word(process.output, "ready", 20));
	for (int i = 0; i < 2; i++) {
		struct called called =
			call_as("nobody", NULL,
				(const char *const[]){ "show", "-rn", word_of(process.pid),
						       i ? "-o+reach" : NULL, NULL });

		expect_status(&called, 0);
		expect_says(called.output, " no unknown\n");
		expect_says(called.errors, i ? "REACH is unknown: " : "");
		if (!i)
			ck_assert_str_eq(called.errors, "");
	}
	process_stop(&process);
}
END_TEST

/* systemctl would take a pattern, and answer for each unit that matches. */
START_TEST(names_of_units)
{
	static const char *const words[] = { "*.slice",  "a?.scope", "[ab].socket", "a b.mount",
					     "@a.slice", ".slice",   "a\n.swap" };
	char longest[300] = { 0 };
	struct called called = CALL("attach", "/nowhere");

	if (strstr(called.errors, "built without"))
		SKIP("the command was built without BPF programs");
	for (size_t i = 0; i < COUNT(words); i++) {
		called = CALL("attach", words[i]);
		expect_status(&called, 2);
		expect_says(called.errors, "is not the name of a unit");
	}
	memset(longest, 'a', sizeof longest - 1);
	called = CALL("detach", joined(longest, ".slice"));
	expect_status(&called, 2);
	expect_says(called.errors, "is not the name of a unit");
	called = CALL("attach", "a@.service");
	expect_status(&called, 2);
	expect_says(called.errors, "a@.service is a template: name an instance");
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("attach");
	TCase *tests = harness_case(suite, "attach", 60);
	int status;

	name_group();

	tcase_add_test(tests, existing);
	tcase_add_test(tests, no_sockets);
	tcase_add_test(tests, reach);
	tcase_add_test(tests, unknown_to_others);
	tcase_add_test(tests, names_of_units);
	status = harness_run(suite);
	rmdir(inner);
	rmdir(group);
	return status;
}
