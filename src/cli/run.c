/* keepalive run: becomes a program that runs under the library. */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/preload/launcher.h"
#include "cli/preload/library.h"
#include "cli/preload/preloaded.h"
#include "cli/ui/configuration.h"
#include "cli/ui/method.h"
#include "cli/ui/wanted.h"
#include "core/environment.h"

/* As env and nohup have them: ours, a program that cannot be run, a program that is not there. */
enum { STATUS_OURS = 125, STATUS_NOT_RUN = 126, STATUS_NOT_FOUND = 127 };

enum { FLAG_STRICT = FLAG_OWN, FLAG_LIBRARY };

static const struct flag flags[] = {
	{ FLAG_STRICT, 0, "strict", NULL, "do not run PROGRAM if the library does not reach it" },
	{ FLAG_LIBRARY, 0, "library", "FILE", "use this library, not the installed one" },
	{ 0 },
};

struct run {
	struct wanted wanted;
	bool strict;
	const char *library;
	char **program;
};

static void read_command_line(const struct verb *verb, int argc, char **argv, struct run *run)
{
	const char *argument;
	int flag;

	while ((flag = flags_next(verb, argc, argv, &argument)) != FLAG_END) {
		if (wanted_take(&run->wanted, verb, flag, argument))
			continue;
		if (flag == FLAG_STRICT)
			run->strict = true;
		else
			run->library = argument;
	}
	flags_operands(verb, argc, 1, argc);
	run->program = argv + optind;
}

/* The way that reaches a program that the library does not reach. */
static const char *other_way(bool owned)
{
	bool built = method_kernel_is_built();

	if (!geteuid() && built)
		return "use keepalive attach on its control group";
	if (!geteuid() || owned)
		return "start it and use keepalive apply";
	return built ? "root can use keepalive attach on its control group"
		     : "root can use keepalive apply";
}

/* What stands in the way: with --strict the end, else a message. */
static void object(const struct run *run, const char *subject, const char *obstacle)
{
	warnx("%s: %s", subject, obstacle);
	if (run->strict)
		exit(STATUS_OURS);
}

/* Of what the library will read. Errors in it the library reports itself, in the program. */
static void report_warnings(const struct run *run)
{
	static struct configuration configuration;
	struct wanted wanted = run->wanted;

	wanted.reporting = REPORT_WARNINGS;
	configuration_read(&configuration, &wanted, NULL, NULL);
}

static void put_variable(void *context, const char *name, const char *word)
{
	char *absolute = NULL;

	(void)context;
	/* The program may change its directory before it starts another. */
	if (!strcmp(name, "KEEPALIVE_CONF") && *word) {
		if (access(word, R_OK))
			err(STATUS_OURS, "%s", word);
		absolute = path_absolute(word, STATUS_OURS);
	}
	if (setenv(name, absolute ? absolute : word, true))
		err(STATUS_OURS, "%s", name);
	free(absolute);
}

static void set_variables(const struct run *run)
{
	struct errors silent = { 0 };
	struct environment environment = { 0 };

	wanted_variables(&run->wanted, put_variable, NULL);
	environment_read(&environment, environ, &silent);
	if (environment_says_off(&environment))
		object(run,
		       option_table[OPTION_KEEPALIVE].variable[environment.rank[OPTION_KEEPALIVE]],
		       "keepalive is off, the library does nothing");
}

static void find_library(const struct run *run, struct library *library)
{
	char *named = run->library ? path_absolute(run->library, STATUS_OURS) : NULL;

	library_find(library, named, "");
	free(named);
	if (!library_can_be_preloaded(library))
		errx(STATUS_OURS, "%s: LD_PRELOAD cannot contain a path with a space or colon",
		     library->preload);
	if (!library->found)
		object(run, run->library ? run->library : library->path,
		       "the library does not exist");
}

/* True if what is to be preloaded before ours is what AddressSanitizer wants to be the first. */
static bool asan_is_first(void)
{
	const char *preloaded = getenv("LD_PRELOAD");
	const char *name;

	if (!preloaded)
		return false;
	preloaded += strspn(preloaded, " :");
	name = memrchr(preloaded, '/', strcspn(preloaded, " :"));
	return executable_is_asan(name ? name + 1 : preloaded);
}

