/*
 * policy_decide() once more, in the C that the kernel's verifier accepts: no pointers into memory
 * of variable size, and loops whose bound it sees. The tests compare the two.
 */
#ifndef KEEPALIVE_DECIDE_H
#define KEEPALIVE_DECIDE_H

#include "bpf/plan.h"

enum { DERIVED_MARGIN = 100 };

static inline __attribute__((always_inline)) bool plan_is_set(const struct plan_value *value)
{
	return value->state == VALUE_SET;
}

static inline __attribute__((always_inline)) bool
plan_network_holds(const volatile struct plan_line *line, const struct endpoint *endpoint)
{
	return endpoint->remote_known && line->is_ipv4 == endpoint->remote.is_ipv4 &&
	       !(((line->network.high ^ endpoint->remote.high) & line->network.high_mask) |
		 ((line->network.low ^ endpoint->remote.low) & line->network.low_mask));
}

static inline __attribute__((always_inline)) bool
plan_condition_holds(const volatile struct plan_line *line, const struct endpoint *endpoint)
{
	uint16_t port = endpoint->remote_port;

	if (line->kind == LINE_REMOTE)
		return plan_network_holds(line, endpoint);
	if (line->kind == LINE_REMOTE_PORT && !endpoint->remote_known)
		return false;
	if (line->kind == LINE_LOCAL_PORT) {
		if (endpoint->role != ROLE_SERVER)
			return false;
		port = endpoint->local_port;
	}
	return port >= line->ports.first && port <= line->ports.last;
}

static inline __attribute__((always_inline)) void plan_apply_rules(const volatile struct plan *plan,
								   uint32_t lines,
								   const struct endpoint *endpoint,
								   struct plan_socket *socket)
{
	uint32_t held = 0, needed = 0;

	for (uint32_t i = 0; i < lines; i++) {
		const volatile struct plan_line *line = &plan->line[i];

		if (line->kind == LINE_END)
			break;
		if (line->kind == LINE_RULE) {
			/* A role that does not fit is a condition that nothing fulfils. */
			held = 0;
			needed = line->rule.roles & endpoint->role || line->rule.roles == ROLE_BOTH
					 ? line->rule.kinds
					 : 0x100;
		} else if (line->kind != LINE_SETTING) {
			if (plan_condition_holds(line, endpoint))
				held |= 1u << (line->kind - LINE_REMOTE);
		} else if (held == needed && line->setting.option <= OPTIONS) {
			socket->value[line->setting.option].state = line->setting.state;
			socket->value[line->setting.option].number = line->setting.number;
		}
	}
}

static inline __attribute__((always_inline)) int
plan_timing(const volatile struct plan *plan, const struct plan_socket *socket, int option)
{
	return plan_is_set(&socket->value[option]) ? socket->value[option].number
						   : plan->option[option].kernel;
}

static inline __attribute__((always_inline)) void plan_derive(const volatile struct plan *plan,
							      struct plan_socket *socket)
{
	int64_t time = plan_timing(plan, socket, OPTION_IDLE) +
		       (int64_t)plan_timing(plan, socket, OPTION_INTERVAL) *
			       plan_timing(plan, socket, OPTION_COUNT);
	int64_t maximum = plan->option[OPTION_USER_TIMEOUT].maximum;

	time = time * 1000 - DERIVED_MARGIN;
	socket->value[OPTION_USER_TIMEOUT].state = VALUE_SET;
	socket->value[OPTION_USER_TIMEOUT].number = (int32_t)(time < maximum ? time : maximum);
}

/* Fills socket->value. `lines`: the lines of the plan that are looked at, at most. */
static inline __attribute__((always_inline)) void plan_decide(const volatile struct plan *plan,
							      uint32_t lines,
							      const struct endpoint *endpoint,
							      struct plan_socket *socket)
{
	struct plan_value *keepalive = &socket->value[OPTION_KEEPALIVE];

	for (int id = 0; id <= OPTIONS; id++) {
		socket->value[id].state = plan->globals[id].state;
		socket->value[id].number = plan->globals[id].number;
	}
	plan_apply_rules(plan, lines, endpoint, socket);
	for (int id = 0; id <= OPTIONS; id++)
		if (plan->environment[id].state != VALUE_ABSENT) {
			socket->value[id].state = plan->environment[id].state;
			socket->value[id].number = plan->environment[id].number;
		}
	if (plan_is_set(keepalive) && !keepalive->number) {
		for (int id = 0; id <= OPTIONS; id++)
			socket->value[id].state = VALUE_KERNEL;
		return;
	}
	if (keepalive->state == VALUE_ABSENT) {
		keepalive->state = VALUE_SET;
		keepalive->number = 1;
	}
	if (socket->value[OPTION_USER_TIMEOUT].state == VALUE_AUTO)
		plan_derive(plan, socket);
}

#endif
