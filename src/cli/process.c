/* Other processes: who they are, and the TCP sockets that they have, read and held from outside. */
#include "cli/process.h"

#include <ctype.h>
#include <dirent.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/flags.h"
#include "cli/memory.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

#define LIBRARY "/libkeepalive.so"

enum { PROC_PATH_SIZE = 96, WHAT_SIZE = 64, COMM_LENGTH = 15 };

/* The path of something that /proc has of a process. */
struct proc_path {
	char at[PROC_PATH_SIZE];
};

static struct proc_path proc_path(pid_t pid, const char *what)
{
	struct proc_path path;

	snprintf(path.at, sizeof path.at, "/proc/%d/%s", pid, what);
	return path;
}

static void read_first_line(const struct process *process, const char *what, char *to, size_t size)
{
	FILE *file = fopen(proc_path(process->pid, what).at, "re");

	*to = 0;
	if (!file)
		return;
	if (fgets(to, (int)size, file))
		to[strcspn(to, "\n")] = 0;
	fclose(file);
}

static void read_executable(struct process *process)
{
	static const char deleted[] = " (deleted)";
	char target[PATH_MAX];
	ssize_t length = readlink(proc_path(process->pid, "exe").at, target, sizeof target - 1);
	char *end;

	target[length > 0 ? length : 0] = 0;
	end = strstr(target, deleted);
	if (end && !end[sizeof deleted - 1])
		*end = 0;
	snprintf(process->executable, sizeof process->executable, "%.*s",
		 (int)sizeof process->executable - 1, basename(target));
}

/*
 * A process can call itself anything, and the kernel cuts long names within a letter; a terminal is
 * not to be moved by that, nor is JSON to be spoilt.
 */
static void clean(char *name)
{
	while (*name) {
		size_t length = text_visible(text_of(name));

		if (!length)
			*name = '?';
		name += length ? length : 1;
	}
}

/*
 * What it was called as, which is what people know it by: its executable may be an interpreter, or a
 * file with many names. The kernel keeps the first letters only; the rest may be found elsewhere.
 */
static void read_program(struct process *process)
{
	char words[PATH_MAX];
	const char *name = process->executable;

	read_first_line(process, "comm", process->program, sizeof process->program);
	if (strlen(process->program) == COMM_LENGTH &&
	    strncmp(name, process->program, COMM_LENGTH)) {
		read_first_line(process, "cmdline", words, sizeof words);
		name = basename(words);
	}
	if (!*process->program || (strlen(process->program) == COMM_LENGTH &&
				   !strncmp(name, process->program, COMM_LENGTH)))
		snprintf(process->program, sizeof process->program, "%.*s",
			 (int)sizeof process->program - 1, name);
}

enum answer process_has_library(const struct process *process)
{
	FILE *file = fopen(proc_path(process->pid, "maps").at, "re");
	enum answer answer = ANSWER_NO;
	char *line = NULL;
	size_t size = 0;

	if (!file)
		return ANSWER_UNKNOWN;
	while (answer == ANSWER_NO && getline(&line, &size, file) > 0) {
		const char *at = strstr(line, LIBRARY);

		/* Its whole name, or a file that was replaced since. */
		if (at && strchr("\n ", at[sizeof LIBRARY - 1]))
			answer = ANSWER_YES;
	}
	/* Nobody may read the maps of a process that the kernel keeps closed, yet the file opens. */
	if (answer == ANSWER_NO && (!line || ferror(file)))
		answer = ANSWER_UNKNOWN;
	free(line);
	fclose(file);
	return answer;
}

/* An old kernel, a filter of system calls, or too many open: no word about the process. */
static bool is_our_trouble(int error)
{
	return error == ENOSYS || error == EPERM || error == EMFILE || error == ENFILE;
}

enum process_problem process_open(struct process *process, pid_t pid)
{
	DIR *descriptors;

