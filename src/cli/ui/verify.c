/* Whether a service that was restarted has the library, or BPF programs, and its settings. */
#include "cli/ui/verify.h"

#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/groups/programs.h"
#include "cli/sockets/refusal.h"
#include "cli/sockets/sockets.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/unit_processes.h"
#include "cli/ui/configuration.h"
#include "cli/ui/listing.h"
#include "cli/ui/verified.h"

/* How often is looked, and how many milliseconds lie between. */
enum { LOOKS_MOST = 60, LOOKS_INTERVAL = 50 };

enum { SYSTEMD = 1 };

/* What one look found. */
struct verification {
	const char *unit;
	const struct enabling *plan;
	struct subject whole; /* what rules take the unit for in the kernel */
	bool activated;       /* a socket unit hands it its listeners */
	struct ports ports;   /* those of a socket unit */
	bool say;             /* what is wrong is said on stderr */
	enum unit_error error;
	struct configuration configuration;
	enum programs_state programs;
	bool by_library; /* the process that is looked at */
	size_t processes, loaded;
	size_t sockets, right, unreadable;
	struct entries entries; /* what the table has */
	const struct holder *holder;
};

/* What a socket is to have; -1: nothing, or nothing that can be read back. */
static int expected(const struct tcp_socket *socket, size_t id, const struct choice *choice)
{
	const int *value = socket->value;

	if (!choice->configured || option_table[id].stage != STAGE_ANY || option_table[id].rounded)
		return -1;
	if (choice->value.state == VALUE_AUTO)
		return derive_user_timeout(value[OPTION_IDLE], value[OPTION_INTERVAL],
					   value[OPTION_COUNT]);
	return choice->number;
}

/*
 * BPF programs set nothing before connect() or listen(), and nothing on what an activated service
 * gets: it belongs to the control group of the socket unit. systemd has the listeners of that.
 */
static bool is_left_out(const struct verification *found, const struct tcp_socket *socket)
{
	int state = socket->kernel.state;

	if (unit_is_socket(found->unit))
		return !socket->protocol || state != TCP_LISTEN ||
		       !found->ports.has[socket->kernel.local_port];
	if (!socket->protocol || (found->activated && state == TCP_LISTEN))
		return true;
	if (found->by_library)
		return false;
	return state == TCP_CLOSE ||
	       (found->activated && socket_endpoint(socket).role == ROLE_SERVER);
}

static void look_at_socket(void *context, const struct tcp_socket *socket)
{
	struct verification *found = context;
	struct endpoint endpoint;
	struct decision decision;
	bool right = true;

	bool left_out = is_left_out(found, socket);

	/* systemd has the listeners of other units, too. */
	if (socket->protocol && (!left_out || !unit_is_socket(found->unit)))
		entries_add(&found->entries, socket, found->holder);
	if (left_out)
		return;
	found->sockets++;
	if (socket->refused) {
		found->unreadable++;
		return;
	}
	endpoint = socket_endpoint(socket);
	policy_decide(&found->configuration.policy, &endpoint, &decision);
	for (size_t id = 0; id < OPTIONS; id++) {
		int number = expected(socket, id, &decision.choice[id]);

		if (number < 0 || socket->value[id] == number)
			continue;
		right = false;
		if (found->say)
			warnx("%d (%s): fd %d, %s: %s is %d, not %d", socket->process->pid,
			      socket->process->program, socket->fd,
			      tcp_state_name(socket->kernel.state), option_table[id].key,
			      socket->value[id], number);
	}
	found->right += right;
}

/* Whether the process has the library; it matters only for a method that has it. */
static void look_for_library(struct verification *found, const struct process *process)
{
	enum answer answer = process_has_library(process);
	bool alone = !method_has_kernel(found->plan->method);

	found->by_library = answer == ANSWER_YES && method_has_library(found->plan->method);
	found->loaded += found->by_library;
	if (answer != ANSWER_YES && found->say && alone)
		warnx("%d (%s): %s", process->pid, process->program,
		      answer == ANSWER_NO ? "the library is not loaded"
					  : "cannot find out whether the library is loaded");
	found->by_library |= alone;
}

static void look_at_process(struct verification *found, pid_t pid)
{
	struct process process;
	enum process_error code = process_open(&process, pid);
	struct subject subject;

	if (code == PROCESS_GONE)
		return;
	found->processes++;
	if (code) {
		if (found->say)
			process_report(&process, code);
		return;
	}
	look_for_library(found, &process);
	found->holder = entries_add_holder(&found->entries, &process);
	subject = (struct subject){ { process.executable, process.program } };
	subject.user_known = process_user(pid, &subject.user);
	configuration_read(&found->configuration, &(struct wanted){ .reporting = REPORT_NOTHING },
			   NULL, found->by_library ? &subject : &found->whole);
	if (sockets_visit(&process, &(struct look){ .options = (1U << OPTIONS) - 1,
						    .take = look_at_socket,
						    .context = found }) &&
	    !found->unreadable)
		found->unreadable++;
	process_close(&process);
}

