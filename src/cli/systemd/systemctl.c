/* The systemd that runs on this machine, asked by systemctl. */
#include "cli/systemd/systemctl.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/systemd/unit_name.h"

enum { OUTPUT_SIZE = 256 * 1024 };

/* Which manager is asked: systemd, or the one of the user who calls. */
static bool of_user;

void systemctl_ask_user_manager(void)
{
	of_user = true;
}

bool systemd_runs(void)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char path[PATH_MAX];

	if (!of_user)
		return !access("/run/systemd/system", F_OK);
	snprintf(path, sizeof path, "%s/systemd/private", runtime ? runtime : "");
	return !access(path, F_OK);
}

static const char *manager(void)
{
	return of_user ? "--user" : "--system";
}

/* Starts it; its stdout is `output`, unless that is -1. */
static pid_t start(const char *const *words, int output, bool silent)
{
	posix_spawn_file_actions_t actions;
	pid_t pid;

	posix_spawn_file_actions_init(&actions);
	if (output >= 0)
		posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
	if (silent)
		posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	errno = posix_spawnp(&pid, words[0], &actions, NULL, (char *const *)(uintptr_t)words,
			     environ);
	posix_spawn_file_actions_destroy(&actions);
	return errno ? -1 : pid;
}

/* Returns the exit status; -1 if it did not exit. */
static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Returns false if there is more than OUTPUT_SIZE. */
static bool read_to_end(int fd, char *output)
{
	size_t length = 0;
	ssize_t got;

	do {
		got = read(fd, output + length, OUTPUT_SIZE - 1 - length);
		length += got > 0 ? (size_t)got : 0;
	} while (got > 0 || (got < 0 && errno == EINTR));
	output[length] = 0;
	return length < OUTPUT_SIZE - 1;
}

char *systemctl_show(const char *unit, const char *properties)
{
	const char *const words[] = { "systemctl", manager(), "--no-pager", "show", "--property",
				      properties,  "--",      unit,         NULL };
	char *output = calloc(1, OUTPUT_SIZE);
	int ends[2] = { -1, -1 };
	pid_t pid = -1;
	bool whole = false;

	if (output && !pipe2(ends, O_CLOEXEC)) {
		pid = start(words, ends[1], true);
		close(ends[1]);
		whole = pid > 0 && read_to_end(ends[0], output);
		close(ends[0]);
	}
	if (pid > 0 && wait_for(pid) == 0 && whole)
		return output;
	free(output);
	return NULL;
}

char *systemctl_property(const char *lines, const char *name)
{
	size_t length = strlen(name);

	while (lines && (strncmp(lines, name, length) || lines[length] != '=')) {
		lines = strchr(lines, '\n');
		lines = lines ? lines + 1 : NULL;
	}
	return lines ? strndup(lines + length + 1, strcspn(lines + length + 1, "\n")) : NULL;
}

bool systemctl_property_is(const char *lines, const char *name, const char *expected)
{
	char *value = systemctl_property(lines, name);
	bool equal = value && !strcmp(value, expected);

	free(value);
	return equal;
}

/* Runs it to its end, what it has to say on our stderr. */
static bool run(const char *verb, const char *unit)
{
	pid_t pid = start((const char *const[]){ "systemctl", manager(), verb, "--", unit, NULL },
			  -1, false);

	if (pid < 0)
		warn("systemctl");
	return pid > 0 && wait_for(pid) == 0;
}

bool systemctl_reload(void)
{
	if (run("daemon-reload", NULL))
		return true;
	warnx("systemctl daemon-reload failed: systemd does not know the change yet");
	return false;
}

bool systemctl_restart(const char *unit)
{
	if (run("restart", unit))
		return true;
	warnx("systemctl restart %s failed", unit);
	return false;
}

void systemctl_print_restart(const char *unit)
{
	const char *at = strchr(unit, '@'), *user = of_user ? " --user" : "";
	const char *quote = unit_name_quote(unit);

	if (at && at[1] == '.')
		printf("to take effect: systemctl%s restart '%.*s*%s'\n", user,
		       (int)(at - unit + 1), unit, at + 1);
	else
		printf("to take effect: systemctl%s restart %s%s%s\n", user, quote, unit, quote);
}
