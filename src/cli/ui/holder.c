/* The processes that hold the connections that events follows. */
#include "cli/ui/holder.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/sockets/descriptors.h"
#include "cli/sockets/sockets.h"

/* What decides why a connection ends, and what events prints. */
static const enum option_id options[] = { OPTION_KEEPALIVE, OPTION_IDLE,         OPTION_INTERVAL,
					  OPTION_COUNT,     OPTION_USER_TIMEOUT, OPTION_RTO_MAX,
					  OPTION_SYN_COUNT };

/* A search, and the process whose descriptors it is at. */
struct search {
	struct holders *holders;
	struct sought *sought;
	size_t count, found;
	pid_t pid;
	struct process process; /* opened once it has one of them */
	bool opened;
	struct holder *holder;
};

static int compare(const void *a, const void *b)
{
	const struct sought *one = a, *other = b;

	return one->inode < other->inode ? -1 : one->inode > other->inode;
}

static bool is_same(const struct holder *holder, const struct process *process,
		    const struct owner *owner)
{
	return holder->pid == process->pid && !strcmp(holder->program, process->program) &&
	       !strcmp(holder->owner.name, owner->name) && !strcmp(holder->owner.unit, owner->unit);
}

static struct holder *holder_of(struct holders *holders, const struct process *process)
{
	struct holder *holder;
	struct owner owner;

	owner_of_process(&owner, process->pid);
	for (size_t i = 0; i < holders->count; i++)
		if (is_same(holders->at[i], process, &owner))
			return holders->at[i];
	holders->at =
		memory_for_more(holders->at, holders->count, &holders->room, sizeof *holders->at);
	holder = expect_memory(calloc(1, sizeof *holder));
	holder->pid = process->pid;
	memcpy(holder->program, process->program, sizeof holder->program);
	holder->owner = owner;
	holders->at[holders->count++] = holder;
	return holder;
}

static void read_options(int own, struct connection *connection)
{
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		connection->value[options[i]] = option_read(own, &option_table[options[i]]);
}

/* Returns false if they may not be read. */
static bool read_settings(const struct process *process, struct connection *connection)
{
	int own = descriptor_take(process, connection->fd, connection->last.socket.inode);

	if (own < 0)
		return errno != EPERM && errno != EACCES && errno != ENOSYS;
	read_options(own, connection);
	close(own);
	return true;
}

/* Opens the process, and notes who it is. */
static void open_holder(struct search *search)
{
	search->opened = true;
	search->holder = NULL;
	if (process_open(&search->process, search->pid) != PROCESS_FINE)
		return;
	search->holder = holder_of(search->holders, &search->process);
}

static void found(struct search *search, struct connection *connection, int fd)
{
	if (connection->holder)
		return;
	if (!search->opened)
		open_holder(search);
	if (!search->holder)
		return;
	connection->holder = search->holder;
	connection->fd = fd;
	search->holder->connections++;
	search->found++;
	if (!read_settings(&search->process, connection))
		search->holders->denied = true;
}

/* All subflows of a Multipath TCP connection have one inode. */
static void visit(void *context, int fd, ino_t inode)
{
	struct search *search = context;
	struct sought key = { .inode = inode }, *end = search->sought + search->count;
	struct sought *sought = bsearch(&key, search->sought, search->count, sizeof key, compare);

	while (sought && sought > search->sought && sought[-1].inode == inode)
		sought--;
	for (; sought && sought < end && sought->inode == inode; sought++)
		found(search, sought->connection, fd);
}

static void search_in(struct search *search, pid_t pid)
{
	int error;

	search->pid = pid;
	search->opened = false;
	error = descriptors_each(pid, visit, search);
	if (error == EACCES || error == EPERM)
		search->holders->denied = true;
	if (search->opened && search->holder)
		process_close(&search->process);
}

/* A holder that has no connection is not one any more. */
static void drop_idle(struct holders *holders)
{
	size_t kept = 0;

	for (size_t i = 0; i < holders->count; i++)
		if (holders->at[i]->connections)
			holders->at[kept++] = holders->at[i];
		else
			free(holders->at[i]);
	holders->count = kept;
}

static bool has(const struct pids *pids, pid_t pid)
{
	for (size_t i = 0; i < pids->count; i++)
		if (pids->at[i] == pid)
			return true;
	return false;
}

void holders_search(struct holders *holders, const struct pids *pids, struct sought *sought,
		    size_t count)
{
	struct search search = { .holders = holders, .sought = sought, .count = count };
	struct numbers done = { NULL };
	struct pids first = { 0 };

	qsort(sought, count, sizeof *sought, compare);
	/* Who has connections gets the next ones, mostly: no others have to be looked at then. */
	for (size_t i = 0; i < holders->count; i++)
		if (has(pids, holders->at[i]->pid))
			pids_add(&first, holders->at[i]->pid);
	for (size_t i = 0; i < first.count + pids->count && search.found < count; i++) {
		pid_t pid = i < first.count ? first.at[i] : pids->at[i - first.count];

		if (numbers_add(&done, (uintptr_t)pid))
			search_in(&search, pid);
	}
	numbers_free(&done);
	free(first.at);
	drop_idle(holders);
}

/* Opens no more of a process than its pidfd. */
static int take(const struct connection *connection)
{
	const struct holder *holder = connection->holder;
	struct process process = { .pid = holder->pid };
	int own;

	process.pidfd = (int)syscall(__NR_pidfd_open, holder->pid, 0);
	own = descriptor_take(&process, connection->fd, connection->last.socket.inode);
	process_close(&process);
	return own;
}

void holder_read(struct connection *connection)
{
	int own = connection->holder ? take(connection) : -1;

	if (own < 0)
		return;
	read_options(own, connection);
	close(own);
}

bool holder_sample(const struct connection *connection, struct sample *sample)
{
	int own = connection->holder ? take(connection) : -1;
	bool told;

	if (own < 0)
		return false;
	*sample = connection->last;
	told = sample_from_descriptor(own, sample);
	close(own);
	return told;
}

void holders_release(struct holders *holders, struct connection *connection)
{
	struct holder *holder = connection->holder;

	connection->holder = NULL;
	if (holder && !--holder->connections)
		drop_idle(holders);
}
