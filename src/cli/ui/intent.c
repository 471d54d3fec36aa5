/* What apply means to set on a socket: as the library would. */
#include "cli/ui/intent.h"

#include <netinet/tcp.h>

/* True where the option means what it says in the state that the socket is in. */
static bool is_its_stage(const struct option_row *option, int state)
{
	switch (option->stage) {
	case STAGE_LISTENING:
		return state == TCP_LISTEN;
	case STAGE_BEFORE_CONNECTION:
		return state == TCP_LISTEN || state == TCP_CLOSE;
	default:
		return true;
	}
}

/*
 * What to set: as the library would, and on the command line off is off and default puts the
 * kernel's value back.
 */
static struct intent choose(const struct wanted *wanted, const struct diag *diag, size_t id,
			    const struct choice *choice)
{
	const struct value *asked = &wanted->settings.value[id];
	struct intent intent = { .number = choice->number };

	if (choice->configured) {
		intent.set = true;
		intent.derived = choice->value.state == VALUE_AUTO;
		return intent;
	}
	if (id == OPTION_KEEPALIVE) {
		intent.set = asked->state == VALUE_SET;
		return intent;
	}
	if (option_table[id].sysctl[0])
		intent.number = diag->entered ? diag->kernel.number[id] : VALUE_UNKNOWN;
	if (option_table[id].zero_unsets)
		intent.number = 0;
	intent.set = asked->state == VALUE_KERNEL;
	return intent;
}

static bool is_same(const struct choice *one, const struct choice *other)
{
	return one->configured == other->configured && one->number == other->number &&
	       one->value.state == other->value.state;
}

void intents_of(const struct configuration *configuration, const struct tcp_socket *socket,
		bool again, struct intent intent[OPTIONS])
{
	struct endpoint endpoint = socket_endpoint(socket);
	struct decision decision, before;

	policy_decide(&configuration->policy, &endpoint, &decision);
	policy_decide(&configuration->policy, &(struct endpoint){ 0 }, &before);
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct option_row *option = &option_table[id];
		const struct choice *choice = &decision.choice[id];

		intent[id] = choose(configuration->wanted, socket->diag, id, choice);
		if (!is_its_stage(option, socket->kernel.state) ||
		    (again && is_its_stage(option, TCP_CLOSE) &&
		     is_same(choice, &before.choice[id])))
			intent[id].set = false;
	}
}
