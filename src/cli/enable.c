/* keepalive enable: a drop-in that gives a service of systemd its settings. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"
#include "cli/ui/doubts.h"
#include "cli/ui/enabling.h"
#include "cli/ui/verify.h"

enum {
	FLAG_NOW = FLAG_OWN,
	FLAG_METHOD,
	FLAG_DRY_RUN,
	FLAG_USER,
	FLAG_RUNTIME,
	FLAG_ROOT,
	FLAG_LIBRARY
};

static const struct flag flags[] = {
	{ FLAG_NOW, 0, "now", NULL, "restart the service, and check whether it has the settings" },
	{ FLAG_METHOD, 0, "method", "WAY", "library, kernel (BPF programs) or both" },
	{ FLAG_DRY_RUN, 0, "dry-run", NULL, "print what would change, and change nothing" },
	{ FLAG_USER, 0, "user", NULL, "a service of your own manager (systemctl --user)" },
	{ FLAG_RUNTIME, 0, "runtime", NULL, "only until the next boot" },
	{ FLAG_ROOT, 0, "root", "DIR", "the image of a system; nothing is reloaded" },
	{ FLAG_LIBRARY, 0, "library", "FILE", "use this library, not the installed one" },
	{ 0 },
};

struct enable {
	struct enabling plan;
	bool runtime, now, dry_run, user;
	const char *directory;
	char name[UNIT_NAME_SIZE];
	struct dropin dropin;
};

static void take_flag(const struct verb *verb, struct enable *enable, int flag,
		      const char *argument)
{
	switch (flag) {
	case FLAG_METHOD:
		enable->plan.wanted_method = method_read(verb, argument);
		break;
	case FLAG_NOW:
		enable->now = true;
		break;
	case FLAG_DRY_RUN:
		enable->dry_run = true;
		break;
	case FLAG_USER:
		enable->user = true;
		break;
	case FLAG_RUNTIME:
		enable->runtime = true;
		break;
	case FLAG_ROOT:
		enable->directory = argument;
		break;
	default:
		enable->plan.named_library = argument;
	}
}

/* What cannot be had together. */
static void check_flags(const struct verb *verb, const struct enable *enable)
{
	const char *config = enable->plan.wanted.config;
	bool kernel_wanted = enable->plan.wanted_method > METHOD_LIBRARY;

	if (enable->directory && enable->plan.named_library && *enable->plan.named_library != '/')
		flags_wrong(verb, "--library: with --root, give an absolute path in the image");
	if (enable->directory && config && *config && *config != '/')
		flags_wrong(verb, "--config: with --root, give an absolute path in the image");
	if (enable->directory && enable->user)
		flags_wrong(verb, "--user cannot be used with --root");
	if (enable->directory && enable->now)
		flags_wrong(verb, "--now cannot be used with --root: nothing runs in an image");
	if (enable->now && unit_is_template(enable->name))
		flags_wrong(verb, "--now: a template does not run; name an instance");
	if (enable->user && (kernel_wanted || unit_is_socket(enable->name)))
		flags_wrong(verb, "--user: only root can attach BPF programs");
	if (enable->plan.named_library && enable->plan.wanted_method == METHOD_KERNEL)
		flags_wrong(verb, "--library cannot be used with --method kernel");
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct enable *enable)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!wanted_take(&enable->plan.wanted, verb, flag, argument))
			take_flag(verb, enable, flag, argument);
	flags_operands(verb, argc, 1, 1);
	if (!unit_name_read(argv[optind], true, enable->name, &enable->plan.failure))
		flags_wrong(verb, "%s", enable->plan.failure.text);
	if (unit_is_socket(enable->name)) {
		if (enable->plan.wanted_method & METHOD_LIBRARY)
			flags_wrong(verb,
				    "--method: %s starts no program: name its service for the "
				    "library",
				    enable->name);
		enable->plan.wanted_method = METHOD_KERNEL;
	}
	check_flags(verb, enable);
}

