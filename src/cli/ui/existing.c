/* The TCP sockets that the processes of a control group had before BPF programs were attached. */
#include "cli/ui/existing.h"

#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/groups/reason.h"
#include "cli/sockets/refusal.h"
#include "cli/systemd/unit_processes.h"

/* The sockets that were counted: several processes may have one. */
struct count {
	struct existing existing;
	struct numbers inodes;
};

static void count_socket(void *context, const struct tcp_socket *socket)
{
	struct count *count = context;
	int state = socket->kernel.state;

	if (!socket->protocol || !socket->addressed || state == TCP_CLOSE ||
	    !numbers_add(&count->inodes, socket->kernel.inode))
		return;
	count->existing.listeners += state == TCP_LISTEN;
	count->existing.connections += state != TCP_LISTEN;
}

struct existing existing_count(const struct group *group)
{
	struct count count = { 0 };
	struct pids pids = { 0 };

	count.existing.unreadable =
		control_group_processes_at(group->fd, &pids) == UNIT_UNREADABLE || pids.hidden;
	for (size_t i = 0; i < pids.count; i++) {
		struct process process;
		enum process_error code = process_open(&process, pids.at[i]);

		count.existing.unreadable |= code == PROCESS_CLOSED;
		if (code)
			continue;
		sockets_visit(&process, &(struct look){ .take = count_socket, .context = &count });
		process_close(&process);
	}
	diag_forget();
	numbers_free(&count.inodes);
	free(pids.at);
	return count.existing;
}

static void write_count(FILE *to, size_t count, const char *what)
{
	fprintf(to, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

void existing_report(const struct existing *existing)
{
	size_t size;
	char *text;
	FILE *to;

	if (!existing->listeners && !existing->connections) {
		if (existing->unreadable)
			warnx("not all processes can be inspected: if listeners or connections "
			      "existed before, they keep their values");
		return;
	}
	to = expect_memory(open_memstream(&text, &size));
	if (existing->listeners)
		write_count(to, existing->listeners, "listener");
	if (existing->listeners && existing->connections)
		fputs(" and ", to);
	if (existing->connections)
		write_count(to, existing->connections, "connection");
	fclose(to);
	warnx("%s%s existed before and %s: --existing sets them, too%s",
	      existing->unreadable ? "at least " : "", text,
	      existing->listeners + existing->connections == 1 ? "keeps its values"
							       : "keep their values",
	      !existing->listeners     ? ""
	      : kernel_reads_options() ? " (what a listener accepts from now on is set where it "
					 "has the kernel's values)"
				       : " (what a listener accepts from now on is not set before "
					 "Linux 6.1)");
	free(text);
}

static void apply_to(struct applying *applying, pid_t pid)
{
	struct process process;
	enum process_error code = process_open(&process, pid);

	if (code == PROCESS_FINE) {
		applying_to(applying, &process);
		process_close(&process);
	} else if (code != PROCESS_GONE) {
		process_report(&process, code);
		applying->status = STATUS_FAILED;
	}
}

/* Fills in the processes of the group. What cannot be looked at is a failure. */
static void find_processes(struct applying *applying, const struct group *group, struct pids *pids)
{
	if (control_group_processes_at(group->fd, pids) == UNIT_UNREADABLE) {
		warn("%s: its processes", group->path);
		applying->status = STATUS_FAILED;
	}
	if (pids->hidden) {
		warnx("%s: %zu process%s cannot be inspected from this PID namespace", group->path,
		      pids->hidden, pids->hidden == 1 ? "" : "es");
		applying->status = STATUS_FAILED;
	}
}

int existing_apply(struct applying *applying, const struct group *group)
{
	struct pids pids = { 0 };

	applying->wanted.reporting = REPORT_ERRORS;
	applying_begin_round(applying);
	find_processes(applying, group, &pids);
	for (size_t i = 0; i < pids.count; i++)
		apply_to(applying, pids.at[i]);
	if (!applying->sockets && !applying->status) {
		warnx("%s: no TCP sockets", group->path);
		applying->status = STATUS_FAILED;
	}
	table_print(applying->table, &applying->style);
	free(pids.at);
	return applying->status;
}
