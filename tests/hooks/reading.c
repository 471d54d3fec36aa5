/* Files that are no ordinary ones: unreadable in the middle, growing, of any size, of any owner. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/drive.h"
#include "hooks/trace.h"
#include "lib/expect.h"
#include "lib/process.h"

enum { LIMIT = 1024 * 1024, LINE = 64, SOMEBODY = 12345, NOBODY = 65534, MUSL = 1 };

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define SOCKET(values) "socket: " values "\ndescriptor: %S\nsecure mode: 0\n"
#define FIRST "idle = 62\n"
#define LAST "[rule all]\nprogram = *\ncount = 5\n"

/* The socket with all of FIRST and LAST, and as it is where nothing of the file holds. */
static const char whole[] = SOCKET("1 62/11/5 31000");

static const char *nothing(void)
{
	static char text[200];
	struct values kernel = kernel_values();

	snprintf(text, sizeof text, "socket: 1 %d/11/%d 31000\ndescriptor: %%S\nsecure mode: 0\n",
		 kernel.idle, kernel.count);
	return text;
}

/* A victim that everybody may run; NULL where it was not built. */
static const char *victim_of(int libc)
{
	static char path[512];
	const char *built = libc == MUSL ? build_path("tests/hooks/victim-musl") : victim_path();
	struct command copy = { .argv = (const char *[]){ "cp", built, path, NULL } };
	int status;

	if (access(built, X_OK))
		return NULL;
	snprintf(path, sizeof path, "%s", scratch_path("victim.%d", getpid()));
	free(process_run(&copy, &status));
	ck_assert_int_eq(status, 0);
	return path;
}

/* FIRST, lines that say nothing, LAST: `size` bytes in all. */
static const char *write_file(size_t size)
{
	static char path[512];
	char *content = malloc(size + LINE);
	size_t length = sizeof FIRST - 1, end = size - (sizeof LAST - 1);

	ck_assert_ptr_nonnull(content);
	memset(content, '#', size);
	memcpy(content, FIRST, length);
	for (; length < end; length += LINE)
		content[length + LINE < end ? length + LINE - 1 : end - 1] = '\n';
	strcpy(content + end, LAST);
	snprintf(path, sizeof path, "%s", scratch_path("reading.%d", getpid()));
	scratch_file(strrchr(path, '/') + 1, content);
	free(content);
	return path;
}

static void compare(struct trial trial, const char *program, const char *error)
{
	static const char *const unset[] = { "KEEPALIVE_IDLE=", "KEEPALIVE_COUNT=" };
	char errors[300];

	snprintf(errors, sizeof errors, "libkeepalive: %%f: %s\n", error ? error : "");
	memcpy(trial.environment, unset, sizeof unset);
	trial.victim = "socket";
	trial.control = SOCKET("%F");
	trial.expected = error ? nothing() : whole;
	trial.errors = error ? errors : "";
	trial_compare(&trial, program);
}

/* strace becomes the victim, and does that to it. */
#define TRACED(what)                                                                               \
	"exec strace -f -q -o \"$TRACE\" -e trace=openat,read " what                               \
	" -E LD_PRELOAD=\"$HAND_OVER\" \"$@\""

static const char *trace_path(void)
{
	static char path[512];

	snprintf(path, sizeof path, "%s", scratch_path("trace.%d", getpid()));
	setenv("TRACE", path, 1);
	return path;
}

/* Which of the victim's reads is the first of the file, and how many there are; 0: nobody may
 * trace. */
static int find_reads(const char *program, const char *file, int *count)
{
	const struct trial trial = { .victim = "socket", .file = file, .shell = TRACED("") };
	const char *path = trace_path();
	struct outcome outcome;
	bool inside = false;
	int before = 0;
	char *lines;

	outcome = trial_run(&trial, program, shim_path());
	free(outcome.report), free(outcome.errors);
	if (outcome.status)
		return 0;
	*count = 0;
	lines = read_whole(path);
	for (const char *line = lines; *line; line = next_line(line)) {
		inside |= line_has(line, file);
		if (line_has(line, " read("))
			++*(inside ? count : &before);
	}
	free(lines);
	/* The end of the file is one of them. */
	ck_assert_int_gt(*count, 1);
	return before + 1;
}

/* Each of the reads fails: half a file is none. Interrupted ones are made again. */
static void break_reads(int libc, const char *error, const char *said)
{
	const char *program = victim_of(libc), *file = write_file(10000);
	char shell[300];
	int count, first;

	if (!program)
		SKIP("built without musl-gcc");
	first = find_reads(program, file, &count);
	if (!first)
		SKIP("strace is not installed, or may not trace");
	ck_assert_int_gt(count, 3);
	for (int i = 0; i < count; i++) {
		struct trial trial = { .file = file, .shell = shell };

		/* The same one again when the file is read for the second time, to say what was
		 * wrong. */
		snprintf(shell, sizeof shell, TRACED("-e inject=read:error=%s:when=%d+%d"), error,
			 first + i, said ? i + 1 : 10000);
		compare(trial, program, said);
	}
}

START_TEST(unreadable)
{
	break_reads(_i, "EIO", "cannot be read");
}
END_TEST

START_TEST(interrupted)
{
	break_reads(_i, "EINTR", NULL);
}
END_TEST

