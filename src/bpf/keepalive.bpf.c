/*
 * Sets the options of sockets in a control group: at connect() and listen(), for every process in
 * it, however it makes the call. What the program sets itself is remembered with the socket, and
 * stays.
 *
 * May be used under the MIT licence or the GNU General Public License, version 2, as you choose.
 */
#include <linux/bpf.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/decide.h"

enum { INET = 2, STREAM = 1, TCP = 6, MULTIPATH_TCP = 262 };

/* Left in the context for programs of outer groups, which the kernel runs afterwards. */
enum { DONE = 0x6b61 };

char licence[] SEC("license") = "Dual MIT/GPL";

const volatile struct plan plan;

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct plan_socket);
} sockets SEC(".maps");

static bool is_own(const struct plan_socket *socket, int id)
{
	return socket->own & 1u << id && !socket->value[OPTIONS].number;
}

static void set(struct bpf_sock_ops *context, int id, int number)
{
	bpf_setsockopt(context, plan.option[id].level, plan.option[id].name, &number,
		       sizeof number);
}

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

/* At connect() and listen(): what the program has not set gets its value. */
static void begin(struct bpf_sock_ops *context, struct plan_socket *socket)
{
	for (int id = 0; id < OPTIONS; id++)
		if (plan_is_set(&socket->value[id]) && !is_own(socket, id))
			set(context, id, socket->value[id].number);
}

/* An accepted connection has what its listener has: only what differs is set. */
static void change(struct bpf_sock_ops *context, struct plan_socket *socket,
		   const struct plan_socket *listener)
{
	for (int id = 0; id < OPTIONS; id++) {
		const struct plan_value *now = &socket->value[id], *before = &listener->value[id];

		if (is_own(socket, id) || plan.option[id].before_connection)
			continue;
		if (plan_is_set(now) && !(plan_is_set(before) && before->number == now->number))
			set(context, id, now->number);
		else if (plan_is_set(before) && !plan_is_set(now))
			set(context, id, plan.option[id].kernel);
	}
}

/*
 * The listener is older than these programs: a value that differs from the kernel's is somebody's
 * choice. Kernels before 6.1 cannot read it, and then it stays.
 */
static void set_where_fresh(struct bpf_sock_ops *context, struct plan_socket *socket)
{
	int value = 0;
	bool off = !bpf_getsockopt(context, plan.option[OPTION_KEEPALIVE].level,
				   plan.option[OPTION_KEEPALIVE].name, &value, sizeof value) &&
		   !value;

	for (int id = 0; id < OPTIONS; id++) {
		if (!plan_is_set(&socket->value[id]) || plan.option[id].before_connection)
			continue;
		if (bpf_getsockopt(context, plan.option[id].level, plan.option[id].name, &value,
				   sizeof value))
			continue;
		if (value == plan.option[id].kernel || socket->value[OPTIONS].number ||
		    (off && id <= OPTION_COUNT))
			set(context, id, socket->value[id].number);
	}
}

static __always_inline void accepted(struct bpf_sock_ops *context, struct plan_socket *socket,
				     const struct endpoint *endpoint, uint32_t lines)
{
	struct plan_socket listener = *socket;

	if (listener.decided && !plan.by_remote)
		return;
	plan_decide(&plan, lines, endpoint, socket);
	if (listener.decided)
		change(context, socket, &listener);
	else
		set_where_fresh(context, socket);
	socket->decided = true;
}

/* `lines`: how many lines of the plan may hold rules. */
static __always_inline int configure(struct bpf_sock_ops *context, uint32_t lines)
{
	struct endpoint endpoint = { .role = ROLE_SERVER,
				     .local_port = (uint16_t)context->local_port };
	struct plan_socket *socket;

	if (context->op != BPF_SOCK_OPS_TCP_CONNECT_CB &&
	    context->op != BPF_SOCK_OPS_TCP_LISTEN_CB &&
	    context->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	if (context->reply == DONE || !context->sk)
		return 1;
	context->reply = DONE;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return 1;
	if (context->op != BPF_SOCK_OPS_TCP_LISTEN_CB)
		read_remote(context, &endpoint);
	if (context->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		accepted(context, socket, &endpoint, lines);
		return 1;
	}
	if (context->op == BPF_SOCK_OPS_TCP_CONNECT_CB) {
		endpoint.role = ROLE_CLIENT;
		endpoint.local_port = 0;
	}
	plan_decide(&plan, lines, &endpoint, socket);
	socket->decided = true;
	begin(context, socket);
	return 1;
}

/* One that any user with CAP_BPF and CAP_NET_ADMIN may load, and one for more rules. */
SEC("sockops")
int keepalive_ops(struct bpf_sock_ops *context)
{
	return configure(context, PLAN_LINES_SMALL);
}

SEC("sockops")
int keepalive_ops_l(struct bpf_sock_ops *context)
{
	return configure(context, PLAN_LINES);
}

static uint64_t option_of(const struct bpf_sockopt *context)
{
	uint64_t id = 0;

	while (id < OPTIONS && (context->level != plan.option[id].level ||
				context->optname != plan.option[id].name))
		id++;
	return id;
}

static bool kernel_accepts(uint64_t id, int number)
{
	const volatile struct plan_option *option = &plan.option[id];

	return (number >= option->minimum && number <= option->maximum) ||
	       (!number && option->accepts_zero);
}

/*
 * The program sets an option. What the kernel will refuse is none. A global function, which the
 * verifier checks once for every id: only CAP_PERFMON may calculate with several in one place.
 */
__noinline int remember(struct bpf_sockopt *context, uint64_t id)
{
	int *number = context->optval;
	struct plan_socket *socket;

	if (id >= OPTIONS || (void *)(number + 1) > context->optval_end ||
	    context->optlen < (int)sizeof *number || !kernel_accepts(id, *number) || !context->sk)
		return 0;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket)
		return 0;
	socket->own |= 1u << id;
	if (socket->decided && socket->value[OPTIONS].number && plan_is_set(&socket->value[id]))
		*number = socket->value[id].number;
	return 0;
}

SEC("cgroup/setsockopt")
int keepalive_set(struct bpf_sockopt *context)
{
	/* Without this, kernels refuse a value of which they do not show all: more than a page. */
	if (context->optlen > plan.page_size)
		context->optlen = 0;
	if (context->sk->type == STREAM &&
	    (context->sk->protocol == TCP || context->sk->protocol == MULTIPATH_TCP))
		remember(context, option_of(context));
	return 1;
}
