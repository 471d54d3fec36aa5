/* Other processes: who they are, and whether we may look at them. */
#include "cli/sockets/process.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/base/name.h"
#include "cli/base/pids.h"
#include "cli/sockets/ending.h"
#include "cli/sockets/proc.h"

#define LIBRARY "/libkeepalive.so"

enum { WHAT_SIZE = 64, COMM_LENGTH = 15 };

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
 * Finds the name by which the program was called, which people know: its executable may be an
 * interpreter, or a file with many names. The kernel keeps only the first letters; the rest may be
 * in the executable's name or on the command line.
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

		/* The whole name, or that of a file that was replaced since. */
		if (at && strchr("\n ", at[sizeof LIBRARY - 1]))
			answer = ANSWER_YES;
	}
	/* The maps of a process that may not be traced can be opened, but not read. */
	if (answer == ANSWER_NO && (!line || ferror(file)))
		answer = ANSWER_UNKNOWN;
	free(line);
	fclose(file);
	return answer;
}

static pid_t parent_of(pid_t pid)
{
	FILE *file = fopen(proc_path(pid, "status").at, "re");
	char line[WHAT_SIZE];
	int parent = 0;

	while (file && !parent && fgets(line, sizeof line, file))
		if (sscanf(line, "PPid: %d", &parent) != 1)
			parent = 0;
	if (file)
		fclose(file);
	return parent;
}

/* Returns the error with which its descriptors may not be seen; 0 if there is none. Some can be
 * listed, but not read. */
static int descriptors_error(pid_t pid)
{
	DIR *directory = opendir(proc_path(pid, "fd").at);
	struct dirent *entry;
	int error = directory ? 0 : errno;

	while (directory && !error && (entry = readdir(directory))) {
		char byte;

		if (entry->d_name[0] == '.')
			continue;
		if (readlinkat(dirfd(directory), entry->d_name, &byte, 1) > 0)
			break;
		error = errno == ENOENT ? 0 : errno;
	}
	if (directory)
		closedir(directory);
	return error;
}

void process_identify(struct process *process, pid_t pid)
{
	*process = (struct process){ .pid = pid, .pidfd = -1 };
	read_executable(process);
	read_program(process);
	/* A process can call itself anything, and the kernel cuts long names within a character. */
	name_clean(process->program);
}

bool process_has_ended(const struct process *process)
{
	struct pollfd end = { .fd = process->pidfd, .events = POLLIN };

	if (process->pidfd < 0)
		return process->closed == ENOENT;
	return poll(&end, 1, 0) > 0;
}

enum process_error process_open(struct process *process, pid_t pid)
{
	int pidfd, error;
	bool ended;

	*process = (struct process){ .pid = pid, .pidfd = -1 };
	if (proc_problem())
		return PROCESS_WITHOUT_PROC;
	pidfd = (int)syscall(__NR_pidfd_open, pid, 0);
	error = pidfd < 0 ? errno : 0;
	if (error == ESRCH || error == EINVAL || error == ENOENT)
		return PROCESS_GONE;
	process_identify(process, pid);
	process->pidfd = pidfd;
	process->refused = error;
	process->closed = descriptors_error(pid);
	ended = (process->closed && process_is_ending(pid)) || process_has_ended(process);
	if (!process->closed && !ended)
		return PROCESS_FINE;
	process_close(process);
	return ended ? PROCESS_GONE : PROCESS_CLOSED;
}

enum process_error process_open_child(struct process *process, const struct relative *child)
{
	enum process_error code = process_open(process, child->pid);

	/* Its number may have been given to another since it was found. */
	if (code == PROCESS_GONE || !child->parent || parent_of(child->pid) == child->parent)
		return code;
	process_close(process);
	return PROCESS_GONE;
}

void process_close(struct process *process)
{
	if (process->pidfd >= 0)
		close(process->pidfd);
	process->pidfd = -1;
}

pid_t *process_all(void)
{
	DIR *directory = proc_problem() ? NULL : opendir("/proc");
	struct pids all = { 0 };
	struct dirent *entry;

	if (!directory)
		return NULL;
	while ((entry = readdir(directory)))
		if (isdigit((unsigned char)entry->d_name[0]))
			pids_add(&all, atoi(entry->d_name));
	closedir(directory);
	pids_add(&all, 0);
	return all.at;
}

/* Processes, in memory that grows. */
struct relatives {
	struct relative *at;
	size_t count, room;
};

static void add_relative(struct relatives *relatives, pid_t pid, pid_t parent)
{
	relatives->at = memory_for_more(relatives->at, relatives->count, &relatives->room,
					sizeof *relatives->at);
	relatives->at[relatives->count++] = (struct relative){ pid, parent };
}

static void add_children(struct relatives *relatives, pid_t pid, const char *task)
{
	char what[WHAT_SIZE];
	FILE *file;
	int child;

	snprintf(what, sizeof what, "task/%.16s/children", task);
	file = fopen(proc_path(pid, what).at, "re");
	while (file && fscanf(file, "%d", &child) == 1)
		add_relative(relatives, child, pid);
	if (file)
		fclose(file);
}

struct relative *process_tree(pid_t root)
{
	struct relatives tree = { 0 };

	add_relative(&tree, root, 0);
	for (size_t i = 0; i < tree.count; i++) {
		pid_t pid = tree.at[i].pid;
		DIR *tasks = opendir(proc_path(pid, "task").at);
		struct dirent *entry;

		/* Any thread may have forked. */
		while (tasks && (entry = readdir(tasks)))
			if (entry->d_name[0] != '.')
				add_children(&tree, pid, entry->d_name);
		if (tasks)
			closedir(tasks);
	}
	add_relative(&tree, 0, 0);
	return tree.at;
}
