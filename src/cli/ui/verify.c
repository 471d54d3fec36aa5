/* Whether a service that was restarted has the library and its settings. */
#include "cli/ui/verify.h"

#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/sockets/refusal.h"
#include "cli/sockets/sockets.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_processes.h"
#include "cli/ui/configuration.h"

/* How often is looked, and how many milliseconds lie between. */
enum { LOOKS_MOST = 60, LOOKS_INTERVAL = 50 };

/* What one look found. */
struct verification {
	const char *unit;
	bool activated; /* a socket unit hands it its listeners */
	bool say;       /* what is wrong is said on stderr */
	enum unit_error error;
	struct configuration configuration;
	size_t processes, loaded;
	size_t sockets, right, unreadable;
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

static void look_at_socket(void *context, const struct tcp_socket *socket)
{
	struct verification *found = context;
	struct endpoint endpoint;
	struct decision decision;
	bool right = true;

	if (!socket->protocol || (found->activated && socket->kernel.state == TCP_LISTEN))
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

static void look_at_process(struct verification *found, pid_t pid)
{
	struct process process;
	enum process_error code = process_open(&process, pid);
	struct subject subject;
	enum answer answer;

	if (code == PROCESS_GONE)
		return;
	found->processes++;
	if (code) {
		if (found->say)
			process_report(&process, code);
		return;
	}
	answer = process_has_library(&process);
	found->loaded += answer == ANSWER_YES;
	if (answer != ANSWER_YES && found->say)
		warnx("%d (%s): %s", pid, process.program,
		      answer == ANSWER_NO ? "the library is not loaded"
					  : "cannot find out whether the library is loaded");
	subject = (struct subject){ { process.executable, process.program } };
	subject.user_known = process_user(pid, &subject.user);
	configuration_read(&found->configuration, &(struct wanted){ .reporting = REPORT_NOTHING },
			   NULL, &subject);
	if (sockets_visit(&process, &(struct look){ .options = (1U << OPTIONS) - 1,
						    .take = look_at_socket,
						    .context = found }) &&
	    !found->unreadable)
		found->unreadable++;
	process_close(&process);
}

static void look(struct verification *found)
{
	struct pids pids = { 0 };

	found->processes = found->loaded = 0;
	found->sockets = found->right = found->unreadable = 0;
	diag_forget();
	found->error = unit_processes(found->unit, &pids);
	for (size_t i = 0; i < pids.count; i++)
		look_at_process(found, pids.at[i]);
	free(pids.at);
}

static bool is_fine(const struct verification *found)
{
	return found->processes && found->loaded == found->processes &&
	       found->right == found->sockets && !found->unreadable;
}

/* The library goes by the environment of the service, which is not ours. */
static void take_environment(const struct variables *variables)
{
	static const char *const others[] = { "KEEPALIVE_OVERRIDE", "KEEPALIVE_SANDBOXED",
					      "KEEPALIVE_CONF", "KEEPALIVE_LOG",
					      "KEEPALIVE_LOG_LEVEL" };

	for (size_t id = 0; id < OPTIONS; id++)
		for (int i = 0; i < OPTION_VARIABLES && option_table[id].variable[i][0]; i++)
			unsetenv(option_table[id].variable[i]);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		unsetenv(others[i]);
	for (size_t i = 1; i < variables->count; i++)
		if (setenv(variables->at[i].name, variables->at[i].value, true))
			err(STATUS_FAILED, NULL);
}

static bool is_activated(const char *unit)
{
	char *properties = systemctl_show(unit, "TriggeredBy");
	bool activated = properties && strstr(properties, ".socket");

	free(properties);
	return activated;
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

int verify_unit(const char *unit, const struct variables *variables)
{
	struct verification found = { .unit = unit, .activated = is_activated(unit) };

	take_environment(variables);
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
	printf("%s: the library is loaded in %zu of %zu process%s, ", unit, found.loaded,
	       found.processes, found.processes == 1 ? "" : "es");
	print_sockets(&found);
	return is_fine(&found) ? STATUS_FINE : STATUS_FAILED;
}
