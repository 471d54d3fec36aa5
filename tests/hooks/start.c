/* The start-up: hooks that come before it, what it costs in memory, and secure mode. */
#include <fcntl.h>
#include <link.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "lib/expect.h"
#include "lib/process.h"

static const struct trial early_trials[] = {
	{ .victim = "", .expected = "early", .environment = { "EARLY=plain" } },
	{ .victim = "", .expected = "early", .environment = { "EARLY=signal" } },
	{ .victim = "", .expected = "early", .environment = { "EARLY=vfork" } },
	{ .victim = "", .expected = "early", .environment = { "EARLY=thread" } },
	{ .victim = "", .expected = "early", .environment = { "EARLY=threads" } },
	{ .victim = "preinit", .expected = "early", .environment = { "EARLY=plain" } },
};

START_TEST(early)
{
	trial_compare(&early_trials[_i], build_path("tests/hooks/early"));
}
END_TEST

static const char *slow_file(void)
{
	enum { RULES = 11000 };
	const char *path = scratch_path("slow");
	FILE *file = fopen(path, "w");

	ck_assert_ptr_nonnull(file);
	for (int i = 0; i < RULES; i++)
		fprintf(file,
			"[rule somebody else %d]\nprogram = *n*o*b*o*d*y*-%d* *e*a*r*l*y*-*x\n"
			"idle = 60s\n",
			i, i);
	fclose(file);
	return path;
}

/* A start-up that takes its time, and children that are made from before it until after it. */
START_TEST(children_meanwhile)
{
	const struct trial trial = { .victim = "",
				     .environment = { "EARLY=240 children" },
				     .file = slow_file(),
				     .control = "240 of 240 without\n",
				     .expected = "0 of 240 without\n" };

	trial_compare(&trial, build_path("tests/hooks/early"));
}
END_TEST

/* It takes so long that fork() does not wait for its end. */
START_TEST(children_of_a_long_start)
{
	const char *file = scratch_file("long", "idle = 61\n");
	char shell[1200];
	const struct trial trial = { .victim = "",
				     .environment = { "EARLY=6 children" },
				     .file = file,
				     .shell = shell,
				     .control = "6 of 6 without\n",
				     .expected = "0 of 6 without\n" };
	const struct command possible = {
		.argv = (const char *[]){ "strace", "-o", "/dev/null", "true", NULL },
	};
	int status;

	free(process_run(&possible, &status));
	if (status)
		SKIP("strace is not installed, or may not trace");
	snprintf(shell, sizeof shell,
		 "exec strace -f -o /dev/null -P \"$KEEPALIVE_CONF\" "
		 "-e inject=openat:delay_exit=300000 -E LD_PRELOAD=\"$HAND_OVER\" \"$@\"");
	trial_compare(&trial, build_path("tests/hooks/early"));
}
END_TEST

/* Which of the constructors that the loader says it calls is that of `name`; -1: none. */
static int place_among_constructors(const char *said, const char *name)
{
	char line[512];
	int place = 0;

	for (; *said; said += strcspn(said, "\n"), said += *said == '\n') {
		snprintf(line, sizeof line, "%.*s", (int)strcspn(said, "\n"), said);
		if (!strstr(line, "calling init:"))
			continue;
		if (strstr(line, name))
			return place;
		place++;
	}
	return -1;
}

/* If this ever fails, the trials above show less than they seem to. */
START_TEST(early_order)
{
	char output[600];
	const struct command command = {
		.argv = (const char *[]){ build_path("tests/hooks/early"), NULL },
		.preload = shim_path(),
		.environment = { "EARLY=plain", "LD_DEBUG=files", output },
	};
	struct process process;
	char *said;

	snprintf(output, sizeof output, "LD_DEBUG_OUTPUT=%s", scratch_path("loader"));
	process = process_start(&command);
	snprintf(output, sizeof output, "%s", scratch_path("loader.%d", process.pid));
	ck_assert_int_eq(process_wait(&process, 60), 0);
	said = read_whole(output);
	ck_assert_int_ge(place_among_constructors(said, "libearly.so"), 0);
	ck_assert_int_gt(place_among_constructors(said, "libkeepalive.so"),
			 place_among_constructors(said, "libearly.so"));
	free(said);
}
END_TEST

/* Where the file is mapped, and how many bytes of address it takes there, its bss included. */
static unsigned long find_mapping(pid_t pid, const char *path)
{
	char maps[64], line[512];
	unsigned long begin = 0;
	FILE *file;

	snprintf(maps, sizeof maps, "/proc/%d/maps", pid);
	file = fopen(maps, "r");
	ck_assert_ptr_nonnull(file);
	while (!begin && fgets(line, sizeof line, file))
		if (strstr(line, path))
			sscanf(line, "%lx", &begin);
	fclose(file);
	ck_assert_uint_ne(begin, 0);
	return begin;
}

static size_t mapped_size(const char *path)
{
	char *content = read_whole(path);
	ElfW(Ehdr) header;
	ElfW(Phdr) part;
	size_t size = 0;

	memcpy(&header, content, sizeof header);
	for (int i = 0; i < header.e_phnum; i++) {
		memcpy(&part, content + header.e_phoff + (size_t)i * sizeof part, sizeof part);
		if (part.p_type == PT_LOAD && part.p_vaddr + part.p_memsz > size)
			size = part.p_vaddr + part.p_memsz;
	}
	free(content);
	return size;
}

