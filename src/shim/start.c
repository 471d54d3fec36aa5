/* Start-up: reads environment and file once, before the program's main(). */
#include "shim/start.h"

#include <sys/syscall.h>

#include "core/policy.h"
#include "shim/configuration.h"
#include "shim/diagnose.h"
#include "shim/guard.h"
#include "shim/kernel.h"
#include "shim/libc.h"
#include "shim/log.h"
#include "shim/sandbox.h"
#include "shim/sockets.h"

enum { STDIN = 0, LISTEN_FDS_START = 3 };

atomic_int start_state;

/* The thread that runs the start-up. */
static atomic_uintptr_t starter;

static uint32_t number_of(const char *string)
{
	struct text text = text_of(string);
	uint32_t number;

	return text_number(&text, &number) && !text.length ? number : 0;
}

/* inetd passes the connection as fd 0; socket activation passes descriptors to one process. */
static void adopt_inherited(const struct environment *environment)
{
	uint32_t count;

	socket_inherited(STDIN);
	if (!environment->listen_fds || !environment->listen_pid ||
	    number_of(environment->listen_pid) != (uint32_t)kernel_call(SYS_getpid, 0, 0, 0, 0, 0))
		return;
	count = number_of(environment->listen_fds);
	for (uint32_t i = 0; i < count && socket_inherited(LISTEN_FDS_START + (int)i); i++)
		continue;
}

/* A configured log gets the errors that are printed to stderr. */
static void start_log(const struct loaded *read)
{
	struct logging logging = read->file.logging;

	logging_merge(&logging, &read->environment.logging);
	if (logging.target > LOG_OFF)
		log_start(&logging, configuration_program_name());
}

static bool may_act_in_sandbox(const struct loaded *read)
{
	const struct value *environment = &read->environment.sandboxed;

	return (environment->state ? environment : &read->file.sandboxed)->number;
}

static bool may_report(const struct loaded *read)
{
	enum log_target target = read->environment.logging.target;

	return (target ? target : read->file.logging.target) != LOG_OFF;
}

static bool start(void)
{
	static struct policy policy;
	struct errors silent = { 0 };
	struct loaded read;

	real_find_all();
	if (!configuration_read(&read, &silent))
		return false;
	start_log(&read);
	/* Whether errors may be printed (log = off) is known only after loading: load again to
	 * print. */
	if (silent.count && may_report(&read)) {
		struct errors aloud = diagnose_errors();

		aloud.context = &aloud;
		configuration_read(&read, &aloud);
		diagnose_rest(&aloud);
	}
	configuration_policy(&read, &policy);
	if (!policy_acts(&policy))
		return false;
	kernel_values_default(&policy.kernel);
	if (policy_needs_kernel_values(&policy) || read.environment.listen_fds)
		configuration_read_kernel_values(
			&policy.kernel); /* only if needed: three system calls each */
	sockets_configure(&policy);
	sandbox_configure(may_act_in_sandbox(&read));
	adopt_inherited(&read.environment);
	return true;
}

bool start_up(void)
{
	int expected = START_NOT_YET;
	int saved = errno_get();
	bool active;

	if (!atomic_compare_exchange_strong(&start_state, &expected, START_RUNNING))
		return expected == START_ACTIVE;
	atomic_store(&starter, thread_number());
	guard_begin();
	active = start();
	atomic_store_explicit(&start_state, active ? START_ACTIVE : START_OFF,
			      memory_order_release);
	guard_end();
	errno_set(saved);
	return active;
}

void start_after_fork(void)
{
	if (atomic_load(&start_state) == START_RUNNING && atomic_load(&starter) != thread_number())
		atomic_store(&start_state, START_NOT_YET);
}

__attribute__((constructor)) static void start_with_the_program(void)
{
	start_up();
}
