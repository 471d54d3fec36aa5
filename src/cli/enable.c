/* keepalive enable: a drop-in that gives a service of systemd the library and its settings. */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/variables.h"
#include "cli/ui/doubts.h"
#include "cli/ui/verify.h"
#include "cli/ui/wanted.h"

enum { FLAG_NOW = FLAG_OWN, FLAG_DRY_RUN, FLAG_USER, FLAG_RUNTIME, FLAG_ROOT, FLAG_LIBRARY };

static const struct flag flags[] = {
	{ FLAG_NOW, 0, "now", NULL, "restart the service, and check whether it has the settings" },
	{ FLAG_DRY_RUN, 0, "dry-run", NULL, "print what would change, and change nothing" },
	{ FLAG_USER, 0, "user", NULL, "a service of your own manager (systemctl --user)" },
	{ FLAG_RUNTIME, 0, "runtime", NULL, "only until the next boot" },
	{ FLAG_ROOT, 0, "root", "DIR", "the image of a system; nothing is reloaded" },
	{ FLAG_LIBRARY, 0, "library", "FILE", "use this library, not the installed one" },
	{ 0 },
};

struct enable {
	struct wanted wanted;
	bool runtime, now, dry_run, user;
	const char *directory, *named_library;
	char name[UNIT_NAME_SIZE];
	struct root root;
	struct service unit;
	struct dropin dropin;
	struct library library;
	struct variables variables;
	struct obstacles obstacles;
	struct failure failure;
};

static void take_flag(struct enable *enable, int flag, const char *argument)
{
	switch (flag) {
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
		enable->named_library = argument;
	}
}

static void read_command_line(const struct verb *verb, int argc, char **argv, struct enable *enable)
{
	const char *argument, *config;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END)
		if (!wanted_take(&enable->wanted, verb, flag, argument))
			take_flag(enable, flag, argument);
	flags_operands(verb, argc, 1, 1);
	if (!unit_name_read(argv[optind], enable->name, &enable->failure))
		flags_wrong(verb, "%s", enable->failure.text);
	config = enable->wanted.config;
	if (enable->directory && enable->named_library && *enable->named_library != '/')
		flags_wrong(verb, "--library: with --root, give an absolute path in the image");
	if (enable->directory && config && *config && *config != '/')
		flags_wrong(verb, "--config: with --root, give an absolute path in the image");
	if (enable->directory && enable->user)
		flags_wrong(verb, "--user cannot be used with --root");
	if (enable->directory && enable->now)
		flags_wrong(verb, "--now cannot be used with --root: nothing runs in an image");
	if (enable->now && unit_is_template(enable->name))
		flags_wrong(verb, "--now: a template does not run; name an instance");
}

static void expect(const struct enable *enable, bool done)
{
	if (!done)
		errx(STATUS_FAILED, "%s", enable->failure.text);
}

static bool is_there(const struct root *root, const char *path)
{
	char resolved[PATH_MAX];

	return root_resolve(root, path, resolved);
}

static void find_library(struct enable *enable)
{
	const char *named = enable->named_library;
	struct library *library = &enable->library;
	char *path = named ? path_absolute(named, STATUS_FAILED) : NULL;

	if (path && !enable->root.is_image && access(path, F_OK))
		err(STATUS_FAILED, "%s", named);
	library_find(library, path, enable->root.path);
	free(path);
	if (!library_can_be_preloaded(library))
		errx(STATUS_FAILED, "%s: LD_PRELOAD cannot contain a path with a space or colon",
		     library->preload);
	library->found = is_there(&enable->root, library->path);
	for (size_t i = 0; !library->found && library->others[i]; i++)
		library->found = is_there(&enable->root, library->others[i]);
	if (!library->found)
		warnx("%s%s: the library does not exist", enable->root.path, library->path);
}

static void set_wanted(void *context, const char *name, const char *word)
{
	struct enable *enable = context;
	char *path = NULL;

	if (!strcmp(name, "KEEPALIVE_CONF") && *word) {
		path = path_absolute(word, STATUS_FAILED);
		if (!is_there(&enable->root, path)) {
			if (!enable->root.is_image)
				err(STATUS_FAILED, "%s", word);
			warnx("%s%s: the configuration file does not exist", enable->root.path,
			      path);
		}
	}
	expect(enable,
	       variables_add(&enable->variables, name, path ? path : word, &enable->failure));
	free(path);
}

