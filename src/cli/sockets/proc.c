/* Paths in /proc. */
#include "cli/sockets/proc.h"

#include <stdio.h>

struct proc_path proc_path(pid_t pid, const char *what)
{
	struct proc_path path;

	snprintf(path.at, sizeof path.at, "/proc/%d/%s", pid, what);
	return path;
}