/* The last line is the command by which one sees whether it did what it was to do. */
static void print_next_steps(const struct enable *enable)
{
	const char *name = enable->name, *quote = unit_name_quote(name);

	if (enable->plan.root.is_image || !systemd_runs())
		return;
	systemctl_print_restart(name);
	if (!unit_is_socket(name) && unit_is_template(name))
		printf("to verify: keepalive show %s%.*sINSTANCE.service%s\n", quote,
		       (int)(strchr(name, '@') - name + 1), name, quote);
	else if (!unit_is_socket(name) && enable->user)
		printf("to verify: keepalive show --children $(systemctl --user show --property "
		       "MainPID --value %s%s%s)\n",
		       quote, name, quote);
	else if (!unit_is_socket(name))
		printf("to verify: keepalive show %s%s%s\n", quote, name, quote);
}

static int restart_and_verify(const struct enable *enable)
{
	if (!systemd_runs())
		return STATUS_FAILED;
	if (!systemctl_restart(enable->name))
		return STATUS_FAILED;
	printf("restarted %s\n", enable->name);
	fflush(stdout);
	return verify_unit(enable->name, &enable->plan);
}

static int write_dropin(struct enable *enable)
{
	char *lines = enabling_lines(&enable->plan);
	struct dropin_change change;
	bool planned = dropin_plan(&enable->dropin, lines, &change);

	free(lines);
	if (!planned)
		return STATUS_FAILED;
	if (!enable->dry_run && !dropin_carry_out(&enable->dropin, &change, true))
		return STATUS_FAILED;
	if (method_has_kernel(enable->plan.method))
		method_print(enable->name, enable->plan.method, enable->plan.wanted_method,
			     &enable->plan.subject);
	printf("%s %s\n", enable->dry_run ? "would write" : "wrote", enable->dropin.path);
	dropin_print_changes(&change);
	if (enable->dry_run && enable->now)
		printf("would restart %s\n", enable->name);
	if (enable->dry_run)
		return STATUS_FINE;
	if (!dropin_announce(&enable->dropin))
		return STATUS_FAILED;
	if (enable->now)
		return restart_and_verify(enable);
	print_next_steps(enable);
	return STATUS_FINE;
}

static int enable_unit(const struct verb *verb, int argc, char **argv)
{
	static struct enable enable;

	read_command_line(verb, argc, argv, &enable);
	doubts_of_flags(&enable.plan.wanted);
	if (!root_enter(&enable.plan.root, enable.directory))
		err(STATUS_FAILED, "%s", enable.directory ? enable.directory : "/");
	enable.plan.root.is_user = enable.user;
	if (enable.user)
		systemctl_ask_user_manager();
	if (!dropin_place(&enable.dropin, &enable.plan.root, enable.name, enable.runtime))
		err(STATUS_FAILED, "%s", enable.plan.root.path);
	enabling_prepare(&enable.plan, &enable.dropin);
	return write_dropin(&enable);
}

const struct verb verb_enable = {
	.name = "enable",
	.usage = "UNIT [FLAG...]",
	.summary = "write a drop-in that gives a systemd service its settings",
	.details =
		"Writes the drop-in " DROPIN_NAME
		", which has these settings and LD_PRELOAD for UNIT, a service,\n"
		"template or instance. Where the library would not reach the program, the drop-in has\n"
		"systemd run keepalive attach before the service starts; --method decides otherwise. For\n"
		"a socket unit it always does. Other libraries in LD_PRELOAD stay, and so do other lines\n"
		"in the file. The new settings replace all earlier ones. Writes nothing if another\n"
		"setting of the unit would undo the drop-in.\n"
		"\n"
		"Exit status: 0; 1 if nothing was written, systemd could not be reloaded, or --now did\n"
		"not find the settings in the service; 2 if the command line is wrong.\n",
	.flags = flags,
	.settings = true,
	.logging = true,
	.run = enable_unit,
};
