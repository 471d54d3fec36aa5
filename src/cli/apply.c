/* keepalive apply: gives the settings to the sockets of programs that are already running. */
#include <err.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/change.h"
#include "cli/configuration.h"
#include "cli/doubts.h"
#include "cli/memory.h"
#include "cli/refusal.h"

enum { FLAG_WATCH = FLAG_OWN, FLAG_CHILDREN };
enum { WATCH_SECONDS = 1, WATCH_MOST = 3600, ROUNDS_KEPT = 60 };

static const struct flag flags[] = {
	{ FLAG_WATCH, 'w', "watch", "[=SECONDS]", "again and again for new sockets, each second" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "also the processes that those have started" },
	TABLE_FLAGS,
	{ 0 },
};

struct apply {
	struct wanted wanted;
	struct configuration configuration;
	struct style style;
	struct libscols_table *table;
	int watch;               /* seconds; 0: once */
	bool children;
	struct process *process; /* those that were named */
	int processes;
	struct pollfd *ends;     /* one for each of them */
	struct numbers done, before; /* the keys of the sockets that were dealt with */
	struct change change[OPTIONS];
	struct numbers closed;   /* the children of which it was said that they may not be seen */
	int refused;             /* sockets of this process that may not be changed */
	int rounds;
	int status;
};

/* What a socket is known by; it gets another key once it is connected. */
static uintptr_t key_of(ino_t inode, bool connected)
{
	return 2 * (uintptr_t)inode + connected;
}

static bool is_known(const struct apply *apply, uintptr_t key)
{
	return numbers_have(&apply->done, key) || numbers_have(&apply->before, key);
}

/* What the program changes after us stays. */
static bool skip(void *context, ino_t inode)
{
	struct apply *apply = context;
	uintptr_t key = key_of(inode, true);
	bool known = is_known(apply, key);

	if (known)
		numbers_add(&apply->done, key);
	return known;
}

/*
 * Sockets that were not seen for that many rounds are gone: to keep them all would take ever more
 * memory, and their inodes are given to others in the end. One round alone may have missed some.
 */
static void forget_closed(struct apply *apply)
{
	if (++apply->rounds % ROUNDS_KEPT)
		return;
	numbers_free(&apply->before);
	apply->before = apply->done;
	apply->done = (struct numbers){ 0 };
}

static struct endpoint endpoint_of(const struct tcp_socket *socket)
{
	const struct diag_socket *kernel = &socket->kernel;
	struct endpoint endpoint = { .role = ROLE_CLIENT, .remote_known = true,
				     .remote = kernel->remote, .remote_port = kernel->remote_port };

	if (kernel->state == TCP_CLOSE)
		return (struct endpoint){ 0 };
	if (kernel->state == TCP_LISTEN || diag_listens(socket->diag, kernel->local_port)) {
		endpoint.role = ROLE_SERVER;
		endpoint.local_port = kernel->local_port;
	}
	endpoint.remote_known = kernel->state != TCP_LISTEN;
	return endpoint;
}

/* True where the option means what it says in the state that the socket is in. */
static bool is_its_moment(const struct option *option, int state)
{
	switch (option->moment) {
	case MOMENT_LISTENING:
		return state == TCP_LISTEN;
	case MOMENT_BEFORE_CONNECTION:
		return state == TCP_LISTEN || state == TCP_CLOSE;
	default:
		return true;
	}
}

/*
 * What to set: as the library would, and on the command line off is off and default puts the
 * kernel's value back. False: nothing.
 */
static bool choose(const struct apply *apply, const struct diag *diag, size_t id,
		   const struct choice *choice, int *number)
{
	const struct value *asked = &apply->wanted.settings.value[id];

	*number = choice->number;
	if (choice->configured)
		return true;
	if (id == OPTION_KEEPALIVE)
		return asked->state == VALUE_SET;
	if (option_table[id].sysctl[0])
		*number = diag->entered ? diag->kernel.number[id] : VALUE_UNKNOWN;
	if (option_table[id].zero_unsets)
		*number = 0;
	return asked->state == VALUE_KERNEL;
}

