/* keepalive disable: removes the drop-in that keepalive enable has written. */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/dropin.h"
#include "cli/flags.h"
#include "cli/unit.h"

enum { FLAG_RUNTIME = FLAG_OWN, FLAG_ROOT };

static const struct flag flags[] = {
	{ FLAG_RUNTIME, 0, "runtime", NULL, "the one until the next boot" },
	{ FLAG_ROOT, 0, "root", "DIR", "in an image of a system; nothing is reloaded" },
	{ 0 },
};

struct disable {
	bool runtime;
	const char *folder;
	char name[UNIT_NAME_SIZE];
	struct root root;
	struct dropin dropin;
};

static void read_command_line(const struct verb *verb, int argc, char **argv,
			      struct disable *disable)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (flag == FLAG_RUNTIME)
			disable->runtime = true;
		else
			disable->folder = argument;
	}
	flags_operands(verb, argc, 1, 1);
	unit_name_read(verb, argv[optind], disable->name);
}

/* There may be one for the other span of time. */
static void complain_of_nothing(const struct disable *disable)
{
	struct dropin other;

	warnx("%s is not there", disable->dropin.path);
	dropin_place(&other, &disable->root, disable->name, !disable->runtime);
	if (dropin_look(&other) == DROPIN_OURS)
		warnx("%s is: try %s --runtime", other.path, disable->runtime ? "without" : "with");
}

static int disable_unit(const struct verb *verb, int argc, char **argv)
{
	static struct disable disable;

	read_command_line(verb, argc, argv, &disable);
	root_enter(&disable.root, disable.folder);
	dropin_place(&disable.dropin, &disable.root, disable.name, disable.runtime);
	switch (dropin_look(&disable.dropin)) {
	case DROPIN_NONE:
		complain_of_nothing(&disable);
		return STATUS_FAILED;
	case DROPIN_FOREIGN:
		warnx("%s was not written by keepalive: it stays as it is", disable.dropin.path);
		return STATUS_FAILED;
	case DROPIN_CLOSED:
		warn("%s", disable.dropin.path);
		return STATUS_FAILED;
	case DROPIN_OURS:
		break;
	}
	if (!dropin_remove(&disable.dropin))
		return STATUS_FAILED;
	printf("removed %s\n", disable.dropin.path);
	return dropin_announce(&disable.dropin) ? STATUS_FINE : STATUS_FAILED;
}

const struct verb verb_disable = {
	.name = "disable",
	.usage = "UNIT [OPTION...]",
	.summary = "remove that drop-in",
	.details = "Removes the drop-in that keepalive enable has written for UNIT, and its folder "
		   "if\n"
		   "that was made for it. Nothing else is touched.\n\n"
		   "Exit status: 0; 1 if there was none, or systemd could not be told; 2 if the\n"
		   "command line is wrong.\n",
	.flags = flags,
	.usage_status = STATUS_USAGE,
	.run = disable_unit,
};
