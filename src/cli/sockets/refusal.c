/* Why the kernel does not let us look at a process. */
#include "cli/sockets/refusal.h"
#include "cli/sockets/ending.h"

#include <err.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/sockets/diag.h"
#include "cli/sockets/ending.h"
#include "cli/sockets/namespace.h"
#include "cli/sockets/proc.h"

enum { CAPABILITY_SYS_PTRACE = 19, YAMA_NOBODY = 3, LINE_SIZE = 256 };

/*
 * The system call that refuses even what the rules of ptrace always allow, a descriptor of our own:
 * then it is not about the process that we look at. NULL: none; errno says how it refuses.
 */
static const char *refused_call(void)
{
	int pidfd = (int)syscall(__NR_pidfd_open, getpid(), 0), own, error;

	if (pidfd < 0)
		return "pidfd_open";
	own = (int)syscall(__NR_pidfd_getfd, pidfd, pidfd, 0);
	error = errno;
	if (own >= 0)
		close(own);
	close(pidfd);
	errno = error;
	return own < 0 ? "pidfd_getfd" : NULL;
}

static const char *call_reason(void)
{
	static char reason[128];
	const char *call = refused_call();

	if (!call)
		return NULL;
	snprintf(reason, sizeof reason,
		 errno == ENOSYS
			 ? "%s is missing: Linux before 5.6, or a sandbox that hides it"
			 : "a seccomp filter, as in containers, denies %s to all processes here",
		 call);
	return reason;
}

/* Reads the rest of the line that begins with `key`. Returns false if there is none. */
static bool find_line(const char *path, const char *key, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	bool found = false;

	while (file && !found && fgets(line, (int)size, file))
		found = !strncmp(line, key, strlen(key));
	if (file)
		fclose(file);
	if (found)
		memmove(line, line + strlen(key), strlen(line + strlen(key)) + 1);
	return found;
}

static bool is_of_our_user(const struct process *process)
{
	char line[LINE_SIZE];

	return find_line(proc_path(process->pid, "status").at, "Uid:", line, sizeof line) &&
	       strtoul(line, NULL, 10) == geteuid();
}

static bool may_trace_others(void)
{
	char line[LINE_SIZE];

	return find_line("/proc/self/status", "CapEff:", line, sizeof line) &&
	       strtoull(line, NULL, 16) >> CAPABILITY_SYS_PTRACE & 1;
}

/* kernel.yama.ptrace_scope decides on descriptors, not on who may see them. */
static const char *yama_reason(void)
{
	char line[LINE_SIZE];
	long scope;

	if (!find_line("/proc/sys/kernel/yama/ptrace_scope", "", line, sizeof line))
		return NULL;
	scope = strtol(line, NULL, 10);
	if (scope <= 0)
		return NULL;
	if (scope >= YAMA_NOBODY)
		return "kernel.yama.ptrace_scope = 3 forbids it to all users";
	return may_trace_others() ? NULL : "kernel.yama.ptrace_scope requires CAP_SYS_PTRACE";
}

/* The rules of ptrace apply to both steps. */
static const char *rules_reason(const struct process *process)
{
	if (may_trace_others())
		return "the kernel would refuse ptrace(2), too: it is in another user namespace, "
		       "or "
		       "a security module forbids it";
	if (!geteuid())
		return "root needs CAP_SYS_PTRACE to inspect its sockets, and does not have it "
		       "here";
	if (is_of_our_user(process))
		return "only root may inspect its sockets: it has more privileges than you, or "
		       "protects itself (PR_SET_DUMPABLE)";
	return "only root and its own user may inspect its sockets";
}

const char *refusal_reason(const struct process *process, enum refused_step step, int error)
{
	const char *reason = NULL;

	if (error == EMFILE || error == ENFILE || error == ENOMEM)
		return strerror(error);
	if (step == STEP_SEE && error == ENOENT)
		return "its directory in /proc is hidden";
	if (step == STEP_SEE && process_has_lost_leader(process->pid))
		return LOST_LEADER; /* the kernel denies it even to the owner */
	if (step == STEP_TAKE)
		reason = call_reason();
	if (step == STEP_TAKE && !reason)
		reason = yama_reason();
	return reason ? reason : rules_reason(process);
}

const char *unknown_reason(const struct process *process, int refused)
{
	const struct diag *diag = diag_of(process->pid);

	if (refused)
		return refusal_reason(process, STEP_TAKE, refused);
	if (!diag->namespace || (diag->entered && diag->told))
		return NULL;
	if (diag->entered)
		return "the kernel does not report the sockets of its network namespace over "
		       "netlink";
	return diag->namespace == namespace_id(0) ? "/proc/sys/net/ipv4 cannot be read"
						  : "no permission to enter its network namespace";
}

void process_report(const struct process *process, enum process_error code)
{
	if (code == PROCESS_GONE)
		warnx("%d: no such process", process->pid);
	else if (code == PROCESS_WITHOUT_PROC)
		warnx("%s", proc_problem());
	else if (code == PROCESS_CLOSED)
		warnx("%d (%s): %s", process->pid, process->program,
		      refusal_reason(process, STEP_SEE, process->closed));
}
