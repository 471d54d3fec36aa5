/* Which processes show, audit and apply are to look at: a word of the command line, and who it
 * means now.
 */
#include "cli/ui/operand.h"

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/base/memory.h"
#include "cli/base/pids.h"
#include "cli/sockets/ending.h"
#include "cli/sockets/proc.h"
#include "cli/systemd/unit_processes.h"
#include "cli/ui/flags.h"
#include "core/glob.h"

static bool ends_in(const char *word, const char *const *suffixes)
{
	const char *suffix = strrchr(word, '.');

	while (suffix && *suffixes && strcmp(suffix, *suffixes))
		suffixes++;
	return suffix && *suffixes;
}

static void read_pid(const struct verb *verb, struct operand *operand)
{
	struct text text = text_of(operand->word);
	uint32_t number;

	if (!text_number(&text, &number) || !number || number > INT_MAX)
		flags_wrong(verb, "\"%s\" is not a process id", operand->word);
	operand->pid = (pid_t)number;
}

static void check_unit(const struct verb *verb, const char *word)
{
	if (strpbrk(word, "*?["))
		flags_wrong(verb,
			    "%s: patterns are for programs only; write the full name of the unit",
			    word);
	if (strstr(word, "@."))
		flags_wrong(verb, "%s is a template: name an instance", word);
}

static void read_operand(const struct verb *verb, struct operand *operand, const char *word)
{
	static const char *const running[] = { ".service", ".scope", ".slice", NULL };
	static const char *const starting[] = { ".socket", ".timer", ".path", NULL };

	*operand = (struct operand){ .kind = OPERAND_PROGRAM, .word = word, .pidfd = -1 };
	if (!*word)
		flags_wrong(verb, "empty operand");
	if (strchr(word, '/'))
		flags_wrong(verb, "%s: name a program or unit without its directory", word);
	if (ends_in(word, starting))
		flags_wrong(verb, "%s has no processes: name the service that it starts", word);
	if (ends_in(word, running)) {
		operand->kind = OPERAND_UNIT;
		check_unit(verb, word);
	} else if (!word[strspn(word, "0123456789")]) {
		operand->kind = OPERAND_PID;
		read_pid(verb, operand);
	}
}

struct operand *operands_read(const struct verb *verb, char **words, size_t count)
{
	struct operand *operands = expect_memory(calloc(count + 1, sizeof *operands));

	for (size_t i = 0; i < count; i++)
		read_operand(verb, &operands[i], words[i]);
	return operands;
}

bool operand_hold(struct operand *operand)
{
	if (operand->kind != OPERAND_PID || operand->pidfd >= 0)
		return true;
	operand->pidfd = (int)syscall(__NR_pidfd_open, operand->pid, 0);
	/* A thread is none; kernels differ in how they say it. An old kernel cannot open any. */
	return operand->pidfd >= 0 || (errno != ESRCH && errno != EINVAL && errno != ENOENT);
}

bool operand_has_ended(const struct operand *operand)
{
	struct pollfd end = { .fd = operand->pidfd, .events = POLLIN };

	return poll(&end, 1, 0) > 0;
}

bool operands_living(struct operand *operands, size_t *count, const char **missing)
{
	size_t kept = 0;

	for (size_t i = 0; i < *count; i++) {
		struct operand *operand = &operands[i];

		if (!operand_hold(operand)) {
			*missing = operand->word;
			return false;
		}
		if (operand_has_ended(operand))
			close(operand->pidfd);
		else
			operands[kept++] = *operand;
	}
	*count = kept;
	return true;
}

static bool is_called(pid_t pid, const char *name)
{
	struct process process;

	process_identify(&process, pid);
	return glob_match(text_of(name), text_of(process.executable)) ||
	       glob_match(text_of(name), text_of(process.program));
}

static const char *find_program(const char *name, struct pids *pids)
{
	size_t before = pids->count;
	pid_t *all = process_all();

	if (!all)
		errx(STATUS_FAILED, "%s", proc_problem());
	for (size_t i = 0; all[i]; i++)
		if (all[i] != getpid() && is_called(all[i], name))
			pids_add(pids, all[i]);
	free(all);
	return pids->count > before ? NULL : "no process has this name";
}

/* A group that has no processes any more may not be the unit's any more: systemd is asked again. */
static const char *find_unit(struct operand *operand, struct pids *pids)
{
	enum unit_error error = UNIT_NOT_RUNNING;

	if (operand->group)
		error = control_group_processes(operand->group, pids);
	if (error == UNIT_NOT_RUNNING) {
		free(operand->group);
		error = unit_control_group(operand->word, &operand->group);
		if (!error)
			error = control_group_processes(operand->group, pids);
	}
	return error ? unit_error_words(error) : NULL;
}

/* Appends the processes that it means now; NULL, or why there are none. */
static const char *find(struct operand *operand, struct pids *pids)
{
	switch (operand->kind) {
	case OPERAND_UNIT:
		return find_unit(operand, pids);
	case OPERAND_PROGRAM:
		return find_program(operand->word, pids);
	default:
		pids_add(pids, operand->pid);
		return NULL;
	}
}

static bool visit_tree(const struct operand *operand, pid_t root, operand_visit *visit,
		       void *context)
{
	struct relative *tree = process_tree(root);
	bool any = false;

	for (size_t i = 0; tree[i].pid; i++)
		any |= visit(context, &tree[i], i ? NULL : operand);
	free(tree);
	return any;
}

/* Why there is nothing to tell of processes that are there. */
static const char *why_nothing(const struct pids *pids)
{
	for (size_t i = 0; i < pids->count; i++)
		if (process_has_lost_leader(pids->at[i]))
			return LOST_LEADER;
	return "no TCP sockets";
}

const char *operand_each(struct operand *operand, bool children, operand_visit *visit,
			 void *context)
{
	struct pids pids = { 0 };
	const char *error = find(operand, &pids);
	bool any = false;

	for (size_t i = 0; i < pids.count; i++)
		any |= children ? visit_tree(operand, pids.at[i], visit, context)
				: visit(context, &(struct relative){ pids.at[i], 0 }, operand);
	if (!error && !any)
		error = why_nothing(&pids);
	free(pids.at);
	return error;
}
