/* keepalive detach: takes back what attach did to a control group. */
#include <err.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/groups/programs.h"
#include "cli/ui/flags.h"
#include "cli/ui/target.h"

enum { FLAG_SELF = FLAG_OWN };

static const struct flag flags[] = {
	{ FLAG_SELF, 0, "self", NULL, "the control group that this command runs in" },
	{ 0 },
};

static int detach_programs(const struct verb *verb, int argc, char **argv)
{
	struct failure failure;
	struct group group = { .fd = -1 };
	bool found, self = false;
	const char *argument;

	while (flags_next(verb, argc, argv, &argument) != FLAG_END)
		self = true;
	if (self && optind < argc)
		flags_wrong(verb, "--self takes no unit and no control group");
	flags_operands(verb, argc, self ? 0 : 1, 1);
	target_open(&group, verb, self ? NULL : argv[optind], true);
	if (!programs_detach(&group, &found, &failure))
		errx(STATUS_FAILED, "%s", failure.text);
	if (!found)
		errx(STATUS_FAILED, "%s: keepalive has attached nothing to it", group.path);
	printf("detached from %s\n", group.path);
	return STATUS_FINE;
}

const struct verb verb_detach = {
	.name = "detach",
	.usage = "UNIT|CGROUP|--self",
	.summary = "take back what attach did to a control group",
	.details =
		"Detaches the BPF programs of keepalive attach from the control group of UNIT, or "
		"at the\n"
		"path CGROUP. Sockets keep the values that they have; new ones get none. Programs "
		"of others,\n"
		"and of groups above and beneath, stay.\n"
		"\n"
		"Exit status: 0; 1 if nothing was attached, or it could not be detached; 2 if the "
		"command\n"
		"line is wrong.\n",
	.flags = flags,
	.run = detach_programs,
};
