/* Other processes: who they are, and the TCP sockets that they have, read and held from outside. */
#ifndef KEEPALIVE_PROCESS_H
#define KEEPALIVE_PROCESS_H

#include "cli/diag.h"
#include "cli/verb.h"
#include "core/option.h"

enum answer { ANSWER_UNKNOWN, ANSWER_NO, ANSWER_YES };

struct process {
	pid_t pid;
	int pidfd;
	char executable[64]; /* its base name; empty where it may not be read */
	char program[64];    /* what it was called as: of a script that, not the interpreter */
};

/* How one descriptor of a process stands. What is not known is -1, numbers of options are -errno. */
struct tcp_socket {
	const struct process *process; /* NULL: not known */
	int fd;
	bool readable;                 /* false: what follows is what netlink tells */
	int protocol;                  /* IPPROTO_TCP or IPPROTO_MPTCP */
	int value[OPTIONS];
	bool addressed;                /* local and remote are known */
	struct diag_socket kernel;
};

enum process_problem { PROCESS_FINE, PROCESS_GONE, PROCESS_CLOSED };

/*
 * Opens a process. PROCESS_CLOSED: it is there, but its descriptors may not be looked at. Does not
 * return where no process can be opened at all.
 */
enum process_problem process_open(struct process *process, pid_t pid);
void process_close(struct process *process);

/* Says on stderr what process_open returned, if it is a problem; the exit status for it. */
int process_complain(const struct process *process, enum process_problem problem);

/* Whether the library is loaded in it. */
enum answer process_has_library(const struct process *process);

/*
 * Calls `visit` for each of its sockets, with a descriptor of ours for the same socket, which lives
 * until `visit` returns; -1 where that may not be had. Of a socket that is none of TCP protocol is 0,
 * and only the inode is told. Sockets that come or go meanwhile may be left out; nothing is changed.
 * Those that `skip` (NULL: none) is true for are left out, and not touched at all.
 */
typedef void tcp_socket_visit(void *context, struct tcp_socket *socket, int own);
typedef bool tcp_socket_skip(void *context, ino_t inode);
void process_visit(const struct process *process, tcp_socket_visit *visit, tcp_socket_skip *skip,
		   void *context);

/* As RFC 9293 has them: "ESTABLISHED". */
const char *tcp_state_name(int state);

/* Reads an option of a socket; -errno where that fails. */
int option_read(int fd, const struct option *option);

/*
 * All processes, or one and all that it and those have started; to be freed, ended by 0. The first
 * does not return where /proc is not mounted.
 */
pid_t *process_all(void);
pid_t *process_tree(pid_t root);

/* A process id; does not return where the word is none. */
pid_t process_id(const struct verb *verb, const char *word);

#endif
