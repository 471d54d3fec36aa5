/* The processes that apply holds open, each from the round in which it is found until it ends. */
#include "cli/sockets/held.h"

#include <poll.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "cli/sockets/refusal.h"

const struct process *held_find(const struct held *held, pid_t pid)
{
	for (size_t i = 0; i < held->count; i++)
		if (held->process[i].pid == pid)
			return &held->process[i];
	return NULL;
}

bool held_report(struct held *held, const struct process *process, enum process_error code)
{
	bool closed = code == PROCESS_CLOSED || code == PROCESS_WITHOUT_PROC;

	if (closed && numbers_add(&held->closed, (uintptr_t)process->pid))
		process_report(process, code);
	return closed;
}

const struct process *held_open(struct held *held, pid_t pid, bool *closed)
{
	struct process *process;
	enum process_error code;

	held->process =
		memory_for_more(held->process, held->count, &held->room, sizeof *held->process);
	process = &held->process[held->count];
	code = process_open(process, pid);
	*closed = held_report(held, process, code);
	if (code)
		return NULL;
	held->count++;
	return process;
}

void held_wait(struct held *held, int milliseconds)
{
	struct pollfd *ends = expect_memory(calloc(held->count + 1, sizeof *ends));
	size_t kept = 0;

	for (size_t i = 0; i < held->count; i++)
		ends[i] = (struct pollfd){ .fd = held->process[i].pidfd, .events = POLLIN };
	poll(ends, (nfds_t)held->count, milliseconds);
	for (size_t i = 0; i < held->count; i++) {
		/* Without a pidfd the end of a process cannot be seen. */
		if (ends[i].revents || ends[i].fd < 0)
			process_close(&held->process[i]);
		else
			held->process[kept++] = held->process[i];
	}
	held->count = kept;
	free(ends);
}

void held_allow_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}
