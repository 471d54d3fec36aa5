/* Starts real programs, with the shim or without it, and stops them and all that they started. */
#define _GNU_SOURCE
#include "lib/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/option.h"
#include "lib/harness.h"
#include "lib/inspect.h"

/* Go compiles its whole library at first, which takes a minute where much else goes on. */
enum { TREE_MAX = 256, RUN_MAX = 240 };

#define PATHS "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static void clean_environment(void)
{
	for (size_t id = 0; id < OPTIONS; id++)
		for (size_t i = 0; i < OPTION_VARIABLES; i++)
			if (*option_table[id].variable[i])
				unsetenv(option_table[id].variable[i]);
	unsetenv("LD_PRELOAD");
	unsetenv("KEEPALIVE_LOG");
	unsetenv("LISTEN_FDS");
	unsetenv("LISTEN_PID");
	setenv("KEEPALIVE_CONF", "", 1);
	setenv("PATH", PATHS, 1);
	setenv("LC_ALL", "C", 1);
}

static void become(const char *user)
{
	struct passwd *entry = getpwnam(user);

	if (!entry || setgroups(0, NULL) || setgid(entry->pw_gid) || setuid(entry->pw_uid))
		_exit(125);
}

static void place_descriptors(const int *descriptors)
{
	int count = 0;

	while (descriptors[count] >= 0)
		count++;
	/* Out of the way of each other first. */
	int moved[16];
	for (int i = 0; i < count; i++)
		moved[i] = fcntl(descriptors[i], F_DUPFD, 64);
	for (int i = 0; i < count; i++)
		dup2(moved[i], i);
	for (int i = 0; i < count; i++)
		close(moved[i]);
}

static void execute(const struct command *command, const int *descriptors)
{
	char preload[1024];

	clean_environment();
	if (chdir(command->directory ? command->directory : scratch()))
		_exit(125);
	for (int i = 0; i < ENVIRONMENT_MAX && command->environment[i]; i++)
		putenv((char *)(uintptr_t)command->environment[i]);
	place_descriptors(descriptors);
	if (command->user && getuid() == 0)
		become(command->user);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (command->preload) {
		/* The last thing before exec: none of our own calls is to see it. */
		snprintf(preload, sizeof preload, "LD_PRELOAD=%s", command->preload);
		putenv(preload);
	}
	execvp(command->argv[0], (char **)(uintptr_t)command->argv);
	_exit(errno == ENOENT ? 127 : 126);
}

struct process process_start(const struct command *command)
{
	static int number;
	struct process process = { .input = -1 };
	int pipe_ends[2], standard[4];

	prctl(PR_SET_CHILD_SUBREAPER,
	      1); /* so that daemons come back to us when they are orphaned */
	number++;
	snprintf(process.output, sizeof process.output, "%s/%d.%d.out", scratch(), getpid(),
		 number);
	snprintf(process.errors, sizeof process.errors, "%s/%d.%d.err", scratch(), getpid(),
		 number);
	ck_assert_int_eq(pipe2(pipe_ends, O_CLOEXEC), 0);
	standard[0] = pipe_ends[0];
	standard[1] =
		open(process.output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	standard[2] =
		open(process.errors, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0666);
	standard[3] = -1;
	ck_assert_int_ge(standard[1], 0);
	ck_assert_int_ge(standard[2], 0);
	fflush(NULL);
	process.pid = fork();
	ck_assert_int_ge(process.pid, 0);
	if (!process.pid)
		execute(command, command->descriptors ? command->descriptors : standard);
	process.input = pipe_ends[1];
	for (int i = 0; i < 3; i++)
		close(standard[i]);
	return process;
}

bool has_ended(void *context)
{
	const struct process *process = context;
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)process->pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid != 0;
}

int process_wait(struct process *process, double seconds)
{
	int status;

	if (!wait_until(has_ended, process, seconds)) {
		process_stop(process);
		ck_abort_msg("the program did not end in %g seconds", seconds);
	}
	if (process->input >= 0)
		close(process->input);
	process->input = -1;
	ck_assert_int_eq(waitpid(process->pid, &status, 0), process->pid);
	process->pid = 0;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process_stop(struct process *process)
{
	pid_t pids[TREE_MAX];
	int count;

	if (process->input >= 0)
		close(process->input);
	process->input = -1;
	if (process->pid <= 0)
		return;
	count = inspect_pids(process->pid, pids, TREE_MAX);
	kill(process->pid, SIGTERM);
	if (!wait_until(has_ended, process, 5))
		kill(process->pid, SIGKILL);
	waitpid(process->pid, NULL, 0);
	for (int i = 1; i < count; i++)
		kill(pids[i], SIGKILL);
	/* We are their subreaper. Those of other programs are not ours to wait for. */
	for (int i = 1; i < count; i++)
		waitpid(pids[i], NULL, 0);
	process->pid = 0;
}

char *process_run_both(const struct command *command, int *status, char **errors)
{
	struct process process = process_start(command);

	close(process.input);
	process.input = -1;
	*status = process_wait(&process, RUN_MAX);
	if (errors)
		*errors = read_whole(process.errors);
	return read_whole(process.output);
}

char *process_run(const struct command *command, int *status)
{
	return process_run_both(command, status, NULL);
}

double now(clockid_t clock)
{
	struct timespec time;

	clock_gettime(clock, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

bool wait_until(bool (*condition)(void *context), void *context, double seconds)
{
	const struct timespec pause = { 0, 5 * 1000 * 1000 };
	double end = now(CLOCK_MONOTONIC) + seconds;

	while (!condition(context)) {
		if (now(CLOCK_MONOTONIC) > end)
			return false;
		nanosleep(&pause, NULL);
	}
	return true;
}

struct search {
	const char *path, *word;
};

static bool file_has_word(void *context)
{
	struct search *search = context;
	char *content = read_whole(search->path), *word = strstr(content, search->word);
	bool found = word && strchr(word, '\n');

	free(content);
	return found;
}

bool wait_for_word(const char *path, const char *word, double seconds)
{
	struct search search = { path, word };

	return wait_until(file_has_word, &search, seconds);
}

void run_tool(const char *const *argv, const char *user)
{
	const struct command command = { .argv = argv, .user = user };
	char *errors;
	int status;

	free(process_run_both(&command, &status, &errors));
	ck_assert_msg(status == 0, "%s: status %d: %s", argv[0], status, errors);
	free(errors);
}

bool have_network_namespaces(void)
{
	const struct command command = {
		.argv = (const char *[]){ "unshare", "-Urn", "ip", "link", "set", "lo", "up",
					  NULL },
	};
	int status;

	free(process_run(&command, &status));
	return status == 0;
}

int free_port(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(bind(fd, (struct sockaddr *)&address, length), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	close(fd);
	return ntohs(address.sin_port);
}