/* The loader takes nothing of LD_PRELOAD, or the program after the launcher never sees it. */
static void look_at_environment(const struct run *run, const struct executable *executable)
{
	const char *obstacle = executable_secure(executable->path);
	struct launcher launcher = launcher_find(run->program, NULL);

	if (obstacle) {
		char reason[256];

		snprintf(reason, sizeof reason, "%s: the loader ignores LD_PRELOAD: %s", obstacle,
			 other_way(false));
		object(run, run->program[0], reason);
	} else if (launcher.name) {
		object(run, launcher.name, launcher.obstacle);
	}
}

/* AddressSanitizer's message says already what would help. */
static void look_at_obstacle(const struct run *run, const char *obstacle, bool any_way)
{
	char reason[512];

	snprintf(reason, sizeof reason, "%s%s%s", obstacle, any_way ? ": " : "",
		 any_way ? other_way(true) : "");
	object(run, run->program[0], reason);
}

static char *expect_made(char *preload)
{
	if (!preload)
		err(STATUS_OURS, "LD_PRELOAD");
	return preload;
}

/* LD_PRELOAD names a library of that name already: what comes of it, and what it is to be. */
static char *preload_again(const struct run *run, const struct library *library,
			   const struct executable *executable, const char *preload)
{
	const char *preloaded = getenv("LD_PRELOAD");
	char other[PATH_MAX] = "", reason[PATH_MAX + sizeof library->path + 100];

	switch (preloaded_ask(executable, library, other)) {
	case PRELOADED_OURS:
		return NULL;
	case PRELOADED_OTHER:
		snprintf(reason, sizeof reason, "the loader loads %s instead of %s", other,
			 library->path);
		object(run, "LD_PRELOAD", reason);
		return NULL;
	default:
		snprintf(reason, sizeof reason,
			 "the loader does not find the libkeepalive.so in it; %s is added",
			 preload);
		object(run, "LD_PRELOAD", reason);
		return expect_made(preload_append(preloaded, preload));
	}
}

/* What LD_PRELOAD is to be for this program; NULL: it is to be left as it is. */
static char *preload_for(const struct run *run, const struct library *library)
{
	const char *preloaded = getenv("LD_PRELOAD"), *preload = library->preload;
	struct executable executable;
	char path[PATH_MAX];
	const char *obstacle;

	if (!library->found)
		return NULL;
	/* exec has the better message for what is not there. */
	if (!executable_find(run->program[0], path) || !executable_read(path, NULL, &executable))
		return expect_made(preload_with(preloaded, preload));
	look_at_environment(run, &executable);
	executable.has_asan &= !asan_is_first();
	obstacle = library_obstacle(library, &executable);
	if (obstacle)
		look_at_obstacle(run, obstacle, !executable.has_asan);
	if (executable.has_seccomp && !getenv("KEEPALIVE_SANDBOXED"))
		warnx("%s: %s", run->program[0], executable_sandbox);
	if (executable.has_asan)
		return NULL;
	if (executable.is_musl)
		preload = library->path;
	if (!obstacle && preload_has_library(preloaded))
		return preload_again(run, library, &executable, preload);
	return expect_made(preload_with(preloaded, preload));
}

static int run_program(const struct verb *verb, int argc, char **argv)
{
	struct run run = { 0 };
	struct library library;
	char *preload;

	read_command_line(verb, argc, argv, &run);
	report_warnings(&run);
	set_variables(&run);
	find_library(&run, &library);
	preload = preload_for(&run, &library);
	if (preload && setenv("LD_PRELOAD", preload, true))
		err(STATUS_OURS, "LD_PRELOAD");
	free(preload);
	execvp(run.program[0], run.program);
	warn("%s", run.program[0]);
	return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_NOT_RUN;
}

const struct verb verb_run = {
	.name = "run",
	.usage = "[FLAG...] [--] PROGRAM [ARGUMENT...]",
	.summary = "run a program under the library",
	.details =
		"Runs PROGRAM with the library preloaded and these settings, and is replaced by it. Other\n"
		"libraries in LD_PRELOAD stay. Warns if the library does not reach PROGRAM.\n"
		"\n"
		"Exit status: 125 if the command itself fails, 126 if PROGRAM cannot be run, 127 if it\n"
		"does not exist; otherwise the exit status of PROGRAM.\n",
	.flags = flags,
	.settings = true,
	.logging = true,
	.program_follows = true,
	.usage_status = STATUS_OURS,
	.run = run_program,
};
