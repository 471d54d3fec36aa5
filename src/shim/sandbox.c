/* Programs that sandbox themselves with seccomp. */
#include "shim/sandbox.h"

#include <stdint.h>

#include "shim/libc.h"
#include "shim/log.h"
#include "shim/start.h"

/* SCMP_FLTATR_ACT_DEFAULT of seccomp.h. */
enum { DEFAULT_ACTION = 1 };

/*
 * The kernel orders actions by number: those below an error kill the process or the thread, or send
 * a signal. SECCOMP_RET_KILL_PROCESS is the least, because it is negative.
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

	/* First, because the configuration cannot be read under the filter. */
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