static bool is_same(const struct choice *one, const struct choice *other)
{
	return one->configured == other->configured && one->number == other->number &&
	       one->said.state == other->said.state;
}

static void apply_to_socket(void *context, struct tcp_socket *socket, int own)
{
	struct apply *apply = context;
	uintptr_t key = key_of(socket->kernel.inode, socket->kernel.state != TCP_CLOSE);
	bool again = is_known(apply, key_of(socket->kernel.inode, false));
	bool known = is_known(apply, key);
	struct endpoint endpoint;
	struct decision decision, before;

	numbers_add(&apply->done, key);
	if (known)
		return;
	apply->refused += socket->refused != 0;
	if (!socket->addressed)
		return;
	endpoint = endpoint_of(socket);
	policy_decide(&apply->configuration.policy, &endpoint, &decision);
	policy_decide(&apply->configuration.policy, &(struct endpoint){ 0 }, &before);
	for (size_t id = 0; id < OPTIONS; id++) {
		int number;

		/* Once it is connected, what could be set before is new only by rules. */
		if (again && is_its_moment(&option_table[id], TCP_CLOSE) &&
		    is_same(&decision.choice[id], &before.choice[id]))
			continue;
		if (!choose(apply, socket->diag, id, &decision.choice[id], &number) ||
		    !is_its_moment(&option_table[id], socket->kernel.state))
			continue;
		if (decision.choice[id].configured && decision.choice[id].said.state == VALUE_AUTO)
			number = own < 0 ? VALUE_UNKNOWN : change_derived(own);
		if (!change_option(&apply->change[id], socket, own, id, number))
			apply->status = STATUS_FAILED;
	}
}

/* When the descriptor is given back: what was done is told, and what could not be. */
static void take(void *context, const struct tcp_socket *socket)
{
	struct apply *apply = context;
	struct tcp_socket copy = *socket;

	if (!socket->protocol)
		numbers_add(&apply->done, key_of(socket->kernel.inode, true));
	if (socket->refused)
		apply_to_socket(apply, &copy, -1);
	change_print(apply->change, &apply->style, apply->table, socket);
}

static void visit(struct apply *apply, const struct process *process)
{
	int refused;

	apply->refused = 0;
	refused = sockets_visit(process, &(struct look){ .skip = skip, .use = apply_to_socket,
							 .take = take, .context = apply });
	if (!apply->refused)
		return;
	warnx("%d (%s): %d socket%s may not be changed: %s", process->pid, process->program,
	      apply->refused, apply->refused == 1 ? "" : "s",
	      refusal_reason(process, STEP_TAKE, refused));
	apply->status = STATUS_FAILED;
}

/* A mistake that came into the file while we watch is said once; until it is gone nothing is set. */
static void apply_to(struct apply *apply, const struct process *process)
{
	configuration_read(&apply->configuration, &apply->wanted, NULL,
			   (const char *const[]){ process->executable, process->program });
	apply->wanted.silent = apply->configuration.complaints;
	if (apply->configuration.complaints)
		apply->status = STATUS_FAILED;
	else
		visit(apply, process);
}

static void apply_to_children(struct apply *apply, pid_t root)
{
	struct relative *tree = process_tree(root);

	for (size_t i = 1; tree[i].pid; i++) {
		struct process child;

		enum process_problem problem = process_open_child(&child, &tree[i]);

		if (problem == PROCESS_CLOSED &&
		    numbers_add(&apply->closed, (uintptr_t)child.pid))
			apply->status |= process_complain(&child, problem);
		if (problem != PROCESS_FINE)
			continue;
		apply_to(apply, &child);
		process_close(&child);
	}
	free(tree);
}

