/*
 * policy_decide() once more, in the C that the kernel's verifier accepts: no pointers into memory
 * of variable size, and one line of a plan at a time. The tests compare the two.
 */
#ifndef KEEPALIVE_DECIDE_H
#define KEEPALIVE_DECIDE_H

#include "bpf/plan.h"
#include "core/policy.h"

/* Loops over options: unless the command has CAP_PERFMON, the verifier follows them beyond the
 * last. */
#ifdef __clang__
#define PLAN_UNROLL _Pragma("unroll")
#else
#define PLAN_UNROLL
#endif

static inline __attribute__((always_inline)) bool plan_is_set(const struct plan_value *value)
{
	return value->state == VALUE_SET;
}

/*
 * What lines ask of an endpoint, and which conditions of the rule hold, of those that are needed,
 * a bit each. Three numbers, which a function of BPF can take.
 */
struct plan_facts {
	uint64_t high, low; /* remote address */
	union {
		struct {
			uint16_t remote_port, local_port; /* 0, which no range has: unknown */
			uint8_t family, role;
			uint8_t held, needed;
		};
		uint64_t rest;
	};
};

/* Needed by a rule for another role; no kind of condition has this bit. */
enum { NEVER_HELD = 0x80 };

static inline __attribute__((always_inline)) struct plan_facts
plan_facts(const struct endpoint *endpoint)
{
	struct plan_facts facts = { .role = (uint8_t)endpoint->role };

	if (endpoint->role == ROLE_SERVER)
		facts.local_port = endpoint->local_port;
	if (endpoint->remote_known) {
		facts.high = endpoint->remote.high;
		facts.low = endpoint->remote.low;
		facts.family = endpoint->remote.is_ipv4 ? FAMILY_IPV4 : FAMILY_IPV6;
		facts.remote_port = endpoint->remote_port;
	}
	return facts;
}

static inline __attribute__((always_inline)) bool
plan_condition_holds(const volatile struct plan_line *line, const struct plan_facts *facts)
{
	uint16_t port = line->kind == LINE_LOCAL_PORT ? facts->local_port : facts->remote_port;

	if (line->kind != LINE_REMOTE)
		return port >= line->ports.first && port <= line->ports.last;
	return facts->family == line->family &&
	       !(((line->network.high ^ facts->high) & line->network.high_mask) |
		 ((line->network.low ^ facts->low) & line->network.low_mask));
}

/* Looks at one line; true if it is a setting that applies. */
static inline __attribute__((always_inline)) bool
plan_line_applies(const volatile struct plan_line *line, struct plan_facts *facts)
{
	if (line->kind == LINE_SETTING)
		return facts->held == facts->needed;
	if (line->kind == LINE_RULE) {
		facts->held = 0;
		facts->needed = line->rule.roles == ROLE_BOTH || line->rule.roles & facts->role
					? (uint8_t)line->rule.kinds
					: NEVER_HELD;
	} else if (plan_condition_holds(line, facts)) {
		facts->held |= (uint8_t)(1u << (line->kind - LINE_REMOTE));
	}
	return false;
}

/* The settings on every line that applies come between these two. */
static inline __attribute__((always_inline)) void plan_begin(const volatile struct plan *plan,
							     struct plan_socket *socket)
{
	PLAN_UNROLL
	for (int id = 0; id <= OPTIONS; id++) {
		socket->value[id].state = plan->globals[id].state;
		socket->value[id].number = plan->globals[id].number;
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

	time = time * 1000 - DERIVED_MARGIN_MS;
	socket->value[OPTION_USER_TIMEOUT].state = VALUE_SET;
	socket->value[OPTION_USER_TIMEOUT].number = (int32_t)(time < maximum ? time : maximum);
}

static inline __attribute__((always_inline)) void plan_end(const volatile struct plan *plan,
							   struct plan_socket *socket)
{
	struct plan_value *keepalive = &socket->value[OPTION_KEEPALIVE];

	PLAN_UNROLL
	for (int id = 0; id <= OPTIONS; id++)
		if (plan->environment[id].state != VALUE_ABSENT) {
			socket->value[id].state = plan->environment[id].state;
			socket->value[id].number = plan->environment[id].number;
		}
	if (plan_is_set(keepalive) && !keepalive->number) {
		PLAN_UNROLL
		for (int id = 0; id <= OPTIONS; id++)
			socket->value[id].state = VALUE_KERNEL;
		socket->value[OPTIONS].number = 0;
		/* Or the compiler joins this store and the last one below: one with two addresses.
		 */
		__asm__ volatile("" : : : "memory");
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
