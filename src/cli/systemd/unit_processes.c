/* The processes of a unit of systemd: those in its control group, and in the groups beneath it. */
#include "cli/systemd/unit_processes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/systemd/systemctl.h"

/* The mount points of control groups: cgroup v2 beside v1, v1, and v2 alone. */
static const char *const roots[] = { "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd",
				     "/sys/fs/cgroup" };

enum { ROOTS = sizeof roots / sizeof *roots };

enum unit_error unit_control_group(const char *unit, char **group)
{
	char *lines = systemctl_show(unit, "ActiveState,ControlGroup,LoadState");
	enum unit_error error = UNIT_NOT_RUNNING;

	*group = NULL;
	if (!lines)
		return UNIT_NO_ANSWER;
	if (systemctl_property_is(lines, "ActiveState", "active"))
		error = UNIT_EMPTY;
	else if (systemctl_property_is(lines, "LoadState", "not-found"))
		error = UNIT_UNKNOWN;
	*group = systemctl_property(lines, "ControlGroup");
	free(lines);
	if (*group && **group)
		return UNIT_FINE;
	free(*group);
	*group = NULL;
	return error;
}

/* Reads the group whose directory is `at`. The kernel lists 0 for processes that have no id here.
 */
static bool read_processes(int at, struct pids *pids)
{
	int fd = openat(at, "cgroup.procs", O_RDONLY | O_CLOEXEC), error;
	FILE *file = fd < 0 ? NULL : fdopen(fd, "r");
	int pid;

	errno = file ? 0 : errno;
	while (file && fscanf(file, "%d", &pid) == 1)
		if (pid)
			pids_add(pids, pid);
		else
			pids->hidden++;
	error = errno;
	if (file)
		fclose(file);
	errno = error;
	return !error;
}

/* Groups that go meanwhile; and groups of threads, whose processes are listed above them. */
static bool may_be_left_out(int error)
{
	return error == ENOENT || error == ENODEV || error == EOPNOTSUPP;
}

/* Reads the group and those beneath it, and closes `at`. */
static bool read_groups(int at, struct pids *pids)
{
	DIR *groups = fdopendir(at);
	bool fine = groups && read_processes(at, pids);
	struct dirent *entry;
	int error;

	while (fine && (entry = readdir(groups))) {
		int beneath;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		beneath = openat(at, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (beneath >= 0)
			fine = read_groups(beneath, pids) || may_be_left_out(errno);
	}
	error = errno;
	if (groups)
		closedir(groups);
	else
		close(at);
	errno = error;
	return fine;
}

/* Opens the directory of a group. Returns -1 and errno on failure. */
static int open_group(const char *group)
{
	char path[PATH_MAX];
	int fd = -1;

	for (size_t i = 0; i < ROOTS && fd < 0; i++) {
		snprintf(path, sizeof path, "%s%s", roots[i], group);
		fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	}
	return fd;
}

enum unit_error control_group_processes(const char *group, struct pids *pids)
{
	int fd = open_group(group);
	enum unit_error error;

	if (fd < 0)
		return errno == ENOENT ? UNIT_NOT_RUNNING : UNIT_UNREADABLE;
	error = control_group_processes_at(fd, pids);
	close(fd);
	return error;
}

enum unit_error control_group_processes_at(int fd, struct pids *pids)
{
	int own = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t before = pids->count;

	if (own < 0 || !read_groups(own, pids))
		return errno == ENOENT || errno == ENODEV ? UNIT_NOT_RUNNING : UNIT_UNREADABLE;
	return pids->count > before ? UNIT_FINE : UNIT_NOT_RUNNING;
}

enum unit_error unit_processes(const char *unit, struct pids *pids)
{
	char *group;
	enum unit_error error = unit_control_group(unit, &group);

	if (!error)
		error = control_group_processes(group, pids);
	free(group);
	return error;
}

const char *unit_error_words(enum unit_error error)
{
	static const char *const words[] = {
		[UNIT_FINE] = "",
		[UNIT_NO_ANSWER] = "systemd does not answer",
		[UNIT_UNKNOWN] = "no such unit",
		[UNIT_NOT_RUNNING] = "unit not running",
		[UNIT_EMPTY] = "unit without processes",
		[UNIT_UNREADABLE] = "its control group cannot be read",
	};

	return words[error];
}
