/* Control groups (cgroup v2): where they are mounted, and the directories of units and processes.
 */
#include "cli/groups/group.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statfs.h>
#include <time.h>
#include <unistd.h>

/* How many milliseconds another command is waited for at most, and how often is looked. */
enum { TURN_MOST = 5000, TURN_PAUSE = 10 };

/* mountinfo has "\\040" for a blank, and other bytes likewise. */
static void unescape(char *path)
{
	char *to = path;
	unsigned int byte;

	for (; *path; path++)
		if (*path == '\\' && sscanf(path + 1, "%3o", &byte) == 1) {
			*to++ = (char)byte;
			path += 3;
		} else {
			*to++ = *path;
		}
	*to = 0;
}

/*
 * Finds where cgroup v2 is mounted: alone, or beside v1. A mount that shows another root than the
 * one by which /proc names groups does not count: a namespace's root is "/" there.
 */
static bool find_mount(char mount[PATH_MAX], struct failure *failure)
{
	FILE *mounts = fopen("/proc/self/mountinfo", "re");
	char *line = NULL, root[PATH_MAX];
	bool found = false, any = false;
	size_t size = 0;

	while (mounts && !found && getline(&line, &size, mounts) > 0) {
		const char *kind = strstr(line, " - ");

		if (!kind || strncmp(kind + 3, "cgroup2 ", 8))
			continue;
		any = true;
		found = sscanf(line, "%*d %*d %*s %4095s %4095s", root, mount) == 2 &&
			!strcmp(root, "/");
	}
	free(line);
	if (mounts)
		fclose(mounts);
	if (found)
		unescape(mount);
	errno = 0;
	if (!found && any)
		return fail(failure, "the control groups (cgroup2) that are mounted here are not "
				     "those of this namespace");
	return found || fail(failure, "control groups of version 2 (cgroup2) are not mounted here");
}

/* Returns true for a directory of cgroup v2, not of v1 or anything else. */
static bool is_group(int fd)
{
	struct statfs facts;

	return !fstatfs(fd, &facts) && facts.f_type == CGROUP2_SUPER_MAGIC;
}

/* Names an open group as the kernel does: ".." in a path may lead up to the root, or out. */
static bool name_group(struct group *group, const char *mount)
{
	char link[64], path[PATH_MAX];
	size_t length = strlen(mount);
	ssize_t got;

	snprintf(link, sizeof link, "/proc/self/fd/%d", group->fd);
	got = readlink(link, path, sizeof path - 1);
	path[got > 0 ? got : 0] = 0;
	if (strncmp(path, mount, length) || (path[length] && path[length] != '/'))
		return false;
	group->is_root = !path[length];
	snprintf(group->path, sizeof group->path, "%s", group->is_root ? "/" : path + length);
	return true;
}

static bool open_directory(struct group *group, const char *mount, const char *path,
			   struct failure *failure)
{
	char whole[2 * PATH_MAX];

	snprintf(whole, sizeof whole, "%s%s%s", mount, *path == '/' ? "" : "/", path);
	group->fd = open(whole, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (group->fd < 0) {
		int error = errno;

		fail(failure, "control group %s: %s", path, strerror(error));
		errno = error;
		return false;
	}
	if (is_group(group->fd) && name_group(group, mount))
		return true;
	group_close(group);
	errno = 0;
	return fail(failure, "%s is no control group of version 2", whole);
}

/* Reads the line of cgroup v2 of a process: "0::/PATH". */
static bool read_path(int pid, char path[PATH_MAX])
{
	char name[64], *line = NULL, *end;
	size_t size = 0;
	bool found = false;
	FILE *file;

	if (pid)
		snprintf(name, sizeof name, "/proc/%d/cgroup", pid);
	else
		snprintf(name, sizeof name, "/proc/self/cgroup");
	file = fopen(name, "re");
	while (file && !found && getline(&line, &size, file) > 0) {
		if (strncmp(line, "0::/", 4))
			continue;
		end = line + strcspn(line, "\n");
		*end = 0;
		found = snprintf(path, PATH_MAX, "%s", line + 3) < PATH_MAX;
	}
	free(line);
	if (file)
		fclose(file);
	return found;
}

bool group_of_process(struct group *group, int pid, struct failure *failure)
{
	char mount[PATH_MAX], path[PATH_MAX];

	if (!find_mount(mount, failure))
		return false;
	if (!read_path(pid, path))
		return fail(failure, "the process is in no control group of version 2");
	if (!strncmp(path, "/..", 3))
		return fail(failure,
			    "its control group is outside of the ones that are visible here");
	return open_directory(group, mount, path, failure);
}

bool group_at(struct group *group, const char *path, struct failure *failure)
{
	char mount[PATH_MAX], resolved[PATH_MAX];
	size_t length;

	if (!find_mount(mount, failure))
		return false;
	length = strlen(mount);
	if (realpath(path, resolved) && !strncmp(resolved, mount, length) &&
	    (!resolved[length] || resolved[length] == '/'))
		return open_directory(group, mount, resolved + length, failure);
	return open_directory(group, mount, path, failure);
}

bool group_above(const struct group *group, struct group *above)
{
	const char *slash = strrchr(group->path, '/');
	int length = slash && slash > group->path ? (int)(slash - group->path) : 1;

	if (group->is_root)
		return false;
	above->fd = openat(group->fd, "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	snprintf(above->path, sizeof above->path, "%.*s", length, group->path);
	above->is_root = !strcmp(above->path, "/");
	return above->fd >= 0;
}

void group_take_turn(const struct group *group)
{
	const struct timespec pause = { .tv_nsec = TURN_PAUSE * 1000000L };

	for (int i = 0; i < TURN_MOST / TURN_PAUSE; i++) {
		if (!flock(group->fd, LOCK_EX | LOCK_NB) || errno != EWOULDBLOCK)
			return;
		nanosleep(&pause, NULL);
	}
}

void group_close(struct group *group)
{
	if (group->fd >= 0)
		close(group->fd);
	group->fd = -1;
}
