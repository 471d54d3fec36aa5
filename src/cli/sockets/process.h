/* Other processes: who they are, and whether we may look at them. */
#ifndef KEEPALIVE_PROCESS_H
#define KEEPALIVE_PROCESS_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct process {
	pid_t pid;
	int pidfd; /* -1: closed, or not to be had, with the error in `refused` */
	int refused;
	int closed;          /* the error with which its descriptors may not be seen */
	char executable[64]; /* its base name; empty if it may not be read */
	char program[64]; /* the name it was called by: that of a script, not of its interpreter */
};

/* A process, and its parent. */
struct relative {
	pid_t pid, parent; /* parent 0: it does not matter */
};

enum process_error { PROCESS_FINE, PROCESS_GONE, PROCESS_CLOSED, PROCESS_WITHOUT_PROC };

/* Reads the names alone, without opening the process; they are empty if it has ended. */
void process_identify(struct process *process, pid_t pid);

/*
 * Opens a process. PROCESS_CLOSED: it is there, but its descriptors may not be seen. PROCESS_GONE:
 * also one that has ended and is not waited for yet.
 */
enum process_error process_open(struct process *process, pid_t pid);
void process_close(struct process *process);

/* Returns true if it has ended, also of a zombie, which has no sockets any more. */
bool process_has_ended(const struct process *process);

/* The same for one from process_tree; PROCESS_GONE if the number is another's by now. */
enum process_error process_open_child(struct process *process, const struct relative *child);

/* The effective user with which it was started. Returns false if that may not be seen. */
bool process_user(pid_t pid, uint32_t *user);

/* Returns whether the library is loaded in it. */
enum answer process_has_library(const struct process *process);

/* Returns all processes, 0 after the last, to be freed; NULL if there is a proc_problem(). */
pid_t *process_all(void);

/* Returns a process and all its descendants, pid 0 after the last, to be freed. */
struct relative *process_tree(pid_t root);

#endif
