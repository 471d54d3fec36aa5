/* The BPF programs of a control group: attaching, replacing, detaching, and finding them. */
#ifndef KEEPALIVE_PROGRAMS_H
#define KEEPALIVE_PROGRAMS_H

#include "bpf/plan.h"
#include "cli/base/failure.h"
#include "cli/groups/group.h"

/* The plan of programs that are not loaded yet; all zeros at first. */
struct programs {
	struct plan *plan;
	struct keepalive_bpf *skeleton;
	int ops; /* the sock_ops program that is loaded */
};

/* Opens them, for programs_close. Returns false, with the reason, if this command has none. */
bool programs_open(struct programs *programs, struct failure *failure);
void programs_close(struct programs *programs);

/*
 * Loads the programs with their plan, and attaches them to the group. Programs of ours that it has
 * are detached afterwards: no connection begins without any. What programs of processes had set
 * until then stays known. Programs of others stay. Returns false, with the reason, if it failed;
 * then the group has what it had.
 */
bool programs_attach(struct programs *programs, const struct group *group, bool *replaced,
		     struct failure *failure);

/* Detaches ours. *found: whether there were any. */
bool programs_detach(const struct group *group, bool *found, struct failure *failure);

/* Whether the group itself has ours; that of groups above it is not looked at. */
enum programs_state { PROGRAMS_NONE, PROGRAMS_ATTACHED, PROGRAMS_UNKNOWN };
enum programs_state programs_look(const struct group *group, struct failure *failure);

/* The same for the group and all above it, also those that a namespace hides. */
enum programs_state programs_reach(const struct group *group, struct failure *failure);

#endif
