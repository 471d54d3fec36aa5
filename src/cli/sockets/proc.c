/* The file system /proc: paths in it, and whether it is ours. */
#include "cli/sockets/proc.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { PID_SIZE = 16 };

struct proc_path proc_path(pid_t pid, const char *what)
{
	struct proc_path path;

	snprintf(path.at, sizeof path.at, "/proc/%d/%s", pid, what);
	return path;
}

/* That of another namespace has other numbers for the same processes, for us too. */
const char *proc_problem(void)
{
	char self[PID_SIZE];
	ssize_t length = readlink("/proc/self", self, sizeof self - 1);

	if (length < 0)
		return "/proc is not mounted";
	self[length] = 0;
	return atoi(self) == getpid() ? NULL : "/proc is that of another PID namespace";
}

bool proc_hides(void)
{
	return access(proc_path(1, "").at, F_OK);
}
