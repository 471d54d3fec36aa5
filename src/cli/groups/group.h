/* Control groups (cgroup v2): where they are mounted, and the directories of units and processes.
 */
#ifndef KEEPALIVE_GROUP_H
#define KEEPALIVE_GROUP_H

#include <limits.h>
#include <stdbool.h>

#include "cli/base/failure.h"

struct group {
	char path[PATH_MAX]; /* below the root of the control groups; "/" is the root */
	bool is_root;
	int fd; /* of its directory; -1: not open */
};

/* Each opens a group, until group_close. Returns false, with the reason in *failure. */

/* The group of a process; 0: of this one. */
bool group_of_process(struct group *group, int pid, struct failure *failure);

/*
 * A group by its path: of its directory, or below the root as in /proc/PID/cgroup. If it fails,
 * errno is ENOENT where there is no such group.
 */
bool group_at(struct group *group, const char *path, struct failure *failure);

/* The group above; false, without a reason, if this is the root. */
bool group_above(const struct group *group, struct group *above);

/*
 * Keeps other commands from changing the group until it is closed: they would not see each other's
 * programs. Every user may lock the directory, so that nobody is waited for longer than 5 seconds.
 */
void group_take_turn(const struct group *group);

void group_close(struct group *group);

#endif