/*
 * Pages in that span which are the process's own. Not read from smaps, where the pages of a file
 * count as dirty until the file is on its disk, and where the loader's memory may be one with ours.
 */
static int own_pages(pid_t pid, unsigned long begin, size_t size)
{
	enum { EXCLUSIVE = 56, OF_A_FILE = 61, SWAPPED = 62 };
	unsigned long page = (unsigned long)sysconf(_SC_PAGESIZE);
	char path[64];
	uint64_t entry;
	int own = 0, file;

	snprintf(path, sizeof path, "/proc/%d/pagemap", pid);
	file = open(path, O_RDONLY | O_CLOEXEC);
	ck_assert_int_ge(file, 0);
	for (unsigned long at = begin; at < begin + size; at += page) {
		ck_assert_int_eq(
			pread(file, &entry, sizeof entry, (off_t)(at / page * sizeof entry)),
			sizeof entry);
		if (((entry >> EXCLUSIVE & 1) && !(entry >> OF_A_FILE & 1)) ||
		    (entry >> SWAPPED & 1))
			own++;
	}
	close(file);
	return own;
}

START_TEST(memory)
{
	char file[600];
	const char *const argv[] = { victim_path(), "rest", NULL };
	const struct command command = {
		.argv = argv,
		.preload = shim_path(),
		.environment = { file },
	};
	struct process process;
	int own;

	snprintf(file, sizeof file, "KEEPALIVE_CONF=%s",
		 scratch_file("settings",
			      "idle = 60\ninterval = 10\ncount = 6\nuser_timeout = auto\n"));
	process = process_start(&command);
	ck_assert(wait_for_word(process.output, "ready", 20));
	own = own_pages(process.pid, find_mapping(process.pid, shim_path()),
			mapped_size(shim_path()));
	process_stop(&process);
	ck_assert_int_gt(own, 0);
	ck_assert_msg(own <= 3, "%d pages of its own", own);
}
END_TEST

/*
 * In secure mode the loader takes no LD_PRELOAD with a path, but what /etc/ld.so.preload says: in
 * a mount namespace of its own, where /etc holds that file alone.
 */
static void prepare_namespace(void)
{
	char content[600];

	mkdir(scratch_path("etc"), 0755);
	snprintf(content, sizeof content, "%s\n", shim_path());
	scratch_file("etc/ld.so.preload", content);
}

static void run_in_namespace(const char *victim, struct values values, bool secure)
{
	static const char script[] = "mount --bind \"$0\" /etc && exec \"$@\"";
	const char *directory = scratch_path("etc");
	const char *const argv[] = { "unshare", "-m",   "sh",     "-c", script,
				     directory, victim, "socket", NULL };
	const struct command command = { .argv = argv, .environment = { OURS } };
	char socket_line[80], secure_line[40];
	int status;
	char *output = process_run(&command, &status);

	snprintf(socket_line, sizeof socket_line, "socket: %d %d/%d/%d %d\n", values.keepalive,
		 values.idle, values.interval, values.count, values.user_timeout);
	snprintf(secure_line, sizeof secure_line, "secure mode: %d\n", secure);
	ck_assert_int_eq(status, 0);
	ck_assert_ptr_nonnull(strstr(output, secure_line));
	ck_assert_msg(!strncmp(output, socket_line, strlen(socket_line)), "%s", output);
	free(output);
}

/* In a chroot, for one, no mount can be made private. */
static bool may_make_namespace(void)
{
	const struct command command = {
		.argv = (const char *[]){ "unshare", "-m", "true", NULL },
	};
	int status;

	free(process_run(&command, &status));
	return status == 0;
}

START_TEST(secure_mode)
{
	enum { NOBODY = 65534 };
	const char *directory = getenv("TEST_SYSCONFDIR"), *secure;
	struct values ours = { 1, 61, 11, 7, 31000 }, ignored = kernel_values();
	char default_file[300];

	if (geteuid())
		SKIP("only root can make a program set-user-id and mount");
	if (!have_program("unshare"))
		SKIP("unshare is not installed");
	if (!may_make_namespace())
		SKIP("no mount namespace can be made here");
	ck_assert_ptr_nonnull(directory);
	snprintf(default_file, sizeof default_file, "%s/libkeepalive.conf", directory);
	if (!access(default_file, F_OK))
		SKIP("%s is there, and would be read", default_file);
	prepare_namespace();
	run_in_namespace(victim_copy("plain"), ours, false);
	secure = victim_copy("secure");
	ck_assert_int_eq(chown(secure, NOBODY, NOBODY), 0);
	ck_assert_int_eq(chmod(secure, 04755), 0);
	ignored.keepalive = 1; /* as where nothing is configured */
	run_in_namespace(secure, ignored, true);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("start");
	TCase *tcase = harness_case(suite, "early", 60);

	tcase_add_loop_test(tcase, early, 0, sizeof early_trials / sizeof *early_trials);
	tcase_add_test(tcase, early_order);
	tcase_add_test(tcase, children_meanwhile);
	tcase_add_test(tcase, children_of_a_long_start);
	tcase = harness_case(suite, "process", 60);
	tcase_add_test(tcase, memory);
	tcase_add_test(tcase, secure_mode);
	return harness_run(suite);
}
