/* The services and programs of a machine, and what their TCP connections are: for audit. */
#include "cli/ui/services.h"

#include <err.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/forecast/detection.h"
#include "cli/preload/library.h"
#include "cli/sockets/ending.h"
#include "cli/sockets/proc.h"
#include "cli/sockets/refusal.h"
#include "cli/sockets/unclaimed.h"

/* A process, while its sockets are counted. */
struct visit {
	struct services *services;
	const struct process *process;
	struct tally tally;
	size_t row; /* NO_ROW: it has no socket yet that counts */
};

enum { PASSES = 2 };
#define NO_ROW ((size_t)-1)

static bool is_row(const struct service_row *row, const struct owner *owner, const char *program)
{
	return row->owner.kind == owner->kind && !strcmp(row->owner.name, owner->name) &&
	       !strcmp(row->owner.group, owner->group) && !strcmp(row->program, program);
}

static size_t find_row(struct services *services, const struct owner *owner, const char *program)
{
	struct service_row *row;

	for (size_t i = 0; i < services->count; i++)
		if (is_row(&services->row[i], owner, program))
			return i;
	services->row = memory_for_more(services->row, services->count, &services->room,
					sizeof *services->row);
	row = &services->row[services->count];
	*row = (struct service_row){ .owner = *owner };
	snprintf(row->program, sizeof row->program, "%s", program);
	return services->count++;
}

/* The programs of all logins are those of no service: people come and go. */
static size_t row_of(struct services *services, const struct process *process)
{
	struct owner owner;

	owner_of_process(&owner, process->pid);
	if (owner.kind == OWNER_SESSION)
		owner = (struct owner){ .kind = OWNER_NONE };
	/* A metric has these names alone, and each once. */
	if (services->netlink)
		*owner.group = 0;
	return find_row(services, &owner, process->program);
}

static void note_executable(struct service_row *row, const struct process *process)
{
	if (!*row->executable)
		memcpy(row->executable, process->executable, sizeof row->executable);
	row->executables |= strcmp(row->executable, process->executable) != 0;
}

static struct service_row *row_of_visit(struct visit *visit)
{
	if (visit->row == NO_ROW) {
		visit->row = row_of(visit->services, visit->process);
		note_executable(&visit->services->row[visit->row], visit->process);
	}
	return &visit->services->row[visit->row];
}

/* Several processes of a service may have the same socket. */
static unsigned int choose(void *context, const struct tcp_socket *socket)
{
	struct visit *visit = context;
	unsigned int options = tally_options(socket);

	if (!options || numbers_have(&row_of_visit(visit)->inodes, socket->kernel.inode))
		return 0;
	return options;
}

static void take(void *context, const struct tcp_socket *socket)
{
	struct visit *visit = context;
	struct service_row *row;

	if (tally_kind(socket) == TALLY_NOTHING)
		return;
	row = row_of_visit(visit);
	if (!numbers_add(&row->inodes, socket->kernel.inode))
		return;
	tally_add(&row->tally, socket);
	tally_add(&visit->tally, socket);
	if (numbers_add(&visit->services->inodes, socket->kernel.inode))
		tally_add(&visit->services->total, socket);
}

static void note_reach(struct services *services, struct service_row *row,
		       const struct process *process)
{
	const char *name = reach_name(process_has_library(process),
				      reach_by_kernel(&services->known, process->pid));

	if (!row->pids.count)
		row->reach = name;
	else if (row->reach && name && strcmp(row->reach, name))
		row->reach = "partly";
	else if (!name)
		row->reach = NULL;
}

/* Its file, as the kernel has it: in a container its name is of no use. */
static void examine(struct service_row *row, pid_t pid)
{
	static struct executable executable;
	static struct library library;

	if (row->examined || !executable_read(proc_path(pid, "exe").at, NULL, &executable))
		return;
	if (!*library.path)
		library_find(&library, NULL, "");
	row->examined = true;
	row->obstacle = library_obstacle(&library, &executable);
}

