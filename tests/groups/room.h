/* A control group, with a network namespace of its own, that the test itself is in. */
#ifndef TESTS_ROOM_H
#define TESTS_ROOM_H

#include <check.h>
#include <stdbool.h>

/* Our settings as flags, and what sockets have with them and without. */
#define SETTINGS "--idle 61 --interval 11 --count 7 --user-timeout 31s"
#define SET_BY_US "1 61/11/7 31000"
#define LEFT_ALONE "0 7200/75/9 0"

/* For each test; machines that are emulated are slow. */
enum { ROOM_SECONDS = 240 };

/* Finds out whether there can be groups with our programs here; for main(), before the tests. */
void room_look(void);

/* Enters a new group and namespace. Returns NULL, or why it cannot be had. */
const char *room_enter(void);

/* The same in a test, which ends if it cannot be had. */
#define ENTER_ROOM()                                                                               \
	do {                                                                                       \
		const char *missing = room_enter();                                                \
		if (missing)                                                                       \
			SKIP("%s", missing);                                                       \
	} while (0)

/* Removes the groups of all tests; for main(). */
void room_remove(void);

/* The path of the group; of a new one in it, which is entered; goes back to the outer one. */
const char *room_group(void);
const char *room_enter_inner(void);
void room_leave_inner(void);

/* The group is the root of the control groups that are mounted there. */
void room_mount(const char *path);

/*
 * Calls keepalive with the words, blanks between them; fails the test unless it succeeds. Returns
 * what attach reports of older sockets, or "".
 */
const char *keepalive(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What a call that fails says on stderr; fails the test if it succeeds. Never freed. */
const char *keepalive_fails(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What the host program prints (tests/groups/host.c) with these words; never freed. */
const char *host(const char *program, const char *words);

/* True if this kernel is that release or a later one. */
bool kernel_is(int major, int minor);

/* Runs the suite between room_look() and room_remove(). Returns the exit status. */
int room_run(Suite *(*suite)(void));

#endif
