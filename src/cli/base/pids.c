/* A list of process ids, in memory that grows. */
#include "cli/base/pids.h"

#include "cli/base/memory.h"

void pids_add(struct pids *pids, pid_t pid)
{
	pids->at = memory_for_more(pids->at, pids->count, &pids->room, sizeof *pids->at);
	pids->at[pids->count++] = pid;
}