static void finish(struct visit *visit)
{
	struct services *services = visit->services;
	struct service_row *row;

	if (services->netlink || !visit->tally.connections)
		return;
	row = &services->row[visit->row];
	note_reach(services, row, visit->process);
	pids_add(&row->pids, visit->process->pid);
	if (visit->tally.never)
		examine(row, visit->process->pid);
}

/* A process that has ended meanwhile looks the same. */
static bool is_headless(const struct process *process)
{
	return process_has_lost_leader(process->pid) && !process_has_ended(process);
}

static void visit_process(struct services *services, const struct process *process)
{
	struct visit visit = { .services = services, .process = process, .row = NO_ROW };
	const struct look look = {
		.choose = choose, .netlink = services->netlink, .take = take, .context = &visit
	};
	int refused = sockets_visit(process, &look);
	bool unknown = visit.tally.unknown || visit.tally.unread || visit.tally.data_unknown;
	const char *reason = NULL;

	if (is_headless(process))
		reason = LOST_LEADER;
	services->denied += refused || reason;
	if (!reason && (refused || (unknown && !services->netlink)))
		reason = unknown_reason(process, refused);
	if (reason)
		warnx("%d (%s): some values are unknown: %s", process->pid, process->program,
		      reason);
	finish(&visit);
}

enum process_error services_add(struct services *services, const struct relative *who, bool matters)
{
	enum process_error code;
	struct process process;

	if (!numbers_add(&services->pids, (uintptr_t)who->pid))
		return PROCESS_FINE;
	code = process_open_child(&process, who);
	if (code == PROCESS_FINE) {
		visit_process(services, &process);
		process_close(&process);
	} else if (code != PROCESS_GONE && matters) {
		process_report(&process, code);
		services->denied++;
	} else if (code != PROCESS_GONE) {
		services->left_out++;
	}
	return code;
}

/* What no process has, or none that may be seen. */
static void take_unclaimed(void *context, const struct tcp_socket *socket)
{
	struct services *services = context;
	size_t row;

	/* A listener is not hung. And a process may have gone to another network namespace. */
	if (tally_kind(socket) != TALLY_CONNECTION ||
	    (!services->netlink && numbers_have(&services->inodes, socket->kernel.inode)))
		return;
	row = find_row(services, &(struct owner){ .kind = OWNER_NONE }, "");
	tally_add(&services->row[row].tally, socket);
	tally_add(&services->total, socket);
}

bool services_add_all(struct services *services)
{
	/* Twice: a new process may have got the sockets of one that was looked at before. */
	for (int pass = 0; pass < PASSES; pass++) {
		pid_t *all = process_all();

		if (!all)
			return false;
		for (size_t i = 0; all[i]; i++)
			services_add(services, &(struct relative){ all[i], 0 }, !geteuid());
		free(all);
	}
	services->hidden = proc_hides();
	services->incomplete = !unclaimed_visit(take_unclaimed, services);
	return true;
}

/* Returns how bad the time is, for comparison. */
static long long badness(const struct tally *tally)
{
	long long idle = tally_idle(tally);

	if (idle == NEVER)
		return LLONG_MAX;
	return idle == DETECTION_UNKNOWN ? LLONG_MAX - 1 : idle;
}

static int by_number(long long a, long long b)
{
	return a < b ? 1 : a > b ? -1 : 0;
}

static int compare(const void *one, const void *other)
{
	const struct service_row *a = one, *b = other;
	int order = by_number(badness(&a->tally), badness(&b->tally));

	if (!order)
		order = by_number((long long)a->tally.never, (long long)b->tally.never);
	if (!order)
		order = by_number((long long)a->tally.unknown, (long long)b->tally.unknown);
	if (!order)
		order = by_number((long long)a->tally.connections, (long long)b->tally.connections);
	if (!order)
		order = strcmp(a->owner.name, b->owner.name);
	return order ? order : strcmp(a->program, b->program);
}

void services_sort(struct services *services)
{
	if (services->count)
		qsort(services->row, services->count, sizeof *services->row, compare);
}
