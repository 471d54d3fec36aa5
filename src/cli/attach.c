/* keepalive attach: BPF programs that set the options in a control group, in the kernel. */
#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/groups/planning.h"
#include "cli/groups/programs.h"
#include "cli/groups/reason.h"
#include "cli/ui/configuration.h"
#include "cli/ui/existing.h"
#include "cli/ui/flags.h"
#include "cli/ui/settings_flags.h"
#include "cli/ui/target.h"

enum { FLAG_SELF = FLAG_OWN, FLAG_ALL, FLAG_PROGRAM, FLAG_UID, FLAG_EXISTING };

static const struct flag flags[] = {
	{ FLAG_SELF, 0, "self", NULL, "the control group that this command runs in" },
	{ FLAG_ALL, 0, "all", NULL, "allow the root of the control groups: every process" },
	{ FLAG_PROGRAM, 0, "program", "NAME", "the program, for rules that look at it" },
	{ FLAG_UID, 0, "uid", "USER", "its user, for rules that look at it" },
	{ FLAG_EXISTING, 0, "existing", NULL, "also set the sockets that exist, as apply does" },
	TABLE_FLAGS,
	{ FLAG_OVERRIDE, 0, "override", "on|off", "replace the values that programs set" },
	{ 0 },
};

struct attach {
	struct applying applying;
	struct subject subject;
	bool self, all, existing;
	const char *user; /* the word of --uid */
	const char *word;
};

static void take_flag(struct attach *attach, int flag, const char *argument)
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
	case FLAG_EXISTING:
		attach->existing = true;
		break;
	default:
		attach->user = argument;
	}
}

/* The line of a drop-in is to attach all the same, if it has a user whom only other sources know.
 */
static void read_user(const struct verb *verb, struct attach *attach)
{
	static const char message[] =
		"--uid: \"%s\" is not a user number, or a name in /etc/passwd";

	if (!attach->user)
		return;
	attach->subject.user_known =
		!configuration_user(text_of(attach->user), &attach->subject.user);
	if (attach->subject.user_known)
		return;
	if (!attach->self)
		flags_wrong(verb, message, attach->user);
	warnx(message, attach->user);
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct attach *attach)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!wanted_take(&attach->applying.wanted, verb, flag, argument) &&
		    !style_take(&attach->applying.style, flag))
			take_flag(attach, flag, argument);
	read_user(verb, attach);
	if (attach->self && optind < argc)
		flags_wrong(verb, "--self takes no unit and no control group");
	flags_operands(verb, argc, attach->self ? 0 : 1, 1);
	attach->word = attach->self ? NULL : argv[optind];
}

/* Returns true if the option is set for servers, or by a rule. */
static bool is_set(const struct policy *policy, enum option_id id)
{
	struct decision decision;
	bool set;

	policy_decide(policy, &(struct endpoint){ .role = ROLE_SERVER }, &decision);
	set = decision.choice[id].configured;
	for (const struct rule *rule = rule_next(&policy->rules, NULL); rule;
	     rule = rule_next(&policy->rules, rule))
		for (uint32_t i = 0; i < rule->settings; i++)
			set |= rule_settings(rule)[i].option == id &&
			       rule_settings(rule)[i].value.state == VALUE_SET;
	return set;
}

/* bpf_setsockopt() does not know the first, and old kernels do not know the others. */
static void warn_of_missing(const struct policy *policy)
{
	static const enum option_id missing[] = { OPTION_DEFER_ACCEPT, OPTION_MAX_SEGMENT,
						  OPTION_WINDOW_CLAMP };
	size_t count = kernel_reads_options() ? 1 : sizeof missing / sizeof *missing;

	for (size_t i = 0; i < count; i++)
		if (is_set(policy, missing[i]))
			warnx("%s cannot be set by BPF programs%s, and is left out",
			      option_table[missing[i]].key, i ? " before Linux 6.1" : "");
}

static void open_programs(struct programs *programs)
{
	struct failure failure;

	if (!programs_open(programs, &failure))
		errx(STATUS_FAILED, "%s", failure.text);
}

/* Loads and attaches them. Ends the process if that fails. */
static bool attach_to(struct programs *programs, const struct group *group,
		      const struct policy *policy)
{
	struct failure failure;
	bool replaced;

	if (!plan_policy(programs->plan, policy, &failure) ||
	    !programs_attach(programs, group, &replaced, &failure))
		errx(STATUS_FAILED, "%s", failure.text);
	programs_close(programs);
	return replaced;
}

static int attach_programs(const struct verb *verb, int argc, char **argv)
{
	static struct attach attach;
	struct applying *applying = &attach.applying;
	struct configuration *configuration = &applying->configuration;
	struct existing existing = { 0 };
	struct programs programs = { 0 };
	struct group group = { .fd = -1 };
	unsigned int errors;
	bool replaced;

	read_command_line(verb, argc, argv, &attach);
	open_programs(&programs);
	target_open(&group, verb, attach.word, attach.all);
	configuration_read(configuration, &applying->wanted, NULL, &attach.subject);
	errors = configuration->errors;
	if (errors && !attach.self)
		errx(STATUS_FAILED, "nothing was attached");
	warn_of_missing(&configuration->policy);
	if (!attach.self && !attach.existing)
		existing = existing_count(&group);
	replaced = attach_to(&programs, &group, &configuration->policy);
	/* With --json, standard output has the table alone. */
	fprintf(style_is_bare(&applying->style) ? stderr : stdout, "%s %s\n",
		replaced ? "replaced the programs of" : "attached to", group.path);
	if (attach.existing)
		return existing_apply(applying, &group);
	existing_report(&existing);
	return errors ? STATUS_FAILED : STATUS_FINE;
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
		"program sets itself stay. Takes effect at once, for new connections. With "
		"--existing the\n"
		"sockets that the processes have are set, too, as by apply: there, also values "
		"that a\n"
		"program has set are replaced.\n"
		"\n"
		"Needs Linux 5.9, cgroup2, and root, or CAP_BPF and CAP_NET_ADMIN.\n"
		"\n"
		"Exit status: 0; 1 if nothing was attached, the configuration has errors, or "
		"--existing\n"
		"could not set an option, could not inspect all processes or found no TCP socket; 2 "
		"if the\n"
		"command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.run = attach_programs,
};
