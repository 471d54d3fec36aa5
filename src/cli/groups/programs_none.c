/* In place of programs.c where the command is built without BPF. */
#include <stddef.h>

#include "cli/groups/programs.h"

static const char reason[] = "this command was built without BPF programs: configure needs clang, "
			     "bpftool and libbpf for them";

bool programs_open(struct programs *programs, struct failure *failure)
{
	programs->plan = NULL;
	return fail(failure, "%s", reason);
}

void programs_close(struct programs *programs)
{
	(void)programs;
}

bool programs_attach(struct programs *programs, const struct group *group, bool *replaced,
		     struct failure *failure)
{
	(void)programs;
	(void)group;
	(void)replaced;
	return fail(failure, "%s", reason);
}

bool programs_detach(const struct group *group, bool *found, struct failure *failure)
{
	(void)group;
	(void)found;
	return fail(failure, "%s", reason);
}

enum programs_state programs_look(const struct group *group, struct failure *failure)
{
	(void)group;
	fail(failure, "%s", reason);
	return PROGRAMS_UNKNOWN;
}

enum programs_state programs_reach(const struct group *group, struct failure *failure)
{
	return programs_look(group, failure);
}
