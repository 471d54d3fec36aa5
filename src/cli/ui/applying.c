/* Gives the settings to the sockets of running processes, one after the other. */
#include "cli/ui/applying.h"

#include <err.h>
#include <netinet/tcp.h>

#include "cli/sockets/refusal.h"
#include "cli/ui/intent.h"

/* What the program changes after us stays. */
static bool skip(void *context, ino_t inode)
{
	struct applying *applying = context;
	bool known = known_has(&applying->known, inode, true);

	if (known)
		known_add(&applying->known, inode, true);
	applying->sockets += known;
	return known;
}

static void apply_to_socket(void *context, struct tcp_socket *socket, int own)
{
	struct applying *applying = context;
	ino_t inode = socket->kernel.inode;
	bool connected = socket->kernel.state != TCP_CLOSE;
	bool again = known_has(&applying->known, inode, false);
	bool known = known_has(&applying->known, inode, connected);
	struct intent intent[OPTIONS];

	known_add(&applying->known, inode, connected);
	applying->sockets++;
	if (known)
		return;
	applying->refused += socket->refused != 0;
	if (!socket->addressed)
		return;
	intents_of(&applying->configuration, socket, again, intent);
	for (size_t id = 0; id < OPTIONS; id++) {
		int number = intent[id].number;

		if (!intent[id].set)
			continue;
		if (intent[id].derived)
			number = own < 0 ? VALUE_UNKNOWN : change_derived(&applying->changes, own);
		if (!change_option(&applying->changes, socket, own, id, number))
			applying->status = STATUS_FAILED;
	}
}

/* When the descriptor is given back: what was done is told, and what could not be. */
static void take(void *context, const struct tcp_socket *socket)
{
	struct applying *applying = context;
	struct tcp_socket copy = *socket;

	if (!socket->protocol)
		known_add(&applying->known, socket->kernel.inode, true);
	if (socket->refused)
		apply_to_socket(applying, &copy, -1);
	change_print(&applying->changes, &applying->style, applying->table, socket);
}

static void visit(struct applying *applying, const struct process *process)
{
	int refused;

	applying->refused = 0;
	refused = sockets_visit(process, &(struct look){ .skip = skip,
							 .use = apply_to_socket,
							 .take = take,
							 .context = applying });
	if (!applying->refused)
		return;
	warnx("%d (%s): %d socket%s cannot be changed: %s", process->pid, process->program,
	      applying->refused, applying->refused == 1 ? "" : "s",
	      refusal_reason(process, STEP_TAKE, refused));
	applying->status = STATUS_FAILED;
}

bool applying_to(struct applying *applying, const struct process *process)
{
	size_t sockets = applying->sockets;
	struct subject subject = { { process->executable, process->program } };

	subject.user_known = process_user(process->pid, &subject.user);
	configuration_read(&applying->configuration, &applying->wanted, NULL, &subject);
	applying->wanted.reporting =
		applying->configuration.errors ? REPORT_NOTHING : REPORT_ERRORS;
	if (applying->configuration.errors) {
		applying->status = STATUS_FAILED;
		return true;
	}
	visit(applying, process);
	return applying->sockets > sockets;
}

void applying_read_configuration(struct applying *applying)
{
	configuration_read(&applying->configuration, &applying->wanted, NULL, NULL);
	if (applying->configuration.errors)
		errx(STATUS_FAILED, "nothing was changed");
	applying->wanted.reporting = REPORT_ERRORS;
}

void applying_begin_round(struct applying *applying)
{
	diag_forget();
	known_begin_round(&applying->known);
	applying->table =
		table_new("settings", &applying->style, change_columns, NULL, CHANGE_COLUMNS);
}
