/* The file system /proc: paths in it, and whether it is ours. */
#ifndef KEEPALIVE_PROC_H
#define KEEPALIVE_PROC_H

#include <stdbool.h>
#include <sys/types.h>

struct proc_path {
	char at[96];
};

/* Returns the path of a file in the directory of a process. */
struct proc_path proc_path(pid_t pid, const char *what);

/* Returns why processes cannot be found in /proc under the numbers that they have here; NULL: they
 * can. */
const char *proc_problem(void);

/* Returns true if processes are hidden from us (hidepid=): there always is one with the number 1.
 */
bool proc_hides(void);

#endif
