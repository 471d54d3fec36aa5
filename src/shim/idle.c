/* When a hook has nothing to do. See the table of states in DESIGN. */
#include "shim/idle.h"

#include "core/rules.h"

struct idle idle;

static unsigned int bit(enum descriptor_state state)
{
	return 1u << state;
}

void idle_configure(unsigned int stages, bool notes_options)
{
	const unsigned int decided = bit(DESCRIPTOR_FOREIGN_LISTENER) | bit(DESCRIPTOR_OTHER) |
				     bit(DESCRIPTOR_CLIENT) | bit(DESCRIPTOR_LISTENER) |
				     bit(DESCRIPTOR_ACCEPTED);
	const unsigned int opened = stages & RULES_AT_CONNECT ? 0 : bit(DESCRIPTOR_OPENED);
	const unsigned int inherited = stages & RULES_AT_ACCEPT ? 0 : bit(DESCRIPTOR_LISTENER);

	atomic_store_explicit(&idle.connect, decided | opened, memory_order_release);
	atomic_store_explicit(&idle.accept, inherited, memory_order_release);
	atomic_store_explicit(&idle.option, !notes_options, memory_order_release);
}

void idle_end_for_options(void)
{
	atomic_store_explicit(&idle.option, false, memory_order_relaxed);
}
