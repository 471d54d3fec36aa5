/* keepalive apply: gives the settings to the sockets of programs that are already running. */
#include <err.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/sockets/held.h"
#include "cli/sockets/known.h"
#include "cli/sockets/refusal.h"
#include "cli/ui/change.h"
#include "cli/ui/intent.h"
#include "cli/ui/operand.h"

enum { FLAG_WATCH = FLAG_OWN, FLAG_CHILDREN, FLAG_DRY_RUN };
enum { WATCH_SECONDS = 1, WATCH_MOST = 3600 };

static const struct flag flags[] = {
	{ FLAG_WATCH, 'w', "watch", "[=SECONDS]",
	  "repeat every SECONDS for new sockets; default: 1" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "include the children of the processes" },
	{ FLAG_DRY_RUN, 0, "dry-run", NULL, "print what would change, and change nothing" },
	TABLE_FLAGS,
	{ 0 },
};

struct apply {
	struct wanted wanted;
	struct configuration configuration;
	struct style style;
	struct libscols_table *table;
	int watch; /* seconds; 0: once */
	bool children;
	struct operand *operands;
	size_t operand_count;
	struct held held;   /* the processes that the operands have meant up to now */
	size_t sockets;     /* how many TCP sockets were seen, in all rounds */
	struct known known; /* the sockets that were dealt with */
	struct changes changes;
	int refused; /* sockets of this process that may not be changed */
	int status;
};

/* What the program changes after us stays. */
static bool skip(void *context, ino_t inode)
{
	struct apply *apply = context;
	bool known = known_has(&apply->known, inode, true);

	if (known)
		known_add(&apply->known, inode, true);
	apply->sockets += known;
	return known;
}

static void apply_to_socket(void *context, struct tcp_socket *socket, int own)
{
	struct apply *apply = context;
	ino_t inode = socket->kernel.inode;
	bool connected = socket->kernel.state != TCP_CLOSE;
	bool again = known_has(&apply->known, inode, false);
	bool known = known_has(&apply->known, inode, connected);
	struct intent intent[OPTIONS];

	known_add(&apply->known, inode, connected);
	apply->sockets++;
	if (known)
		return;
	apply->refused += socket->refused != 0;
	if (!socket->addressed)
		return;
	intents_of(&apply->configuration, socket, again, intent);
	for (size_t id = 0; id < OPTIONS; id++) {
		int number = intent[id].number;

		if (!intent[id].set)
			continue;
		if (intent[id].derived)
			number = own < 0 ? VALUE_UNKNOWN : change_derived(&apply->changes, own);
		if (!change_option(&apply->changes, socket, own, id, number))
			apply->status = STATUS_FAILED;
	}
}

/* When the descriptor is given back: what was done is told, and what could not be. */
static void take(void *context, const struct tcp_socket *socket)
{
	struct apply *apply = context;
	struct tcp_socket copy = *socket;

	if (!socket->protocol)
		known_add(&apply->known, socket->kernel.inode, true);
	if (socket->refused)
		apply_to_socket(apply, &copy, -1);
	change_print(&apply->changes, &apply->style, apply->table, socket);
}

static void visit(struct apply *apply, const struct process *process)
{
	int refused;

	apply->refused = 0;
	refused = sockets_visit(process, &(struct look){ .skip = skip,
							 .use = apply_to_socket,
							 .take = take,
							 .context = apply });
	if (!apply->refused)
		return;
	warnx("%d (%s): %d socket%s cannot be changed: %s", process->pid, process->program,
	      apply->refused, apply->refused == 1 ? "" : "s",
	      refusal_reason(process, STEP_TAKE, refused));
	apply->status = STATUS_FAILED;
}

/*
 * An error that comes into the file while we watch is printed once, and nothing is set until it is
 * gone. Returns true if the process has TCP sockets, or there was an error.
 */
static bool apply_to(struct apply *apply, const struct process *process)
{
	size_t sockets = apply->sockets;
	struct subject subject = { { process->executable, process->program } };

	subject.user_known = process_user(process->pid, &subject.user);
	configuration_read(&apply->configuration, &apply->wanted, NULL, &subject);
	apply->wanted.reporting = apply->configuration.errors ? REPORT_NOTHING : REPORT_ERRORS;
	if (apply->configuration.errors) {
		apply->status = STATUS_FAILED;
		return true;
	}
	visit(apply, process);
	return apply->sockets > sockets;
}

