/* Finds the sockets that show lists, and prints them. */
#include "cli/ui/listing.h"

#include <err.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/sockets/proc.h"
#include "cli/sockets/refusal.h"
#include "cli/ui/fit.h"
#include "cli/ui/order.h"
#include "cli/ui/rows.h"
#include "cli/ui/text.h"

enum { WIDTH_UNKNOWN = 80 };

/* The process that is looked at. */
struct visit {
	struct listing *listing;
	const struct holder *holder;
	bool any, unknown;
};

/* Returns false for a socket that is left out; it has been seen all the same. */
static bool is_wanted(void *context, const struct tcp_socket *socket)
{
	struct visit *visit = context;

	visit->any |= socket->protocol != 0;
	return filter_has_socket(&visit->listing->filter, socket);
}

static void take(void *context, const struct tcp_socket *socket)
{
	struct visit *visit = context;
	struct listing *listing = visit->listing;
	struct entry *entry;

	if (!socket->protocol || !is_wanted(visit, socket))
		return;
	entry = entries_add(&listing->entries, socket, visit->holder);
	if (filter_has_entry(&listing->filter, entry))
		visit->unknown |= rows_are_unknown(&listing->view, entry) ||
				  filter_is_unknown(&listing->filter, entry);
	else
		listing->entries.count--;
}

/* To be shown, or sorted by. */
static bool needs_column(const struct view *view, enum column_id id)
{
	return view_has(view, id) || view->sort == (int)id;
}

/* What is asked once for each process, which may have many sockets. */
static const struct holder *hold(struct listing *listing, const struct process *process)
{
	struct holder *holder = entries_add_holder(&listing->entries, process);
	bool reach = needs_column(&listing->view, COLUMN_REACH);

	if (reach || needs_column(&listing->view, COLUMN_SHIM))
		holder->library = process_has_library(process);
	if (reach)
		holder->reach =
			reach_name(holder->library, reach_by_kernel(&listing->reach, process->pid));
	return holder;
}

/* Notes that something is not known. Returns true if the user is to be told. */
static bool has_to_report(struct listing *listing)
{
	listing->incomplete = true;
	if (listing->quiet)
		return false;
	listing->status = STATUS_FAILED;
	return true;
}

bool listing_find_in(struct listing *listing, const struct process *process)
{
	struct visit visit = { .listing = listing, .holder = hold(listing, process) };
	const struct look look = { .options = view_options(&listing->view) |
					      filter_options(&listing->filter),
				   .if_on = view_options_if_on(&listing->view),
				   .wanted = is_wanted,
				   .take = take,
				   .context = &visit };
	int refused = sockets_visit(process, &look);
	const char *reason = visit.unknown || refused ? unknown_reason(process, refused) : NULL;

	if (reason && has_to_report(listing))
		warnx("%d (%s): some values are unknown: %s", process->pid, process->program,
		      reason);
	return reason || visit.any;
}

/*
 * Of what cannot be shown the user is told, if it is what was asked for. Root expects to be told of
 * all that is there; others know that they are not.
 */
static bool is_told(const struct listing *listing, enum process_error code,
		    const struct operand *operand)
{
	if (code == PROCESS_GONE)
		return operand && operand->kind == OPERAND_PID;
	return operand || filter_is_of_processes(&listing->filter) || !geteuid();
}

/* Once: it may be named twice, or be the child of another. Nobody asked for one without an operand.
 */
static bool find_in_relative(void *context, const struct relative *who,
			     const struct operand *operand)
{
	struct listing *listing = context;
	enum process_error code;
	struct process process;
	bool told;

	if (!numbers_add(&listing->processes, (uintptr_t)who->pid))
		return true;
	code = process_open_child(&process, who);
	if ((code == PROCESS_FINE || code == PROCESS_CLOSED) &&
	    !filter_has_process(&listing->filter, &process)) {
		process_close(&process);
		return true;
	}
	if (code == PROCESS_FINE) {
		told = listing_find_in(listing, &process);
		process_close(&process);
		return told;
	}
	told = is_told(listing, code, operand);
	if (told && has_to_report(listing))
		process_report(&process, code);
	listing->closed |= !told && code == PROCESS_CLOSED;
	return told;
}

