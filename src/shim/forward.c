/* When a hook only forwards. See the table of states in DESIGN. */
#include "shim/forward.h"

#include "core/rules.h"

struct forwards forwards;

static unsigned int bit(enum descriptor_state state)
{
	return 1u << state;
}

void forward_configure(unsigned int stages, bool notes_options)
{
	const unsigned int decided = bit(DESCRIPTOR_FOREIGN_LISTENER) | bit(DESCRIPTOR_OTHER) |
				     bit(DESCRIPTOR_CLIENT) | bit(DESCRIPTOR_LISTENER) |
				     bit(DESCRIPTOR_ACCEPTED);
	const unsigned int opened = stages & RULES_AT_CONNECT ? 0 : bit(DESCRIPTOR_OPENED);
	const unsigned int inherited = stages & RULES_AT_ACCEPT ? 0 : bit(DESCRIPTOR_LISTENER);

	atomic_store_explicit(&forwards.connect, decided | opened, memory_order_release);
	atomic_store_explicit(&forwards.accept, inherited, memory_order_release);
	atomic_store_explicit(&forwards.option, !notes_options, memory_order_release);
}

void forward_end_for_options(void)
{
	atomic_store_explicit(&forwards.option, false, memory_order_relaxed);
}