/* By comments. */
static void enlarge(const char *path, off_t size)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC);
	struct stat file;

	if (fd < 0 || fstat(fd, &file))
		_exit(1);
	for (; file.st_size < size; file.st_size++)
		if (write(fd, size - file.st_size == 1 ? "\n" : "#", 1) != 1)
			_exit(1);
	close(fd);
}

/* A process that waits for the victim to stop, makes the file so large, and lets it go on. */
static pid_t grow(const char *file, off_t size)
{
	const char *path = trace_path();
	pid_t pid, victim = 0;
	FILE *trace;

	unlink(path);
	pid = fork();
	if (pid)
		return pid;
	if (!wait_for_word(path, "stopped by SIGSTOP", 20))
		_exit(1);
	trace = fopen(path, "r");
	if (!trace || fscanf(trace, "%d", &victim) != 1)
		_exit(1);
	enlarge(file, size);
	kill(victim, SIGCONT);
	_exit(0);
}

static const struct {
	off_t size;
	const char *error;
} growths[] = {
	{ 20000, NULL },
	{ LIMIT, NULL },
	{ LIMIT + 1, "is refused: it is larger than 1 MiB" },
	{ 3 * LIMIT, "is refused: it is larger than 1 MiB" },
};

START_TEST(growing)
{
	const char *program = victim_of(0), *file = write_file(200);
	char shell[300];
	struct trial trial = { .victim = "socket",
			       .file = file,
			       .shell = shell,
			       .environment = { "KEEPALIVE_IDLE=", "KEEPALIVE_COUNT=" } };
	struct outcome outcome;
	int first, count, status;
	pid_t helper;

	first = find_reads(program, file, &count);
	if (!first)
		SKIP("strace is not installed, or may not trace");
	snprintf(shell, sizeof shell, TRACED("-e inject=read:signal=SIGSTOP:when=%d"), first);
	helper = grow(file, growths[_i].size);
	outcome = trial_run(&trial, program, shim_path());
	ck_assert_int_eq(waitpid(helper, &status, 0), helper);
	ck_assert_int_eq(status, 0);
	ck_assert_int_eq(outcome.status, 0);
	if (growths[_i].error) {
		ck_assert_ptr_nonnull(strstr(outcome.errors, growths[_i].error));
		ck_assert_ptr_null(strstr(outcome.report, " 62/"));
		ck_assert_ptr_null(strstr(outcome.report, "/5 "));
	} else {
		ck_assert_ptr_null(strstr(outcome.errors, "refused"));
		ck_assert_ptr_nonnull(strstr(outcome.report, "socket: 1 62/11/5 31000\n"));
	}
	free(outcome.report), free(outcome.errors);
}
END_TEST

static const struct {
	size_t size;
	const char *error;
} sizes[] = {
	{ 100, NULL },
	{ LIMIT - 1, NULL },
	{ LIMIT, NULL },
	{ LIMIT + 1, "is refused: it is larger than 1 MiB" },
};

START_TEST(sized)
{
	struct trial trial = { .file = write_file(sizes[_i].size) };
	struct stat file;

	ck_assert_int_eq(stat(trial.file, &file), 0);
	ck_assert_uint_eq((size_t)file.st_size, sizes[_i].size);
	compare(trial, victim_path(), sizes[_i].error);
}
END_TEST

/* root's files are taken, and one's own. */
static const struct {
	uid_t owner;
	const char *user;
	bool taken;
} owners[] = {
	{ 0, NULL, true },     { SOMEBODY, NULL, false },     { NOBODY, NULL, false },
	{ 0, "nobody", true }, { SOMEBODY, "nobody", false }, { NOBODY, "nobody", true },
};

static void compare_owner(int libc, int row)
{
	const char *program = victim_of(libc);
	struct trial trial = { .file = write_file(100), .user = owners[row].user };

	if (!program)
		SKIP("built without musl-gcc");
	if (geteuid())
		SKIP("only root can give a file away");
	ck_assert_int_eq(chown(trial.file, owners[row].owner, 0), 0);
	compare(trial, program,
		owners[row].taken ? NULL : "is refused: its owner is neither root nor this user");
}

START_TEST(owned_glibc)
{
	compare_owner(0, _i);
}
END_TEST

START_TEST(owned_musl)
{
	compare_owner(MUSL, _i);
}
END_TEST

/* One's own, whoever one is. */
START_TEST(owned_by_oneself)
{
	struct trial trial = { .file = write_file(100) };

	compare(trial, victim_path(), NULL);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reading");
	TCase *tcase = harness_case(suite, "reading", 60);

	tcase_add_loop_test(tcase, unreadable, 0, 2);
	tcase_add_loop_test(tcase, interrupted, 0, 2);
	tcase_add_loop_test(tcase, growing, 0, COUNT(growths));
	tcase_add_loop_test(tcase, sized, 0, COUNT(sizes));
	tcase = harness_case(suite, "owner", 60);
	tcase_add_loop_test(tcase, owned_glibc, 0, COUNT(owners));
	tcase_add_loop_test(tcase, owned_musl, 0, COUNT(owners));
	tcase_add_test(tcase, owned_by_oneself);
	return harness_run(suite);
}
