/* Other processes: who they are, and whether we may look at them. */
#ifndef KEEPALIVE_PROCESS_H
#define KEEPALIVE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/verb.h"

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct process {
	pid_t pid;
	int pidfd;           /* -1: it is closed, or could not be had, with the error in `refused` */
	int refused;
	int closed;          /* the error with which its descriptors may not be seen */
	char executable[64]; /* its base name; empty where it may not be read */
	char program[64];    /* what it was called as: of a script that, not the interpreter */
};

/* A process that was found, and what had started it. */
struct relative {
	pid_t pid, parent; /* parent 0: it does not matter */
};

enum process_error { PROCESS_FINE, PROCESS_GONE, PROCESS_CLOSED, PROCESS_WITHOUT_PROC };

/* Only who it is, and not opened: its names are empty where it has ended. */
void process_identify(struct process *process, pid_t pid);

/*
 * Opens a process. PROCESS_CLOSED: it is there, but its descriptors may not be seen. PROCESS_GONE:
 * also one that has ended and is not waited for yet.
 */
enum process_error process_open(struct process *process, pid_t pid);
void process_close(struct process *process);

/* True of a zombie too, which has no sockets any more. */
bool process_has_ended(const struct process *process);

/* The same for one from process_tree; PROCESS_GONE if the number is another's by now. */
enum process_error process_open_child(struct process *process, const struct relative *child);

/* Says on stderr what process_open returned, if it is a code; the exit status for it. */
int process_report(const struct process *process, enum process_error code);

/* The effective user with which it was started. Returns false if that may not be seen. */
bool process_user(pid_t pid, uint32_t *user);

/* Whether the library is loaded in it. */
enum answer process_has_library(const struct process *process);

/* All processes; to be freed, ended by 0. Does not return where /proc is not mounted. */
pid_t *process_all(void);

/* One, and all that it and those have started; to be freed, ended by pid 0. */
struct relative *process_tree(pid_t root);

/* The path of something that /proc has of a process. */
struct proc_path {
	char at[96];
};
struct proc_path proc_path(pid_t pid, const char *what);

#endif