/* One round over the processes that are still there. */
static void apply_to_all(struct apply *apply)
{
	diag_forget();
	forget_closed(apply);
	apply->table = table_new("settings", &apply->style, change_columns, NULL, CHANGE_COLUMNS);
	for (int i = 0; i < apply->processes; i++) {
		const struct process *process = &apply->process[i];

		if (process->pidfd < 0 && !process->refused)
			continue;
		apply_to(apply, process);
		if (apply->children)
			apply_to_children(apply, process->pid);
	}
}

/* Lets go of those that have ended, within the time; false when none is left. */
static bool wait_for_ends(struct apply *apply, int milliseconds)
{
	struct pollfd *ends = apply->ends;
	bool any = false;

	for (int i = 0; i < apply->processes; i++)
		ends[i] = (struct pollfd){ .fd = apply->process[i].pidfd, .events = POLLIN };
	poll(ends, (nfds_t)apply->processes, milliseconds);
	for (int i = 0; i < apply->processes; i++) {
		if (ends[i].revents)
			process_close(&apply->process[i]);
		any |= apply->process[i].pidfd >= 0;
	}
	return any;
}

static void watch(struct apply *apply)
{
	do {
		bool any;

		apply_to_all(apply);
		any = scols_table_get_nlines(apply->table);
		if (any)
			table_print(apply->table, &apply->style);
		else
			scols_unref_table(apply->table);
		apply->style.noheadings |= any;
		fflush(stdout);
	} while (wait_for_ends(apply, apply->watch * 1000));
}

/* Each process takes one as long as we look after it. */
static void allow_all_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
}

static void open_processes(struct apply *apply, const struct verb *verb, char **words, int count)
{
	allow_all_descriptors();
	apply->process = expect_memory(calloc((size_t)count, sizeof *apply->process));
	apply->ends = expect_memory(calloc((size_t)count, sizeof *apply->ends));
	for (int i = 0; i < count; i++) {
		pid_t pid = process_id(verb, words[i]);
		struct process *process = &apply->process[apply->processes];
		enum process_problem problem = process_open(process, pid);

		apply->processes += problem == PROCESS_FINE;
		apply->status |= process_complain(process, problem);
	}
}

static int read_seconds(const struct verb *verb, const char *word)
{
	struct text text = text_of(word ? word : "");
	uint32_t seconds;

	if (!word)
		return WATCH_SECONDS;
	if (!text_number(&text, &seconds) || text.length || !seconds || seconds > WATCH_MOST)
		flags_wrong(verb, "--watch: \"%s\" is not a number of seconds, 1..%d", word,
			    WATCH_MOST);
	return (int)seconds;
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct apply *apply)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(&apply->wanted, verb, flag, argument) ||
		    style_take(&apply->style, flag))
			continue;
		if (flag == FLAG_WATCH)
			apply->watch = read_seconds(verb, argument);
		else
			apply->children = true;
	}
	flags_operands(verb, argc, 1, argc);
	if (apply->watch && apply->style.json)
		flags_wrong(verb, "--json and --watch do not go together: JSON has an end");
}

static int apply_settings(const struct verb *verb, int argc, char **argv)
{
	static struct apply apply;

	read_command_line(verb, argc, argv, &apply);
	configuration_read(&apply.configuration, &apply.wanted, NULL, NULL);
	doubts_of_all(&apply.wanted, apply.configuration.loaded.path);
	if (apply.configuration.complaints)
		errx(STATUS_FAILED, "nothing was changed");
	open_processes(&apply, verb, argv + optind, argc - optind);
	if (apply.watch) {
		watch(&apply);
	} else {
		apply_to_all(&apply);
		table_print(apply.table, &apply.style);
	}
	return apply.status;
}

const struct verb verb_apply = {
	.name = "apply",
	.usage = "PID... [OPTION...]",
	.summary = "give the settings to the sockets of running processes",
	.details =
		"Sets on the TCP sockets of the processes what the library would set, by these options, the\n"
		"environment and the configuration file; whatever the program has set itself. What\n"
		"listeners accept from then on has it too. Prints what was there before and what is now.\n\n"
		"Exit status: 0; 1 if something could not be set; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.usage_status = STATUS_USAGE,
	.run = apply_settings,
};