	*process = (struct process){ .pid = pid };
	process->pidfd = (int)syscall(__NR_pidfd_open, pid, 0);
	if (process->pidfd < 0 && is_our_trouble(errno))
		err(STATUS_FAILED, "pidfd_open");
	if (process->pidfd < 0)
		return PROCESS_GONE;
	read_executable(process);
	read_program(process);
	clean(process->program);
	descriptors = opendir(proc_path(pid, "fd").at);
	if (!descriptors && is_our_trouble(errno))
		err(STATUS_FAILED, "%s", proc_path(pid, "fd").at);
	if (!descriptors) {
		enum process_problem problem = errno == ENOENT ? PROCESS_GONE : PROCESS_CLOSED;

		process_close(process);
		return problem;
	}
	closedir(descriptors);
	return PROCESS_FINE;
}

const char *tcp_state_name(int state)
{
	static const char *const names[] = {
		[TCP_ESTABLISHED] = "ESTABLISHED", [TCP_SYN_SENT] = "SYN-SENT",
		[TCP_SYN_RECV] = "SYN-RECEIVED",   [TCP_FIN_WAIT1] = "FIN-WAIT-1",
		[TCP_FIN_WAIT2] = "FIN-WAIT-2",    [TCP_TIME_WAIT] = "TIME-WAIT",
		[TCP_CLOSE] = "CLOSED",            [TCP_CLOSE_WAIT] = "CLOSE-WAIT",
		[TCP_LAST_ACK] = "LAST-ACK",       [TCP_LISTEN] = "LISTEN",
		[TCP_CLOSING] = "CLOSING",
	};
	const int count = sizeof names / sizeof *names;

	return state > 0 && state < count && names[state] ? names[state] : "";
}

int process_complain(const struct process *process, enum process_problem problem)
{
	if (problem == PROCESS_GONE)
		warnx("%d: no such process", process->pid);
	else if (problem == PROCESS_CLOSED)
		warnx("%d (%s): only root and its own user may look at its sockets", process->pid,
		      process->program);
	return problem ? STATUS_FAILED : STATUS_FINE;
}

void process_close(struct process *process)
{
	if (process->pidfd >= 0)
		close(process->pidfd);
	process->pidfd = -1;
}

static int number_read(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, level, name, &value, &length) ? -errno : value;
}

int option_read(int fd, const struct option *option)
{
	return number_read(fd, option->level, option->name);
}

/* The protocol of a TCP socket; 0: it is none. */
static int tcp_protocol(int fd)
{
	int domain = number_read(fd, SOL_SOCKET, SO_DOMAIN);
	int protocol = number_read(fd, SOL_SOCKET, SO_PROTOCOL);

	if ((domain != AF_INET && domain != AF_INET6) ||
	    number_read(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM)
		return 0;
	return protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP ? protocol : 0;
}

static bool read_end(int fd, int (*ask)(int, struct sockaddr *, socklen_t *),
		     struct address *address, uint16_t *port)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof storage;

	return !ask(fd, (struct sockaddr *)&storage, &length) &&
	       address_from_socket((const struct sockaddr *)&storage, length, address, port);
}

/* What the socket itself tells is newer than what netlink did. */
static void read_socket(struct tcp_socket *socket, int own)
{
	struct diag_socket *kernel = &socket->kernel;
	struct tcp_info info = { 0 };
	socklen_t length = sizeof info;
	int waiting;

	socket->readable = true;
	if (!getsockopt(own, IPPROTO_TCP, TCP_INFO, &info, &length))
		kernel->state = info.tcpi_state;
	if (kernel->state != TCP_LISTEN && !ioctl(own, SIOCOUTQ, &waiting))
		kernel->unacknowledged = waiting;
	for (size_t id = 0; id < OPTIONS; id++)
		socket->value[id] = option_read(own, &option_table[id]);
	socket->addressed = read_end(own, getsockname, &kernel->local, &kernel->local_port);
	if (!read_end(own, getpeername, &kernel->remote, &kernel->remote_port)) {
		kernel->remote = (struct address){ .is_ipv4 = kernel->local.is_ipv4 };
		kernel->remote_port = 0;
	}
}

