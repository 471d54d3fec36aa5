/* Runs a program's test cases with check, says what came of them as TAP, and knows skipped ones. */
#define _GNU_SOURCE
#include "lib/harness.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TESTS_MAX = 1000, REASON_MAX = 160 };

/* Shared with the processes in which check runs the tests, one after the other. */
static struct shared {
	int begun;
	char reason[TESTS_MAX][REASON_MAX];
} * shared;

static char scratch_folder[64];

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(99);
}

static struct shared *get_shared(void)
{
	if (!shared) {
		shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		if (shared == MAP_FAILED)
			die("mmap");
	}
	return shared;
}

static void count_test(void)
{
	get_shared()->begun++;
}

void harness_skip(const char *reason, ...)
{
	va_list arguments;

	va_start(arguments, reason);
	vsnprintf(get_shared()->reason[shared->begun - 1], REASON_MAX, reason, arguments);
	va_end(arguments);
}

TCase *harness_case(Suite *suite, const char *name, double timeout)
{
	TCase *tcase = tcase_create(name);

	get_shared();
	tcase_add_checked_fixture(tcase, count_test, NULL);
	tcase_set_timeout(tcase, timeout);
	suite_add_tcase(suite, tcase);
	return tcase;
}

static int remove_entry(const char *path, const struct stat *file, int kind, struct FTW *place)
{
	(void)file, (void)kind, (void)place;
	return remove(path);
}

static void remove_scratch(void)
{
	if (*scratch_folder)
		nftw(scratch_folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* "ok 1 - DIRECTORY/test.c:case:test: ..." without the directory. */
static void cut_folder(char *line)
{
	char *name = strstr(line, " - "), *slash;

	while (name && (slash = memchr(name, '/', strcspn(name, ":"))))
		memmove(name + 3, slash + 1, strlen(slash));
}

/* Copies check's own TAP to stdout, with the word SKIP where a test said so. */
static void print_results(const char *path)
{
	FILE *results = fopen(path, "r");
	char line[4096];
	int test = 0;

	if (!results)
		die(path);
	while (fgets(line, sizeof line, results)) {
		line[strcspn(line, "\n")] = 0;
		cut_folder(line);
		if (!strncmp(line, "ok ", 3) || !strncmp(line, "not ok ", 7))
			test++;
		if (!strncmp(line, "ok ", 3) && *shared->reason[test - 1])
			printf("%s # SKIP %s\n", line, shared->reason[test - 1]);
		else
			printf("%s\n", line);
	}
	fclose(results);
}

int harness_run(Suite *suite)
{
	SRunner *runner = srunner_create(suite);
	char path[sizeof scratch_folder + 16];
	int failed;

	unsetenv("LD_PRELOAD");
	shim_path(); /* before check forks */
	snprintf(path, sizeof path, "%s/results.tap", scratch());
	srunner_set_tap(runner, path);
	srunner_run_all(runner, CK_SILENT);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	print_results(path);
	remove_scratch();
	return failed ? 1 : 0;
}

const char *scratch(void)
{
	if (!*scratch_folder) {
		umask(022); /* a file that its group may write to is no configuration */
		snprintf(scratch_folder, sizeof scratch_folder, "/tmp/keepalive-test.XXXXXX");
		if (!mkdtemp(scratch_folder) || chmod(scratch_folder, 0755))
			die(scratch_folder);
	}
	return scratch_folder;
}

static char *next_buffer(void)
{
	static char buffers[8][512];
	static unsigned int next;

	return buffers[next++ % 8];
}

const char *scratch_path(const char *format, ...)
{
	char *path = next_buffer();
	va_list arguments;
	int length = snprintf(path, 512, "%s/", scratch());

	va_start(arguments, format);
	vsnprintf(path + length, (size_t)(512 - length), format, arguments);
	va_end(arguments);
	return path;
}

const char *scratch_file(const char *name, const char *content)
{
	const char *path = scratch_path("%s", name);
	FILE *file = fopen(path, "w");

	if (!file || fputs(content, file) < 0 || fclose(file))
		die(path);
	return path;
}

char *compact_json(char *json)
{
	bool quoted = false;
	char *to = json;

	for (const char *at = json; *at; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (*at == '\\' && at[1])
			*to++ = *at++;
		if (quoted || !strchr(" \n", *at))
			*to++ = *at;
	}
	*to = 0;
	return json;
}

const void *map_whole(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat file;
	void *at;

	ck_assert_msg(fd >= 0 && !fstat(fd, &file), "%s cannot be read", path);
	at = mmap(NULL, (size_t)file.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	close(fd);
	ck_assert_ptr_ne(at, MAP_FAILED);
	if (size)
		*size = (size_t)file.st_size;
	return at;
}

char *read_whole(const char *path)
{
	FILE *file = fopen(path, "r");
	size_t length = 0, got;
	char *content = malloc(1);

	while (file && content) {
		content = realloc(content, length + 65536);
		got = content ? fread(content + length, 1, 65535, file) : 0;
		length += got;
		if (!got)
			break;
	}
	if (file)
		fclose(file);
	if (!content)
		die(path);
	content[length] = 0;
	return content;
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
	char buffer[65536];
	ssize_t length;

	if (in < 0 || out < 0)
		die(from);
	while ((length = read(in, buffer, sizeof buffer)) > 0)
		if (write(out, buffer, (size_t)length) != length)
			die(to);
	close(in);
	if (length < 0 || close(out))
		die(to);
}

static const char *in_folder(const char *variable, const char *relative)
{
	const char *directory = getenv(variable);
	char *path = next_buffer();

	snprintf(path, 512, "%s/%s", directory ? directory : ".", relative);
	return path;
}

const char *source_path(const char *relative)
{
	return in_folder("TEST_SOURCE", relative);
}

const char *build_path(const char *relative)
{
	return in_folder("TEST_BUILD", relative);
}

const char *public_copy(const char *relative)
{
	const char *slash = strrchr(relative, '/');
	const char *path = scratch_path("%s", slash ? slash + 1 : relative);

	if (access(path, F_OK))
		copy_file(build_path(relative), path);
	return strdup(path);
}

const char *shim_path(void)
{
	static const char *path;

	if (!path)
		path = public_copy(".libs/libkeepalive.so");
	return path;
}

int have_ancestor(void)
{
	char path[PATH_MAX];

	return realpath(ANCESTOR, path) && !strcmp(path, "/usr/lib/libkeepalive.so");
}

int have_program(const char *name)
{
	static const char *const directories[] = { "/usr/bin",        "/usr/sbin", "/usr/local/bin",
						   "/usr/local/sbin", "/bin",      "/sbin" };
	char path[256];

	if (strchr(name, '/'))
		return !access(name, X_OK);
	for (size_t i = 0; i < sizeof directories / sizeof *directories; i++) {
		snprintf(path, sizeof path, "%s/%s", directories[i], name);
		if (!access(path, X_OK))
			return 1;
	}
	return 0;
}

char postgres_path[256], initdb_path[256];

/* Of PostgreSQL's server Debian keeps a directory for each version, out of PATH. */
static void find_in_postgres(const char *name, char *path, size_t size)
{
	glob_t directories;

	if (!glob("/usr/lib/postgresql/*/bin", 0, NULL, &directories))
		snprintf(path, size, "%s/%s", directories.gl_pathv[directories.gl_pathc - 1], name);
	else
		snprintf(path, size, "%s", name);
	globfree(&directories);
}

void find_postgres(void)
{
	find_in_postgres("postgres", postgres_path, sizeof postgres_path);
	find_in_postgres("initdb", initdb_path, sizeof initdb_path);
}