static bool apply_to_child(struct apply *apply, const struct relative *who)
{
	struct process child;
	enum process_error code = process_open_child(&child, who);
	bool told;

	if (code == PROCESS_FINE) {
		told = apply_to(apply, &child);
		process_close(&child);
		return told;
	}
	told = held_report(&apply->held, &child, code);
	if (told)
		apply->status = STATUS_FAILED;
	return told;
}

/* A process id means the process that had it at first; another that has it later is none of ours.
 */
static bool apply_to_one(void *context, const struct relative *who, const struct operand *operand)
{
	struct apply *apply = context;
	const struct process *process = held_find(&apply->held, who->pid);
	bool told = false;

	if (!operand)
		return apply_to_child(apply, who);
	if (!process && operand->kind == OPERAND_PID && apply->known.rounds > 1)
		return false;
	if (!process)
		process = held_open(&apply->held, who->pid, &told);
	if (process)
		return apply_to(apply, process);
	if (!told && operand->kind == OPERAND_PID) {
		warnx("%s: no such process", operand->word);
		told = true;
	}
	if (told)
		apply->status = STATUS_FAILED;
	return told;
}

/* While we watch, what is not there yet is no failure. */
static void apply_to_operand(struct apply *apply, struct operand *operand)
{
	const char *error = operand_each(operand, apply->children, apply_to_one, apply);

	if (!error || apply->known.rounds > 1)
		return;
	warnx("%s: %s%s", operand->word, error, apply->watch ? "; waiting" : "");
	if (!apply->watch)
		apply->status = STATUS_FAILED;
}

/* One round over the processes that the operands mean now. */
static void apply_to_all(struct apply *apply)
{
	diag_forget();
	known_begin_round(&apply->known);
	apply->table = table_new("settings", &apply->style, change_columns, NULL, CHANGE_COLUMNS);
	for (size_t i = 0; i < apply->operand_count; i++)
		apply_to_operand(apply, &apply->operands[i]);
}

/* Names and units may mean other processes at any time; process ids only as long as those live. */
static bool is_over(const struct apply *apply)
{
	for (size_t i = 0; i < apply->operand_count; i++)
		if (apply->operands[i].kind != OPERAND_PID)
			return false;
	return !apply->held.count;
}

static int watch(struct apply *apply)
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
		if (!is_over(apply))
			held_wait(&apply->held, apply->watch * 1000);
	} while (!is_over(apply));
	return apply->status;
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
		else if (flag == FLAG_DRY_RUN)
			apply->changes.dry_run = true;
		else
			apply->children = true;
	}
	flags_operands(verb, argc, 1, argc);
	if (apply->watch && apply->style.json)
		flags_wrong(verb, "--json cannot be used with --watch: JSON output must end");
	if (apply->watch && apply->changes.dry_run)
		flags_wrong(verb, "--dry-run cannot be used with --watch: nothing would change");
	apply->operand_count = (size_t)(argc - optind);
	apply->operands = operands_read(verb, argv + optind, apply->operand_count);
}

static int apply_settings(const struct verb *verb, int argc, char **argv)
{
	static struct apply apply;

	read_command_line(verb, argc, argv, &apply);
	configuration_read(&apply.configuration, &apply.wanted, NULL, NULL);
	if (apply.configuration.errors)
		errx(STATUS_FAILED, "nothing was changed");
	apply.wanted.reporting = REPORT_ERRORS; /* it is read again for each process */
	held_allow_descriptors();
	if (apply.watch)
		return watch(&apply);
	apply_to_all(&apply);
	table_print(apply.table, &apply.style);
	return apply.status;
}

const struct verb verb_apply = {
	.name = "apply",
	.usage = "PID|PROGRAM|UNIT... [FLAG...]",
	.summary = "set options on the sockets of running processes",
	.details =
		"Sets on the TCP sockets of the processes what the library would set, from these flags, the\n"
		"environment and the configuration file. Replaces values that the program has set.\n"
		"Connections that listeners accept later inherit the settings. Prints the values before and\n"
		"after.\n"
		"\n"
		"A name means all programs with this name (nginx, 'php-fpm*'), a unit means all processes\n"
		"of the unit (nginx.service). With --watch, both are looked up each time.\n"
		"\n"
		"Exit status: 0; 1 if an option could not be set, the configuration has an error, or a\n"
		"process does not exist or has no TCP sockets; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = apply_settings,
};
