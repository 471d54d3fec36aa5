/* What can be done for a service whose connections do not notice a dead peer: commands to paste. */
#include "cli/ui/remedy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ui/method.h"

#define SETTINGS " --idle 60 --interval 10 --count 6"

static const char at_restart[] = "takes effect when it is restarted";
static const char at_next_start[] = "when it is started the next time";

static bool ends(const char *name, const char *with)
{
	size_t length = strlen(name), tail = strlen(with);

	return length > tail && !strcmp(name + length - tail, with);
}

/*
 * Names come from others: a shell must not see anything else in them. Returns NULL if it would, or
 * if something in it was replaced by a question mark.
 */
static char *quoted(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789@%+=:,./_-";

	for (const char *at = name; *at; at++)
		if (*at == '\'' || *at == '?' || !isprint((unsigned char)*at))
			return NULL;
	if (!*name || *name == '-')
		return NULL;
	return text_new(name[strspn(name, plain)] ? "'%s'" : "%s", name);
}

/* apply takes the name of an executable, too. */
static bool may_be_called(const struct service_row *row, const char *name)
{
	return row->executables || !strcmp(row->program, name) || !strcmp(row->executable, name);
}

/* Whether apply takes the word for this program and no other one. */
static bool is_word_for(const struct services *services, const char *program)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789+._-";
	size_t rows = 0;

	for (size_t i = 0; i < services->count; i++)
		rows += may_be_called(&services->row[i], program);
	return rows == 1 && isalpha((unsigned char)*program) &&
	       !program[strspn(program, letters)] && !ends(program, ".service") &&
	       !ends(program, ".scope") && !ends(program, ".slice") && !ends(program, ".socket") &&
	       !ends(program, ".timer") && !ends(program, ".path");
}

/* Returns the words by which apply finds the processes: a name, or their numbers. */
static char *processes_of(const struct services *services, const struct service_row *row)
{
	char *words, *longer;

	if (is_word_for(services, row->program))
		return text_new("%s", row->program);
	words = text_new("%d", row->pids.at[0]);
	for (size_t i = 1; i < row->pids.count; i++) {
		longer = text_new("%s %d", words, row->pids.at[i]);
		free(words);
		words = longer;
	}
	return words;
}

static void apply(struct remedy *remedy, const struct services *services,
		  const struct service_row *row, bool watch)
{
	char *processes = processes_of(services, row);
	char *command =
		text_new("keepalive apply %s" SETTINGS "%s", processes, watch ? " --watch" : "");

	free(processes);
	if (watch)
		remedy->lasting = command;
	else
		remedy->now = command;
}

/* apply takes a unit by its name, too. */
static void apply_to_unit(struct remedy *remedy, const char *unit)
{
	remedy->now = text_new("keepalive apply %s" SETTINGS, unit);
}

static bool has(const struct service_row *row, const char *way)
{
	return row->reach && (!strcmp(row->reach, way) || !strcmp(row->reach, "both"));
}

static void enable(struct remedy *remedy, const struct service_row *row, const char *unit)
{
	const char *method = "", *override = "";

	if (row->obstacle && method_kernel_is_built())
		method = " --method kernel";
	if (has(row, "library") || has(row, "kernel"))
		override = " --override on";
	remedy->lasting = text_new("keepalive enable %s%s%s" SETTINGS, unit, method, override);
	remedy->when = at_restart;
	apply_to_unit(remedy, unit);
}

static void for_group(struct remedy *remedy, const struct services *services,
		      const struct service_row *row, const char *name)
{
	char *group = name && method_kernel_is_built() ? quoted(name) : NULL;

	if (!group) {
		apply(remedy, services, row, true);
		return;
	}
	remedy->lasting = text_new("keepalive attach %s%s" SETTINGS " --existing", group,
				   has(row, "kernel") ? " --override on" : "");
	free(group);
}

static void for_unit(struct remedy *remedy, const struct services *services,
		     const struct service_row *row)
{
	char *unit = quoted(row->owner.name);

	if (unit && ends(row->owner.name, ".service"))
		enable(remedy, row, unit);
	else
		for_group(remedy, services, row, unit ? row->owner.name : NULL);
	free(unit);
}

/* BPF programs cannot be attached by the manager of a user. */
static void for_user_unit(struct remedy *remedy, const struct services *services,
			  const struct service_row *row)
{
	char *unit = quoted(row->owner.name);

	if (row->obstacle || !unit || !ends(row->owner.name, ".service")) {
		apply(remedy, services, row, true);
	} else {
		remedy->lasting = text_new("keepalive enable --user %s%s" SETTINGS, unit,
					   has(row, "library") ? " --override on" : "");
		remedy->when = "as its user; takes effect when it is restarted";
		apply(remedy, services, row, false);
	}
	free(unit);
}

static void for_program(struct remedy *remedy, const struct services *services,
			const struct service_row *row)
{
	apply(remedy, services, row, row->obstacle);
	if (row->obstacle)
		return;
	/* Its name is what it calls itself, and its arguments would be missing. */
	remedy->lasting = text_new("keepalive run%s" SETTINGS " COMMAND",
				   has(row, "library") ? " --override on" : "");
	remedy->when = at_next_start;
}

static const char *reason_of(const struct service_row *row)
{
	if (has(row, "library"))
		return "it has the library: it switches keepalive off itself, or these connections "
		       "are not its own";
	if (has(row, "kernel"))
		return "the kernel sets its options: it switches keepalive off itself, or these "
		       "connections are older";
	if (row->owner.kind == OWNER_CONTAINER)
		return "the kernel reaches all programs of a container";
	if (row->obstacle)
		return row->obstacle;
	return row->examined ? "the library reaches it"
			     : "whether the library reaches it is unknown";
}

struct remedy remedy_of(const struct services *services, const struct service_row *row)
{
	struct remedy remedy = { 0 };

	if (!row->tally.never)
		return remedy;
	if (!row->pids.count) {
		remedy.reason = "no process that you may inspect has these connections";
		return remedy;
	}
	remedy.reason = reason_of(row);
	if (row->owner.kind == OWNER_UNIT)
		for_unit(&remedy, services, row);
	else if (row->owner.kind == OWNER_USER_UNIT)
		for_user_unit(&remedy, services, row);
	else if (row->owner.kind == OWNER_CONTAINER)
		for_group(&remedy, services, row, row->owner.group);
	else
		for_program(&remedy, services, row);
	return remedy;
}

void remedy_free(struct remedy *remedy)
{
	free(remedy->lasting);
	free(remedy->now);
	*remedy = (struct remedy){ 0 };
}