static enum programs_state look_for_programs(const char *path, bool say)
{
	enum programs_state state = PROGRAMS_UNKNOWN;
	struct group group = { .fd = -1 };
	struct failure failure;

	if (group_at(&group, path, &failure))
		state = programs_look(&group, &failure);
	group_close(&group);
	if (state == PROGRAMS_UNKNOWN && say)
		warnx("%s", failure.text);
	return state;
}

static void look(struct verification *found)
{
	struct pids pids = { 0 };
	char *path;

	found->processes = found->loaded = 0;
	found->sockets = found->right = found->unreadable = 0;
	entries_free(&found->entries);
	diag_forget();
	found->programs = PROGRAMS_NONE;
	found->error = unit_control_group(found->unit, &path);
	if (path && method_has_kernel(found->plan->method))
		found->programs = look_for_programs(path, found->say);
	if (path)
		found->error = control_group_processes(path, &pids);
	free(path);
	if (unit_is_socket(found->unit))
		pids_add(&pids, SYSTEMD);
	for (size_t i = 0; i < pids.count; i++)
		look_at_process(found, pids.at[i]);
	free(pids.at);
}

static bool is_fine(const struct verification *found)
{
	enum method method = found->plan->method;

	if (method_has_kernel(method) && found->programs != PROGRAMS_ATTACHED)
		return false;
	if (method_has_library(method) &&
	    found->loaded < (method_has_kernel(method) ? 1 : found->processes))
		return false;
	return found->processes && found->right == found->sockets && !found->unreadable;
}

static void print_sockets(const struct verification *found)
{
	if (!found->sockets)
		fputs(found->activated ? "no TCP connection yet" : "no TCP socket yet", stdout);
	else if (!policy_acts(&found->configuration.policy))
		fputs("no setting is configured", stdout);
	else
		printf("%zu of %zu TCP sockets have the settings", found->right, found->sockets);
	if (found->unreadable)
		printf(", %zu could not be read", found->unreadable);
	putchar('\n');
}

static void print_programs(const struct verification *found)
{
	static const char *const words[] = {
		[PROGRAMS_NONE] = "no BPF programs are attached to its control group, ",
		[PROGRAMS_ATTACHED] = "BPF programs are attached to its control group, ",
		[PROGRAMS_UNKNOWN] = "whether its control group has BPF programs is unknown, ",
	};

	fputs(words[found->programs], stdout);
}

static void print_found(const struct verification *found)
{
	enum method method = found->plan->method;

	printf("%s: ", found->unit);
	if (method_has_library(method))
		printf("the library is loaded in %zu of %zu process%s, ", found->loaded,
		       found->processes, found->processes == 1 ? "" : "es");
	if (method_has_kernel(method))
		print_programs(found);
	print_sockets(found);
}

/* The same table as that of show. */
static void print_table(const struct verification *found)
{
	struct style style = { 0 };
	struct view view = { .style = &style, .sort = -1 };

	columns_name();
	view_choose(&view, NULL, NULL);
	listing_print(&view, &found->entries);
}

int verify_unit(const char *unit, const struct enabling *plan)
{
	struct verification found = { .unit = unit,
				      .plan = plan,
				      .activated = verified_is_activated(unit) };

	verified_take_environment(&plan->variables);
	verified_subject(plan, &found.whole);
	verified_ports(unit, &found.ports);
	for (int i = 0; i < LOOKS_MOST; i++) {
		look(&found);
		if (is_fine(&found) && found.sockets)
			break;
		nanosleep(&(struct timespec){ .tv_nsec = LOOKS_INTERVAL * 1000000L }, NULL);
	}
	if (!is_fine(&found)) {
		found.say = true;
		look(&found);
	}
	if (!found.processes) {
		warnx("%s: %s", unit,
		      unit_error_words(found.error ? found.error : UNIT_NOT_RUNNING));
		return STATUS_FAILED;
	}
	print_found(&found);
	print_table(&found);
	if (method_has_kernel(plan->method) && found.programs == PROGRAMS_NONE)
		warnx("the journal has the reason: journalctl -u %s", unit);
	return is_fine(&found) ? STATUS_FINE : STATUS_FAILED;
}
