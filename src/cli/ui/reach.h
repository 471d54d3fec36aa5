/* By what the sockets of a process get their settings. */
#ifndef KEEPALIVE_REACH_H
#define KEEPALIVE_REACH_H

#include "cli/base/failure.h"
#include "cli/groups/programs.h"
#include "cli/sockets/process.h"

/* What is known of control groups, each of which is looked at once. { 0 }: nothing. */
struct reach {
	struct known_group *group;
	size_t count, room;
	struct failure failure; /* why something is unknown; empty: it is not */
};

/*
 * Whether the control group of a process, or one above it, has BPF programs of ours.
 * PROGRAMS_UNKNOWN: see `failure`.
 */
enum programs_state reach_by_kernel(struct reach *reach, pid_t pid);

/* Forgets the groups, so that they are looked at again. */
void reach_forget(struct reach *reach);

/* Returns "library", "kernel", "both" or "none"; NULL: it is not known. */
const char *reach_name(enum answer library, enum programs_state kernel);

#endif