/* True if our descriptor is still of the socket that was found under that number. */
static bool is_same(int own, ino_t inode)
{
	struct stat file;

	return !fstat(own, &file) && file.st_ino == inode;
}

static void visit_socket(const struct process *process, const struct diag *diag, int fd,
			 ino_t inode, tcp_socket_visit *visit, void *context)
{
	struct diag_socket *told = diag_find(diag, inode);
	struct tcp_socket socket = { .process = process, .fd = fd, .protocol = IPPROTO_TCP };
	int own = (int)syscall(__NR_pidfd_getfd, process->pidfd, fd, 0);

	if (told) {
		told->seen = true;
		socket.kernel = *told;
		socket.addressed = true;
	} else {
		socket.kernel = (struct diag_socket){ .inode = inode, .user = (uid_t)-1,
						      .timer = TIMER_UNKNOWN };
	}
	if (own < 0) {
		if (told && errno == EPERM)
			visit(context, &socket, -1);
		return;
	}
	if (is_same(own, inode)) {
		socket.protocol = tcp_protocol(own);
		if (socket.protocol)
			read_socket(&socket, own);
		visit(context, &socket, own);
	}
	close(own);
}

void process_visit(const struct process *process, tcp_socket_visit *visit, tcp_socket_skip *skip,
		   void *context)
{
	const struct diag *diag = diag_of(process->pid);
	DIR *folder = opendir(proc_path(process->pid, "fd").at);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		char link[PROC_PATH_SIZE];
		ssize_t length = readlinkat(dirfd(folder), entry->d_name, link, sizeof link - 1);
		unsigned long inode;

		link[length > 0 ? length : 0] = 0;
		if (sscanf(link, "socket:[%lu]", &inode) == 1 && !(skip && skip(context, inode)))
			visit_socket(process, diag, atoi(entry->d_name), inode, visit, context);
	}
	if (folder)
		closedir(folder);
}

/* Process ids, in memory that grows. */
struct pids {
	pid_t *at;
	size_t count, room;
};

static void add_pid(struct pids *pids, pid_t pid)
{
	if (pids->count == pids->room) {
		pids->room = pids->room ? 2 * pids->room : 256;
		pids->at = expect_memory(reallocarray(pids->at, pids->room, sizeof *pids->at));
	}
	pids->at[pids->count++] = pid;
}

pid_t *process_all(void)
{
	DIR *folder = opendir("/proc");
	struct pids pids = { 0 };
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (isdigit((unsigned char)entry->d_name[0]))
			add_pid(&pids, atoi(entry->d_name));
	if (folder)
		closedir(folder);
	/* At least we are there. */
	if (!pids.count)
		errx(STATUS_FAILED, "/proc is not mounted");
	add_pid(&pids, 0);
	return pids.at;
}

static void add_children(struct pids *pids, pid_t pid, const char *task)
{
	char what[WHAT_SIZE];
	FILE *file;
	int child;

	snprintf(what, sizeof what, "task/%.16s/children", task);
	file = fopen(proc_path(pid, what).at, "re");
	while (file && fscanf(file, "%d", &child) == 1)
		add_pid(pids, child);
	if (file)
		fclose(file);
}

pid_t *process_tree(pid_t root)
{
	struct pids pids = { 0 };

	add_pid(&pids, root);
	for (size_t i = 0; i < pids.count; i++) {
		DIR *tasks = opendir(proc_path(pids.at[i], "task").at);
		struct dirent *entry;

		/* Any thread may have forked. */
		while (tasks && (entry = readdir(tasks)))
			if (entry->d_name[0] != '.')
				add_children(&pids, pids.at[i], entry->d_name);
		if (tasks)
			closedir(tasks);
	}
	add_pid(&pids, 0);
	return pids.at;
}

pid_t process_id(const struct verb *verb, const char *word)
{
	struct text text = text_of(word);
	uint32_t number;

	if (!text_number(&text, &number) || text.length || !number || number > INT_MAX)
		flags_wrong(verb, "\"%s\" is not a process id", word);
	return (pid_t)number;
}
