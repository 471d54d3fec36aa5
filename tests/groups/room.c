/* A control group, with a network namespace of its own, that the test itself is in. */
#define _GNU_SOURCE
#include "groups/room.h"

#include <errno.h>
#include <mntent.h>
#include <net/if.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cli.h"
#include "lib/harness.h"

enum { WORDS_MAX = 40, GROUPS_MAX = 400 };

static char mounted[128], group[256], outer[256];

/* Why no test can run; NULL: they can. */
static const char *missing_here;

/* The process that runs all tests; each is in a child of it. */
static pid_t whole;

static void __attribute__((constructor)) remember_whole(void)
{
	whole = getpid();
}

static bool find_mount(void)
{
	FILE *mounts = setmntent("/proc/self/mounts", "re");
	struct mntent *entry;

	while (mounts && !*mounted && (entry = getmntent(mounts)))
		if (!strcmp(entry->mnt_type, "cgroup2"))
			snprintf(mounted, sizeof mounted, "%s", entry->mnt_dir);
	if (mounts)
		endmntent(mounts);
	return *mounted;
}

static bool move_to(const char *path)
{
	char name[300];
	FILE *file;
	bool fine;

	snprintf(name, sizeof name, "%s/cgroup.procs", path);
	file = fopen(name, "we");
	if (!file)
		return false;
	fprintf(file, "%d", getpid());
	fine = !fclose(file);
	return fine;
}

static void raise_loopback(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	ck_assert_int_eq(ioctl(fd, SIOCSIFFLAGS, &request), 0);
	close(fd);
}

static const char *make_group(void)
{
	if (getuid())
		return "needs root";
	if (!find_mount())
		return "cgroup2 is not mounted";
	for (int i = 0; i < GROUPS_MAX; i++) {
		snprintf(group, sizeof group, "%s/keepalive-test-%d-%d", mounted, whole, i);
		if (!mkdir(group, 0755))
			return NULL;
	}
	return "no control group can be made";
}

/* Why attach does not work here, if this is no error; else the tests are to fail. */
static const char *why_not_attached(void)
{
	static char line[256];
	char command[600];
	FILE *output;
	int status;

	snprintf(command, sizeof command, "'%s' attach '%s' 2>&1 >/dev/null",
		 build_path("keepalive"), group);
	output = popen(command, "re");
	if (!output || !fgets(line, sizeof line, output))
		*line = 0;
	status = output ? pclose(output) : 0;
	line[strcspn(line, "\n")] = 0;
	return status && (strstr(line, "without BPF") || strstr(line, "CAP_BPF") ||
			  strstr(line, "no bpf()") || strstr(line, "is needed"))
		       ? line
		       : NULL;
}

void room_look(void)
{
	/* Before Linux 5.11, programs of BPF count against it. */
	const struct rlimit no_limit = { RLIM_INFINITY, RLIM_INFINITY };

	setrlimit(RLIMIT_MEMLOCK, &no_limit);
	missing_here = make_group();
	if (!missing_here)
		missing_here = why_not_attached();
	if (*group)
		rmdir(group);
}

const char *room_enter(void)
{
	const char *reason = missing_here ? missing_here : make_group();

	if (reason)
		return reason;
	if (!move_to(group))
		return "processes cannot enter a control group";
	if (unshare(CLONE_NEWNET))
		return "no network namespace can be made";
	raise_loopback();
	return NULL;
}

void room_remove(void)
{
	char path[320];

	if (getuid() || !find_mount())
		return;
	for (int i = 0; i < GROUPS_MAX; i++) {
		snprintf(path, sizeof path, "%s/keepalive-test-%d-%d/inner", mounted, whole, i);
		rmdir(path);
		*strrchr(path, '/') = 0;
		if (rmdir(path) && errno == ENOENT)
			break;
	}
}

const char *room_group(void)
{
	return group;
}

const char *room_enter_inner(void)
{
	snprintf(outer, sizeof outer, "%s", group);
	strcat(group, "/inner");
	ck_assert(!mkdir(group, 0755) || errno == EEXIST);
	ck_assert(move_to(group));
	return group;
}

void room_leave_inner(void)
{
	strcpy(group, outer);
	ck_assert(move_to(group));
}

void room_mount(const char *path)
{
	snprintf(group, sizeof group, "%s", path);
}

static int split(char *words, const char **argv, int most)
{
	int count = 0;

	for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
		ck_assert_int_lt(count, most - 1);
		argv[count++] = word;
	}
	argv[count] = NULL;
	return count;
}

__attribute__((format(printf, 1, 0))) static struct called call_words(const char *format,
								      va_list arguments)
{
	const char *argv[WORDS_MAX];
	char *words;

	ck_assert_int_gt(vasprintf(&words, format, arguments), 0);
	split(words, argv, WORDS_MAX);
	return call(argv);
}

const char *keepalive(const char *format, ...)
{
	struct called called;
	va_list arguments;

	va_start(arguments, format);
	called = call_words(format, arguments);
	va_end(arguments);
	expect_status(&called, 0);
	/* What attach reports of older sockets. */
	ck_assert_msg(!*called.errors || strstr(called.errors, " existed before"), "%s",
		      called.errors);
	return called.errors;
}

const char *keepalive_fails(const char *format, ...)
{
	struct called called;
	va_list arguments;

	va_start(arguments, format);
	called = call_words(format, arguments);
	va_end(arguments);
	expect_status(&called, 1);
	return called.errors;
}

const char *host(const char *program, const char *words)
{
	const char *argv[WORDS_MAX] = { program };
	char *output;
	int status;

	split(strdup(words), argv + 1, WORDS_MAX - 1);
	output = process_run(&(struct command){ .argv = argv }, &status);
	ck_assert_msg(!status, "%s %s: status %d: %s", program, words, status, output);
	return output;
}

bool kernel_is(int major, int minor)
{
	struct utsname name;
	int first = 0, second = 0;

	ck_assert_int_eq(uname(&name), 0);
	sscanf(name.release, "%d.%d", &first, &second);
	return first > major || (first == major && second >= minor);
}

int room_run(Suite *(*suite)(void))
{
	int status;

	room_look();
	status = harness_run(suite());
	room_remove();
	return status;
}
