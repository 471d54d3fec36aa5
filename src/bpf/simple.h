/*
 * Sets the options of a socket under a plan without rules and override, which decides the same for
 * all: nothing is remembered.
 *
 * May be used under the MIT licence or the GNU General Public License, version 2, as you choose.
 */
#ifndef KEEPALIVE_SIMPLE_H
#define KEEPALIVE_SIMPLE_H

#include "bpf/socket.h"

/* True if an earlier plan gave sockets this value. A global function: the verifier checks it once.
 */
__noinline int was_ours(uint64_t id, int number)
{
	if (id >= OPTIONS)
		return 0;
	PLAN_UNROLL
	for (uint32_t i = 0; i < PLAN_FORMERS; i++)
		if (i < plan.formers && plan.former[i][id].state == VALUE_SET &&
		    plan.former[i][id].number == number)
			return 1;
	return 0;
}

/*
 * A simple plan: nothing is remembered with the socket, which would cost more than all else. What
 * find_own() and set_where_fresh() say of values holds here, too; those of earlier plans are ours.
 */
static __always_inline int settle_simply(struct bpf_sock_ops *context, int level)
{
	bool is_accepted = context->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB, off;
	struct plan_socket *socket, *whole;
	bool reads =
		level >= READS && (is_accepted || bpf_get_netns_cookie(context) == plan.network);
	uint32_t own = 0;
	int number = 0;

	if (!context->sk)
		return 0;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, 0);
	if (socket)
		own = socket->own;
	whole = level >= WHOLE ? find_whole(context, 0) : NULL;
	if (whole)
		own |= whole->own;
	off = is_accepted && get(context, OPTION_KEEPALIVE, &number) && !number;
	PLAN_UNROLL
	for (int id = 0; id < OPTIONS; id++) {
		bool is_set = plan.whole[id].state == VALUE_SET, is_read, is_fresh;

		if (own & 1u << id || !(is_set || plan.formers) ||
		    (is_accepted && plan.option[id].before_connection))
			continue;
		is_read = reads && get(context, id, &number);
		if (is_accepted && !is_read)
			continue;
		is_fresh = !is_read || (off && id <= OPTION_COUNT) ||
			   is_of_kernel(context, id, number);
		if (is_set && (is_fresh || was_ours(id, number)))
			set(context, id, plan.whole[id].number);
		else if (!is_set && is_read && was_ours(id, number))
			unset(context, id);
	}
	return 0;
}

__noinline int settle_simply0(struct bpf_sock_ops *context)
{
	return settle_simply(context, SETS);
}

__noinline int settle_simply1(struct bpf_sock_ops *context)
{
	return settle_simply(context, READS);
}

__noinline int settle_simply2(struct bpf_sock_ops *context)
{
	return settle_simply(context, WHOLE);
}

/*
 * Returns true if settle_simply() is for the socket. It is not if an earlier plan decided for it,
 * nor for listeners where values cannot be read: they are remembered.
 */
static __always_inline bool is_simple(struct bpf_sock_ops *context, int level)
{
	struct plan_socket *socket;

	if (!plan.is_simple || !context->sk ||
	    (level < READS && context->op != BPF_SOCK_OPS_TCP_CONNECT_CB))
		return false;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, 0);
	return !socket || !socket->decided;
}

#endif
