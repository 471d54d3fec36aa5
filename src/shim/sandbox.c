/* Programs that put themselves into a seccomp sandbox. */
#include "shim/sandbox.h"

#include <stdint.h>

#include "shim/libc.h"
#include "shim/log.h"
#include "shim/start.h"

/* As libseccomp has it in seccomp.h. */
enum { DEFAULT_ACTION = 1 };

/*
 * The actions of filters in the order of the kernel: what is less than an error ends the process,
 * the thread, or comes as a signal. SECCOMP_RET_KILL_PROCESS is the least, as it is negative.
 */
enum { ACTION_ERRNO = 0x00050000 };

static bool is_trusted;

void sandbox_configure(bool trusted)
{
	is_trusted = trusted;
}

bool sandbox_kills(const void *filter)
{
	uint32_t action;

	return real_seccomp_attr_get(filter, DEFAULT_ACTION, &action) ||
	       (int32_t)action < ACTION_ERRNO;
}

static void report(const char *what)
{
	struct line line;
	int saved = errno_get();

	if (!log_wants(LEVEL_INFO))
		return;
	log_begin(&line, LEVEL_INFO);
	line_add(&line, what);
	log_end(&line);
	errno_set(saved);
}

bool sandbox_begin(void)
{
	int active = START_ACTIVE;

	/* First: under the filter it would be too late to read the configuration. */
	if (!shim_is_active() || is_trusted)
		return false;
	report("the program installs a seccomp filter: from now on nothing is set");
	return atomic_compare_exchange_strong(&start_state, &active, START_SANDBOXED);
}

void sandbox_failed(void)
{
	int sandboxed = START_SANDBOXED;

	if (atomic_compare_exchange_strong(&start_state, &sandboxed, START_ACTIVE))
		report("the kernel refused the seccomp filter: sockets are set again");
}
