/*
 * What the programs have in common: the plan, what is remembered with a socket, and its options.
 *
 * May be used under the MIT licence or the GNU General Public License, version 2, as you choose.
 */
#ifndef KEEPALIVE_SOCKET_H
#define KEEPALIVE_SOCKET_H

#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/decide.h"

volatile struct plan plan;

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct plan_socket);
} sockets SEC(".maps");

/* A helper that headers of older releases do not declare. */
static struct mptcp_sock *(*whole_of)(void *subflow) = (void *)196; /* bpf_skc_to_mptcp_sock */

/* What a program uses besides setting options; each level includes those before it. */
enum {
	SETS,  /* Linux 5.9 */
	READS, /* Linux 6.1: bpf_getsockopt() knows the options */
	WHOLE, /* from a subflow of MPTCP to the whole: CAP_PERFMON, and BTF of the kernel */
};

static __always_inline bool is_own(const struct plan_socket *socket, int id)
{
	return socket->own & 1u << id && !socket->value[OPTIONS].number;
}

/* Whether the decision before this one has set the option. */
static __always_inline bool had(const struct plan_socket *socket, int id)
{
	return plan_is_set(&socket->before[id]) &&
	       !(socket->own & 1u << id && !socket->before[OPTIONS].number);
}

static void set(struct bpf_sock_ops *context, int id, int number)
{
	bpf_setsockopt(context, plan.option[id].level, plan.option[id].name, &number,
		       sizeof number);
}

static void unset(struct bpf_sock_ops *context, int id)
{
	set(context, id, plan.option[id].zero_unsets ? 0 : plan.option[id].kernel);
}

static bool get(struct bpf_sock_ops *context, int id, int *number)
{
	return !bpf_getsockopt(context, plan.option[id].level, plan.option[id].name, number,
			       sizeof *number);
}

/* Whether the value is that of a socket on which nobody has set the option, as far as is known. */
static bool is_of_kernel(struct bpf_sock_ops *context, int id, int number)
{
	return number == plan.option[id].kernel ||
	       (number == plan.option[id].fresh && bpf_get_netns_cookie(context) != plan.network);
}

/* What the program sets on a socket of MPTCP is remembered with the whole, not with its subflows.
 */
static __always_inline struct plan_socket *find_whole(struct bpf_sock_ops *context, uint64_t flags)
{
	struct mptcp_sock *whole = context->sk ? whole_of(context->sk) : NULL;

	return whole ? bpf_sk_storage_get(&sockets, whole, NULL, flags) : NULL;
}

#endif
