/* Reads the TCP sockets of other processes: the kernel's own values, on the real descriptors. */
#define _GNU_SOURCE
#include "lib/inspect.h"

#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

enum { PIDS_MAX = 128, USER_HZ = 100 };

static int option(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return getsockopt(fd, level, name, &value, &length) ? -errno : value;
}

static int port_of(int fd, int (*name)(int, struct sockaddr *, socklen_t *))
{
	struct sockaddr_storage address = { 0 };
	socklen_t length = sizeof address;

	if (name(fd, (struct sockaddr *)&address, &length))
		return 0;
	if (address.ss_family == AF_INET6)
		return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
	return ntohs(((struct sockaddr_in *)&address)->sin_port);
}

static void find_timer(struct seen *seen, unsigned long inode)
{
	const char *table = seen->domain == AF_INET6 ? "/proc/self/net/tcp6" : "/proc/self/net/tcp";
	FILE *file = fopen(table, "r");
	char line[512];

	seen->timer = -1;
	while (file && fgets(line, sizeof line, file)) {
		unsigned long when, found;
		unsigned int timer;

		if (sscanf(line, "%*d: %*s %*s %*x %*x:%*x %x:%lx %*x %*u %*u %lu", &timer, &when,
			   &found) == 3 &&
		    found == inode) {
			seen->timer = (int)timer;
			seen->timer_left = (double)when / USER_HZ;
		}
	}
	if (file)
		fclose(file);
}

/* False where `fd`, ours for the stage, is no TCP socket. */
static bool look(int fd, struct seen *seen)
{
	struct tcp_info info = { 0 };
	socklen_t length = sizeof info;
	struct stat file;

	seen->domain = option(fd, SOL_SOCKET, SO_DOMAIN);
	seen->protocol = option(fd, SOL_SOCKET, SO_PROTOCOL);
	if ((seen->domain != AF_INET && seen->domain != AF_INET6) ||
	    option(fd, SOL_SOCKET, SO_TYPE) != SOCK_STREAM ||
	    (seen->protocol != IPPROTO_TCP && seen->protocol != IPPROTO_MPTCP))
		return false;
	getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &length);
	seen->state = info.tcpi_state;
	seen->local_port = port_of(fd, getsockname);
	seen->remote_port = port_of(fd, getpeername);
	for (size_t id = 0; id < OPTIONS; id++)
		seen->value[id] = option(fd, option_table[id].level, option_table[id].name);
	if (!fstat(fd, &file))
		find_timer(seen, (unsigned long)file.st_ino);
	return true;
}

int inspect_process(pid_t pid, struct seen *seen, int most)
{
	char path[64], link[64];
	struct dirent *entry;
	int count = 0, pidfd;
	DIR *directory;

	snprintf(path, sizeof path, "/proc/%d/fd", pid);
	pidfd = (int)syscall(__NR_pidfd_open, pid, 0);
	directory = opendir(path);
	while (directory && pidfd >= 0 && count < most && (entry = readdir(directory))) {
		ssize_t length = readlinkat(dirfd(directory), entry->d_name, link, sizeof link - 1);
		int fd;

		if (length < 7 || strncmp(link, "socket:", 7))
			continue;
		fd = (int)syscall(__NR_pidfd_getfd, pidfd, atoi(entry->d_name), 0);
		seen[count] = (struct seen){ .pid = pid, .fd = atoi(entry->d_name) };
		if (fd >= 0 && look(fd, &seen[count]))
			count++;
		if (fd >= 0)
			close(fd);
	}
	if (directory)
		closedir(directory);
	if (pidfd >= 0)
		close(pidfd);
	return count;
}

static int add_children(const char *task_folder, pid_t *pids, int count, int most)
{
	char path[300];
	FILE *children;
	int pid;

	snprintf(path, sizeof path, "%s/children", task_folder);
	children = fopen(path, "r");
	while (children && count < most && fscanf(children, "%d", &pid) == 1)
		pids[count++] = pid;
	if (children)
		fclose(children);
	return count;
}

int inspect_pids(pid_t root, pid_t *pids, int most)
{
	int count = 1;

	pids[0] = root;
	for (int i = 0; i < count; i++) {
		char path[32], task[290];
		struct dirent *entry;
		DIR *tasks;

		/* Any thread may have forked, not only the first. */
		snprintf(path, sizeof path, "/proc/%d/task", pids[i]);
		tasks = opendir(path);
		while (tasks && (entry = readdir(tasks))) {
			if (entry->d_name[0] == '.')
				continue;
			snprintf(task, sizeof task, "%s/%s", path, entry->d_name);
			count = add_children(task, pids, count, most);
		}
		if (tasks)
			closedir(tasks);
	}
	return count;
}

int inspect_tree(pid_t root, struct seen *seen, int most)
{
	pid_t pids[PIDS_MAX];
	int processes = inspect_pids(root, pids, PIDS_MAX);
	int count = 0;

	for (int i = 0; i < processes; i++)
		count += inspect_process(pids[i], seen + count, most - count);
	return count;
}
