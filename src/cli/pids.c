/* A list of process ids, in memory that grows. */
#include "cli/pids.h"

#include <stdlib.h>

enum { FIRST_ROOM = 64 };

bool pids_add(struct pids *pids, pid_t pid)
{
	if (pids->count == pids->room) {
		size_t room = pids->room ? 2 * pids->room : FIRST_ROOM;
		pid_t *at = reallocarray(pids->at, room, sizeof *at);

		if (!at)
			return false;
		pids->at = at;
		pids->room = room;
	}
	pids->at[pids->count++] = pid;
	return true;
}
