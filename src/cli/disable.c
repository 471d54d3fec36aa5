/* keepalive disable: removes the drop-in that keepalive enable has written. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/systemd/attach_line.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"
#include "cli/ui/detaching.h"
#include "cli/ui/flags.h"

enum { FLAG_DRY_RUN = FLAG_OWN, FLAG_USER, FLAG_RUNTIME, FLAG_ROOT };

static const struct flag flags[] = {
	{ FLAG_DRY_RUN, 0, "dry-run", NULL, "print what would change, and change nothing" },
	{ FLAG_USER, 0, "user", NULL, "a service of your own manager (systemctl --user)" },
	{ FLAG_RUNTIME, 0, "runtime", NULL, "remove the drop-in of enable --runtime" },
	{ FLAG_ROOT, 0, "root", "DIR", "the image of a system; nothing is reloaded" },
	{ 0 },
};

struct disable {
	bool runtime, dry_run, user;
	const char *directory;
	char name[UNIT_NAME_SIZE];
	struct root root;
	struct dropin dropin;
};

static void read_command_line(const struct verb *verb, int argc, char **argv,
			      struct disable *disable)
{
	struct failure failure;
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (flag == FLAG_RUNTIME)
			disable->runtime = true;
		else if (flag == FLAG_DRY_RUN)
			disable->dry_run = true;
		else if (flag == FLAG_USER)
			disable->user = true;
		else
			disable->directory = argument;
	}
	flags_operands(verb, argc, 1, 1);
	if (!unit_name_read(argv[optind], true, disable->name, &failure))
		flags_wrong(verb, "%s", failure.text);
	if (disable->directory && disable->user)
		flags_wrong(verb, "--user cannot be used with --root");
}

/* There may be one for the other span of time. */
static void report_nothing(const struct disable *disable)
{
	struct dropin other;

	warnx("%s does not exist", disable->dropin.path);
	if (dropin_place(&other, &disable->root, disable->name, !disable->runtime) &&
	    dropin_look(&other) == DROPIN_OURS)
		warnx("%s exists: try %s --runtime", other.path,
		      disable->runtime ? "without" : "with");
}

/* True if there is something of ours in the file. */
static bool has_ours(const struct dropin_change *change)
{
	return change->state == DROPIN_OURS || !change->after ||
	       strcmp(change->before, change->after);
}

static void print_done(const struct disable *disable, const struct dropin_change *change)
{
	if (change->after)
		printf("%s %s, with its other lines\n", disable->dry_run ? "would keep" : "kept",
		       disable->dropin.path);
	else
		printf("%s %s\n", disable->dry_run ? "would remove" : "removed",
		       disable->dropin.path);
	dropin_print_changes(change);
}

static int remove_ours(const struct disable *disable)
{
	bool runs, detached = true;
	struct dropin_change change;

	if (!dropin_plan(&disable->dropin, NULL, &change))
		return STATUS_FAILED;
	if (change.state == DROPIN_NONE) {
		report_nothing(disable);
		return STATUS_FAILED;
	}
	if (!has_ours(&change)) {
		warnx("%s has no lines of keepalive enable: it stays unchanged",
		      disable->dropin.path);
		return STATUS_FAILED;
	}
	if (!disable->dry_run && !dropin_carry_out(&disable->dropin, &change, false))
		return STATUS_FAILED;
	print_done(disable, &change);
	runs = !disable->root.is_image && systemd_runs();
	if (!disable->dry_run && !dropin_announce(&disable->dropin))
		return STATUS_FAILED;
	if (runs && attach_line_is_in(change.before, disable->name))
		detached = detach_from_unit(&disable->root, disable->name, disable->dry_run);
	if (runs && !disable->dry_run)
		systemctl_print_restart(disable->name);
	return detached ? STATUS_FINE : STATUS_FAILED;
}

static int disable_unit(const struct verb *verb, int argc, char **argv)
{
	static struct disable disable;

	read_command_line(verb, argc, argv, &disable);
	if (!root_enter(&disable.root, disable.directory))
		err(STATUS_FAILED, "%s", disable.directory ? disable.directory : "/");
	disable.root.is_user = disable.user;
	if (disable.user)
		systemctl_ask_user_manager();
	if (!dropin_place(&disable.dropin, &disable.root, disable.name, disable.runtime))
		err(STATUS_FAILED, "%s", disable.root.path);
	return remove_ours(&disable);
}

const struct verb verb_disable = {
	.name = "disable",
	.usage = "UNIT [FLAG...]",
	.summary = "remove this drop-in",
	.details =
		"Removes the lines of keepalive enable from the drop-in of UNIT, and the file and its\n"
		"directory if nothing else is in them. Other lines stay. If the drop-in had systemd run\n"
		"keepalive attach, detaches the BPF programs from the unit that runs; of a template, from\n"
		"all instances that have no drop-in of their own.\n"
		"\n"
		"Exit status: 0; 1 if there was nothing to remove, systemd could not be reloaded, or the\n"
		"programs could not be detached; 2 if the command line is wrong.\n",
	.flags = flags,
	.run = disable_unit,
};
