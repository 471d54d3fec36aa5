/* keepalive apply: gives the settings to the sockets of programs that are already running. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/sockets/held.h"
#include "cli/ui/applying.h"
#include "cli/ui/operand.h"
#include "cli/ui/seconds.h"

enum { FLAG_WATCH = FLAG_OWN, FLAG_CHILDREN, FLAG_DRY_RUN };

static const struct flag flags[] = {
	{ FLAG_WATCH, 'w', "watch", "[=SECONDS]",
	  "repeat every SECONDS for new sockets; default: 1" },
	{ FLAG_CHILDREN, 'c', "children", NULL, "include the children of the processes" },
	{ FLAG_DRY_RUN, 0, "dry-run", NULL, "print what would change, and change nothing" },
	TABLE_FLAGS,
	{ 0 },
};

struct apply {
	struct applying applying;
	int watch; /* seconds; 0: once */
	bool children;
	struct operand *operands;
	size_t operand_count;
	struct held held; /* the processes that the operands have meant up to now */
};

static bool apply_to_child(struct apply *apply, const struct relative *who)
{
	struct process child;
	enum process_error code = process_open_child(&child, who);
	bool told;

	if (code == PROCESS_FINE) {
		told = applying_to(&apply->applying, &child);
		process_close(&child);
		return told;
	}
	told = held_report(&apply->held, &child, code);
	if (told)
		apply->applying.status = STATUS_FAILED;
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
	if (!process && operand->kind == OPERAND_PID && apply->applying.known.rounds > 1)
		return false;
	if (!process)
		process = held_open(&apply->held, who->pid, &told);
	if (process)
		return applying_to(&apply->applying, process);
	if (!told && operand->kind == OPERAND_PID) {
		warnx("%s: no such process", operand->word);
		told = true;
	}
	if (told)
		apply->applying.status = STATUS_FAILED;
	return told;
}

/* While we watch, what is not there yet is no failure. */
static void apply_to_operand(struct apply *apply, struct operand *operand)
{
	const char *error = operand_each(operand, apply->children, apply_to_one, apply);

	if (!error || apply->applying.known.rounds > 1)
		return;
	warnx("%s: %s%s", operand->word, error, apply->watch ? "; waiting" : "");
	if (!apply->watch)
		apply->applying.status = STATUS_FAILED;
}

/* One round over the processes that the operands mean now. */
static void apply_to_all(struct apply *apply)
{
	applying_begin_round(&apply->applying);
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
		any = scols_table_get_nlines(apply->applying.table);
		if (any)
			table_print(apply->applying.table, &apply->applying.style);
		else
			scols_unref_table(apply->applying.table);
		apply->applying.style.noheadings |= any;
		fflush(stdout);
		if (!is_over(apply))
			held_wait(&apply->held, apply->watch * 1000);
	} while (!is_over(apply));
	return apply->applying.status;
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct apply *apply)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(&apply->applying.wanted, verb, flag, argument) ||
		    style_take(&apply->applying.style, flag))
			continue;
		if (flag == FLAG_WATCH)
			apply->watch = seconds_read(verb, argument);
		else if (flag == FLAG_DRY_RUN)
			apply->applying.changes.dry_run = true;
		else
			apply->children = true;
	}
	flags_operands(verb, argc, 1, argc);
	if (apply->watch && apply->applying.style.json)
		flags_wrong(verb, "--json cannot be used with --watch: JSON output must end");
	if (apply->watch && apply->applying.changes.dry_run)
		flags_wrong(verb, "--dry-run cannot be used with --watch: nothing would change");
	apply->operand_count = (size_t)(argc - optind);
	apply->operands = operands_read(verb, argv + optind, apply->operand_count);
}

static int apply_settings(const struct verb *verb, int argc, char **argv)
{
	static struct apply apply;

	read_command_line(verb, argc, argv, &apply);
	applying_read_configuration(&apply.applying);
	held_allow_descriptors();
	if (apply.watch)
		return watch(&apply);
	apply_to_all(&apply);
	table_print(apply.applying.table, &apply.applying.style);
	return apply.applying.status;
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
