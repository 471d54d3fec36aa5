/* keepalive attach: BPF programs that set the options in a control group, in the kernel. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/groups/planning.h"
#include "cli/groups/programs.h"
#include "cli/ui/configuration.h"
#include "cli/ui/doubts.h"
#include "cli/ui/flags.h"
#include "cli/ui/settings_flags.h"
#include "cli/ui/target.h"

enum { FLAG_SELF = FLAG_OWN, FLAG_ALL, FLAG_PROGRAM, FLAG_UID };

static const struct flag flags[] = {
	{ FLAG_SELF, 0, "self", NULL, "the control group that this command runs in" },
	{ FLAG_ALL, 0, "all", NULL, "allow the root of the control groups: every process" },
	{ FLAG_PROGRAM, 0, "program", "NAME", "the program, for rules that look at it" },
	{ FLAG_UID, 0, "uid", "USER", "its user, for rules that look at it" },
	{ FLAG_OVERRIDE, 0, "override", "on|off", "replace the values that programs set" },
	{ 0 },
};

struct attach {
	struct wanted wanted;
	struct configuration configuration;
	struct subject subject;
	bool self, all;
	const char *word;
};

static void take_flag(const struct verb *verb, struct attach *attach, int flag,
		      const char *argument)
{
	switch (flag) {
	case FLAG_SELF:
		attach->self = true;
		break;
	case FLAG_ALL:
		attach->all = true;
		break;
	case FLAG_PROGRAM:
		attach->subject.name[0] = basename(argument);
		break;
	default:
		if (configuration_user(text_of(argument), &attach->subject.user))
			flags_wrong(verb,
				    "--uid: \"%s\" is not a user number, or a name in /etc/passwd",
				    argument);
		attach->subject.user_known = true;
	}
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct attach *attach)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!wanted_take(&attach->wanted, verb, flag, argument))
			take_flag(verb, attach, flag, argument);
	if (attach->self && optind < argc)
		flags_wrong(verb, "--self takes no unit and no control group");
	flags_operands(verb, argc, attach->self ? 0 : 1, 1);
	attach->word = attach->self ? NULL : argv[optind];
}

/* bpf_setsockopt() does not know this one. */
static void warn_of_defer_accept(const struct policy *policy)
{
	struct decision decision;

	policy_decide(policy, &(struct endpoint){ .role = ROLE_SERVER }, &decision);
	if (decision.choice[OPTION_DEFER_ACCEPT].configured)
		warnx("defer_accept cannot be set by BPF programs, and is left out");
}

static int attach_programs(const struct verb *verb, int argc, char **argv)
{
	static struct attach attach;
	struct programs programs = { 0 };
	struct failure failure;
	struct group group = { .fd = -1 };
	bool replaced;

	read_command_line(verb, argc, argv, &attach);
	target_open(&group, verb, attach.word, attach.all);
	configuration_read(&attach.configuration, &attach.wanted, NULL, &attach.subject);
	if (attach.configuration.errors && !attach.self)
		errx(STATUS_FAILED, "nothing was attached");
	warn_of_defer_accept(&attach.configuration.policy);
	if (!programs_open(&programs, &failure) ||
	    !plan_policy(programs.plan, &attach.configuration.policy, &failure) ||
	    !programs_attach(&programs, &group, &replaced, &failure))
		errx(STATUS_FAILED, "%s", failure.text);
	programs_close(&programs);
	printf("%s %s\n", replaced ? "replaced the programs of" : "attached to", group.path);
	return attach.configuration.errors ? STATUS_FAILED : STATUS_FINE;
}

const struct verb verb_attach = {
	.name = "attach",
	.usage = "UNIT|CGROUP|--self [FLAG...]",
	.summary = "set the options of a control group's sockets in the kernel (BPF)",
	.details =
		"Attaches BPF programs to the control group of UNIT, or at the path CGROUP. They "
		"set the\n"
		"options at connect() and listen() for every process in it, also static "
		"programs, Go,\n"
		"set-user-ID programs and io_uring, until detach or until the group is gone. "
		"Values that a\n"
		"program sets itself stay. Takes effect at once, for new connections.\n"
		"\n"
		"Needs Linux 5.9, cgroup2, and root, or CAP_BPF and CAP_NET_ADMIN.\n"
		"\n"
		"Exit status: 0; 1 if nothing was attached, or with --self if the configuration "
		"has an\n"
		"error; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = attach_programs,
};