static void set_variables(struct enable *enable, bool for_musl)
{
	const struct library *library = &enable->library;

	expect(enable, variables_add_preload(&enable->variables, enable->unit.preload,
					     for_musl ? library->path : library->preload,
					     &enable->failure));
	wanted_variables(&enable->wanted, set_wanted, enable);
	if (enable->wanted.settings.value[OPTION_KEEPALIVE].state == VALUE_SET &&
	    !enable->wanted.settings.value[OPTION_KEEPALIVE].number)
		warnx("KEEPALIVE: keepalive is off, the library does nothing");
}

/* Ends the process where the drop-in would do nothing, or harm. */
static void look_for_obstacles(struct enable *enable)
{
	struct obstacles *obstacles = &enable->obstacles;

	obstacles->unit = &enable->unit;
	obstacles->library = &enable->library;
	obstacles_of_mounts(obstacles);
	obstacles_of_permissions(obstacles);
	set_variables(enable, obstacles_of_programs(obstacles, enable->wanted.sandboxed));
	obstacles_of_filter(obstacles);
	obstacles_of_commands(obstacles);
	obstacles_of_postgres(obstacles, &enable->variables);
	obstacles_of_rivals(obstacles, &enable->dropin);
	obstacles_of_environment(obstacles, &enable->variables);
	if (obstacles->refused)
		errx(STATUS_FAILED, "nothing was written");
}

/* The last line is the command by which one sees whether it did what it was to do. */
static void print_next_steps(const struct enable *enable)
{
	const char *name = enable->name;

	if (enable->root.is_image || !systemd_runs())
		return;
	systemctl_print_restart(name);
	if (unit_is_template(name))
		printf("to verify: keepalive show %.*sINSTANCE.service\n",
		       (int)(strchr(name, '@') - name + 1), name);
	else if (enable->user)
		printf("to verify: keepalive show --children $(systemctl --user show --property "
		       "MainPID --value %s)\n",
		       name);
	else
		printf("to verify: keepalive show %s\n", name);
}

static int restart_and_verify(const struct enable *enable)
{
	if (!systemd_runs())
		return STATUS_FAILED;
	if (!systemctl_restart(enable->name))
		return STATUS_FAILED;
	printf("restarted %s\n", enable->name);
	fflush(stdout);
	return verify_unit(enable->name, &enable->variables);
}

static int write_dropin(struct enable *enable)
{
	char *lines = variables_lines(&enable->variables);
	struct dropin_change change;
	bool planned = dropin_plan(&enable->dropin, lines, &change);

	free(lines);
	if (!planned)
		return STATUS_FAILED;
	if (!enable->dry_run && !dropin_carry_out(&enable->dropin, &change, true))
		return STATUS_FAILED;
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
	doubts_of_flags(&enable.wanted);
	if (!root_enter(&enable.root, enable.directory))
		err(STATUS_FAILED, "%s", enable.directory ? enable.directory : "/");
	enable.root.is_user = enable.user;
	if (enable.user)
		systemctl_ask_user_manager();
	if (!dropin_place(&enable.dropin, &enable.root, enable.name, enable.runtime))
		err(STATUS_FAILED, "%s", enable.root.path);
	expect(&enable, unit_read(&enable.unit, &enable.root, enable.name,
				  dropin_inner_path(&enable.dropin), &enable.failure));
	find_library(&enable);
	look_for_obstacles(&enable);
	return write_dropin(&enable);
}

const struct verb verb_enable = {
	.name = "enable",
	.usage = "UNIT [FLAG...]",
	.summary = "write a drop-in that adds the library to a systemd service",
	.details = "Writes the drop-in " DROPIN_NAME
		   ", which sets LD_PRELOAD and these settings for UNIT, a\n"
		   "service, template or instance. Other libraries in LD_PRELOAD stay, and so do "
		   "other lines\n"
		   "in the file. The new settings replace all earlier ones. Writes nothing if "
		   "another setting\n"
		   "of the unit would undo the drop-in or keep the library out.\n"
		   "\n"
		   "Exit status: 0; 1 if nothing was written, systemd could not be reloaded, or "
		   "--now did not\n"
		   "find the library and the settings in the service; 2 if the command line is "
		   "wrong.\n",
	.flags = flags,
	.settings = true,
	.logging = true,
	.run = enable_unit,
};
