/* Starts programs on the hosts of the wire, and tells those that hang from those that do not. */
#ifndef TESTS_HANG_H
#define TESTS_HANG_H

#include "lib/process.h"
#include "network/wire.h"

/* NAME=VALUE each, up to a NULL. */
typedef const char *const settings[8];

/* Seconds that something may come later, or sooner, than the settings say. */
#define LATE 1.0
#define EARLY 0.1

/* Starts a program in a host; under the shim, unless `set` is NULL. As `user` where we are root. */
struct process start_in(enum host host, const char *const *set, const char *const *argv,
			const char *user);

/* Starts hang.py with `arguments`, words with a space between; returns when it has said `word`. */
struct process start_hang(enum host host, const char *const *set, const char *word,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Writes a line to its stdin. */
void hand_line(const struct process *process, const char *line);

/* Waits until hang.py says `word`; when that was, in seconds of the epoch. */
double expect_said(const struct process *process, const char *word, double seconds);

/* The local port that hang.py has connected from. */
int connected_port(const struct process *process);

/* Fails the test if the program has ended, or if hang.py says that it was freed. */
void expect_hanging(const struct process *process, const char *what);

/* Waits until the program has ended; its status, as process_wait has it. */
int expect_end(struct process *process, const char *what, double seconds);

/*
 * Waits until hang.py says that it was freed by `how`, and has ended; when that was.
 */
double expect_freed(struct process *process, const char *how, double seconds);

/* Waits for that long; for what can be told by nothing but that nothing happens. */
void wait_for(double seconds);

/*
 * Says what was measured; fails the test unless it is `expected` seconds, EARLY or LATE at most;
 * times of more than 16 seconds may be later.
 */
void expect_time(const char *what, double time, double expected);

/*
 * Holds a silence against keepalive: `count` probes, from `idle` on and then each `interval`, and
 * the end of the connection one interval after the last.
 */
void expect_probes(const char *what, const struct silence *silence, int idle, int interval,
		   int count);

#endif