static void find_in_operand(struct listing *listing, struct operand *operand)
{
	const char *error = operand_each(operand, listing->children, find_in_relative, listing);

	if (!error || listing->quiet)
		return;
	warnx("%s: %s", operand->word, error);
	listing->status = STATUS_FAILED;
}

static void find_in_all(struct listing *listing)
{
	pid_t *all = process_all();

	if (!all)
		errx(STATUS_FAILED, "%s", proc_problem());
	for (size_t i = 0; all[i]; i++)
		find_in_relative(listing, &(struct relative){ all[i], 0 }, NULL);
	free(all);
}

static void report_untold(struct listing *listing)
{
	if (has_to_report(listing))
		warnx("sockets without a process are left out: the kernel does not report them "
		      "over netlink");
}

/*
 * Those of this network namespace that no process came up with. That they are still there then
 * shows that they did not end, or go to a new process, while we looked.
 */
static void find_others(struct listing *listing)
{
	struct visit visit = { .listing = listing };
	struct diag *diag = diag_of(0);
	struct numbers unseen = { 0 };
	size_t before = listing->entries.count, count;

	for (size_t i = 0; i < diag->count; i++)
		if (!diag->socket[i].seen)
			numbers_add(&unseen, diag->socket[i].inode);
	diag_forget();
	diag = diag_of(0);
	for (size_t i = 0; i < diag->count; i++) {
		struct tcp_socket other = socket_from_netlink(diag, &diag->socket[i]);

		if (numbers_have(&unseen, other.kernel.inode))
			take(&visit, &other);
	}
	numbers_free(&unseen);
	if (!diag->told)
		report_untold(listing);
	count = listing->entries.count - before;
	if (!visit.unknown || !has_to_report(listing))
		return;
	warnx("%zu socket%s of processes that are unknown or that you may not inspect: only "
	      "values from netlink are known",
	      count, count == 1 ? "" : "s");
}

static bool needs_details(const struct view *view)
{
	return view_options(view) & 1U << OPTION_MAX_SEGMENT || needs_column(view, COLUMN_PROTOCOL);
}

void listing_find(struct listing *listing)
{
	if (!needs_details(&listing->view))
		diag_leave_out_details();
	for (size_t i = 0; i < listing->operand_count; i++)
		if (!listing->ended || !listing->ended[i])
			find_in_operand(listing, &listing->operands[i]);
	if (!listing->operand_count || listing->all)
		find_in_all(listing);
	/* Of those the process is not known. */
	if (listing->all && !filter_is_of_processes(&listing->filter))
		find_others(listing);
	if (!listing->quiet && !filter_report(&listing->filter))
		listing->status = STATUS_FAILED;
	order_sort(&listing->view, &listing->entries);
}

void listing_forget(struct listing *listing)
{
	entries_free(&listing->entries);
	numbers_free(&listing->processes);
	reach_forget(&listing->reach);
	diag_forget();
	listing->closed = listing->incomplete = false;
}

void listing_report(const struct listing *listing)
{
	if (listing->view.named[COLUMN_REACH] && *listing->reach.failure.text)
		warnx("REACH is unknown: %s", listing->reach.failure.text);
	if (!listing->entries.count && filter_is_set(&listing->filter) && !listing->status &&
	    !style_is_bare(listing->view.style))
		warnx("no TCP socket meets the conditions");
	if (listing->closed && (!listing->all || filter_is_of_processes(&listing->filter)))
		warnx("some processes are left out: only root and their own users may inspect "
		      "them");
}

struct libscols_table *listing_table(const struct view *view, const struct entries *entries,
				     size_t count)
{
	struct libscols_table *table = rows_table(view, entries->at, count);

	if (isatty(STDOUT_FILENO) && !style_is_bare(view->style))
		fit_table(table, view, text_width(1, INT_MAX, WIDTH_UNKNOWN));
	return table;
}

void listing_print(const struct view *view, const struct entries *entries)
{
	table_print(listing_table(view, entries, entries->count), view->style);
}
