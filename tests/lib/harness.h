/* Runs a program's test cases with check, says what came of them as TAP, and knows skipped ones. */
#ifndef TESTS_HARNESS_H
#define TESTS_HARNESS_H

#include <check.h>
#include <stddef.h>

/* As ck_assert, with the place of the caller: for assertions in functions that tests share. */
#define HERE __FILE__, __LINE__

/* Ends the test that runs: it cannot run here, and `reason` (printf-like) says why. */
#define SKIP(...)                                                                                  \
	do {                                                                                       \
		harness_skip(__VA_ARGS__);                                                         \
		return;                                                                            \
	} while (0)

void harness_skip(const char *reason, ...) __attribute__((format(printf, 1, 2)));

/*
 * A new test case of `suite`; `timeout` in seconds for each of its tests. Use it in place of
 * tcase_create, or SKIP does not work.
 */
TCase *harness_case(Suite *suite, const char *name, double timeout);

/* Runs all of `suite`; the exit status for main(). */
int harness_run(Suite *suite);

/*
 * A directory that everybody may read, made at the first call and removed when harness_run ends;
 * and a path inside it, the same static buffers each eighth time.
 */
const char *scratch(void);
const char *scratch_path(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Writes `content` into a new file of the scratch directory; its path. */
const char *scratch_file(const char *name, const char *content);

/*
 * `json` without what is between its words, in place: versions of libsmartcols print other blanks
 * and line ends there.
 */
char *compact_json(char *json);

/* All of a file; "" where it cannot be read. To be freed. */
char *read_whole(const char *path);

/*
 * All of a file, mapped to be read, until the end of the program; its size in *size, unless that is
 * NULL. Fails the test if the file cannot be read.
 */
const void *map_whole(const char *path, size_t *size);

/* A file of the source tree, and one that was built. */
const char *source_path(const char *relative);
const char *build_path(const char *relative);

/*
 * A file that was built, copied into the scratch directory once: every user may read it there,
 * however closed the build directory is. Never freed, tests are short. The second is the library
 * under test.
 */
const char *public_copy(const char *relative);
const char *shim_path(void);

/* The file of libkeepalive 0.3. Our package libkeepalive0 has a link of that name: have_ancestor()
 * is true only for 0.3. */
#define ANCESTOR "/usr/lib/libkeepalive.so.0"
int have_ancestor(void);

/* True if the program is to be found in PATH or the directories for administrators. */
int have_program(const char *name);

/* Programs of PostgreSQL's server: their paths after find_postgres(), else bare names. */
extern char postgres_path[256], initdb_path[256];
void find_postgres(void);

#endif
