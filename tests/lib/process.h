/* Starts real programs, with the shim or without it, and stops them and all that they started. */
#ifndef TESTS_PROCESS_H
#define TESTS_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>
#include <time.h>

enum { ENVIRONMENT_MAX = 24 };

struct command {
	const char *const
		*argv;       /* argv[0] is looked for in PATH and the administrators' directories */
	const char *preload; /* what LD_PRELOAD is to be in the program; NULL: nothing */
	const char *environment[ENVIRONMENT_MAX]; /* NAME=VALUE each, over ours */
	const char *directory;                    /* to start in; NULL: the scratch directory */
	const char *user; /* whom to become, where we are root; NULL: nobody else */
	const int *
		descriptors; /* to be 0, 1, 2, 3... in the program; -1 ends them; NULL: see below */
};

struct process {
	pid_t pid;
	int input;        /* writes to its stdin, as long as `descriptors` is NULL */
	char output[128]; /* the file that its stdout goes to */
	char errors[128]; /* the file that its stderr goes to */
};

/*
 * Starts `command`. The variables of the shim and LD_PRELOAD are taken out of our own environment
 * first, and KEEPALIVE_CONF is set to nothing unless the command says otherwise, so that no test
 * sees what this machine has configured. Fails the test where it cannot be started.
 */
struct process process_start(const struct command *command);

/* Waits for its end; the exit status, or 128 + signal. Fails the test after `seconds`. */
int process_wait(struct process *process, double seconds);

/* True if the struct process at `context` has ended; it is still to be waited for. */
bool has_ended(void *context);

/* Ends it and all of its descendants, by process id, and waits for them. */
void process_stop(struct process *process);

/* Starts it, waits for its end and gives its whole stdout, to be freed; its status in *status. */
char *process_run(const struct command *command, int *status);
/* The same with its stderr too, to be freed. */
char *process_run_both(const struct command *command, int *status, char **errors);

/* The time in seconds; of the epoch with CLOCK_REALTIME. */
double now(clockid_t clock);

/*
 * Asks `condition` every few milliseconds until it is true. False, after `seconds`, if it never
 * was.
 */
bool wait_until(bool (*condition)(void *context), void *context, double seconds);

/* True as soon as the file at `path` holds `word` in a line that is complete. */
bool wait_for_word(const char *path, const char *word, double seconds);

/* Runs a tool that a test needs, as `user` where we are root; fails the test unless it succeeds. */
void run_tool(const char *const *argv, const char *user);

/* True if the tests may make a network namespace, with its loopback interface up. */
bool have_network_namespaces(void);

/* A TCP port of the loopback address that nobody has at the stage; the kernel picks it. */
int free_port(void);

#endif
