/*
 * Decides for a socket: looks at the lines of the plan, for its endpoint.
 *
 * May be used under the MIT licence or the GNU General Public License, version 2, as you choose.
 */
#ifndef KEEPALIVE_LINES_H
#define KEEPALIVE_LINES_H

#include "bpf/socket.h"

enum { INET = 2 };

static uint64_t two_words(uint32_t high, uint32_t low)
{
	return (uint64_t)bpf_ntohl(high) << 32 | bpf_ntohl(low);
}

/* The context is read word by word, or the compiler joins two words, which the verifier refuses. */
static void read_remote(volatile struct bpf_sock_ops *context, struct endpoint *endpoint)
{
	struct address *remote = &endpoint->remote;

	endpoint->remote_known = true;
	endpoint->remote_port = (uint16_t)bpf_ntohl(context->remote_port);
	if (context->family == INET) {
		remote->low = bpf_ntohl(context->remote_ip4);
	} else {
		remote->high = two_words(context->remote_ip6[0], context->remote_ip6[1]);
		remote->low = two_words(context->remote_ip6[2], context->remote_ip6[3]);
	}
	remote->is_ipv4 = !remote->high && remote->low >> 32 == 0xffff;
	if (remote->is_ipv4)
		remote->low &= 0xffffffff;
	if (context->family == INET)
		remote->is_ipv4 = true;
}

/*
 * The offset is added at once: with two additions, of a number and of a constant, Linux 6.12.95
 * refuses the pointer unless the command has CAP_PERFMON.
 */
static __always_inline const volatile struct plan_line *line_at(uint64_t number)
{
	uint64_t offset = __builtin_offsetof(struct plan, line) + number * sizeof *plan.line;

	__asm__ volatile("" : "+r"(offset));
	return (const volatile struct plan_line *)((const volatile char *)&plan + offset);
}

/*
 * One line of the plan; returns what is held and needed after it. A global function, which the
 * verifier checks once for every line: in a loop it would follow each path through each line.
 */
__noinline int look_at_line(struct bpf_sock_ops *context, uint64_t number, uint64_t high,
			    uint64_t low, uint64_t rest)
{
	struct plan_facts facts = { .high = high, .low = low, .rest = rest };
	const volatile struct plan_line *line;
	struct plan_socket *socket;
	uint64_t option;

	if (number >= PLAN_LINES)
		return 0;
	line = line_at(number);
	if (plan_line_applies(line, &facts)) {
		option = line->setting.option;
		socket = context->sk ? bpf_sk_storage_get(&sockets, context->sk, NULL, 0) : NULL;
		if (socket && option <= OPTIONS) {
			socket->value[option].state = line->setting.state;
			socket->value[option].number = line->setting.number;
		}
	}
	return facts.held << 8 | facts.needed;
}

/*
 * So many lines, and so on. Without loops: unless the command has CAP_PERFMON, the verifier also
 * follows a loop beyond its last round.
 */
enum { BLOCK = 32 };

__noinline int look_at_block(struct bpf_sock_ops *context, uint64_t number, uint64_t high,
			     uint64_t low, uint64_t rest)
{
	struct plan_facts facts = { .rest = rest };
	int bits = 0;

	PLAN_UNROLL
	for (uint32_t i = 0; i < BLOCK; i++) {
		if (number + i >= plan.lines)
			break;
		bits = look_at_line(context, number + i, high, low, facts.rest);
		facts.held = (uint8_t)(bits >> 8);
		facts.needed = (uint8_t)bits;
	}
	return bits;
}

__noinline int look_at_lines(struct bpf_sock_ops *context, uint64_t high, uint64_t low,
			     uint64_t rest)
{
	struct plan_facts facts = { .rest = rest };

	PLAN_UNROLL
	for (uint32_t i = 0; i < PLAN_LINES; i += BLOCK) {
		int bits;

		if (i >= plan.lines)
			break;
		bits = look_at_block(context, i, high, low, facts.rest);

		facts.held = (uint8_t)(bits >> 8);
		facts.needed = (uint8_t)bits;
	}
	return 0;
}

__noinline int end(struct bpf_sock_ops *context)
{
	struct plan_socket *socket =
		context->sk ? bpf_sk_storage_get(&sockets, context->sk, NULL, 0) : NULL;

	if (socket)
		plan_end(&plan, socket);
	return 0;
}

static __always_inline void decide(struct bpf_sock_ops *context, struct plan_socket *socket,
				   const struct endpoint *endpoint)
{
	struct plan_facts facts = plan_facts(endpoint);

	PLAN_UNROLL
	for (int id = 0; id <= OPTIONS; id++)
		socket->before[id] = socket->value[id];
	socket->decided_before = socket->decided;
	socket->decided = plan.number;
	plan_begin(&plan, socket);
	look_at_lines(context, facts.high, facts.low, facts.rest);
	end(context);
}

#endif
