/*
 * Sets the options of sockets in a control group: at connect() and listen(), for every process in
 * it, however it makes the call. What the program sets itself is remembered with the socket, and
 * stays.
 *
 * May be used under the MIT licence or the GNU General Public License, version 2, as you choose.
 */
#include "bpf/lines.h"
#include "bpf/simple.h"

enum { STREAM = 1, TCP = 6, MULTIPATH_TCP = 262, ESTABLISHED = 1 };

/* Left in the context for programs of outer groups, which the kernel runs afterwards. */
enum { DONE = 0x6b61 };

char licence[] SEC("license") = "Dual MIT/GPL";

/*
 * A value that differs from the kernel's before we have set any is the program's: set before these
 * programs were attached, or by a 32-bit program, whose setsockopt() runs no BPF program. In other
 * network namespaces the kernel's values are not known.
 */
static void find_own(struct bpf_sock_ops *context, struct plan_socket *socket)
{
	int number = 0;

	if (bpf_get_netns_cookie(context) != plan.network)
		return;
	PLAN_UNROLL
	for (int id = 0; id < OPTIONS; id++)
		if ((plan_is_set(&socket->value[id]) || plan.by_remote) &&
		    get(context, id, &number) && number != plan.option[id].kernel)
			socket->own |= 1u << id;
}

/* At connect() and listen(): what the program has not set gets its value. */
static __always_inline void begin(struct bpf_sock_ops *context, const struct plan_socket *socket)
{
	PLAN_UNROLL
	for (int id = 0; id < OPTIONS; id++) {
		if (is_own(socket, id))
			continue;
		if (plan_is_set(&socket->value[id]))
			set(context, id, socket->value[id].number);
		else if (had(socket, id))
			unset(context, id);
	}
}

/* An accepted connection has what its listener has: only what differs is set. */
static __always_inline void change(struct bpf_sock_ops *context, const struct plan_socket *socket)
{
	PLAN_UNROLL
	for (int id = 0; id < OPTIONS; id++) {
		const struct plan_value *now = &socket->value[id];

		if (is_own(socket, id) || plan.option[id].before_connection)
			continue;
		if (plan_is_set(now) &&
		    !(had(socket, id) && socket->before[id].number == now->number))
			set(context, id, now->number);
		else if (had(socket, id) && !plan_is_set(now))
			unset(context, id);
	}
}

/*
 * The listener is older than these programs: a value that differs from the kernel's is somebody's
 * choice. If keepalive is off, nobody has chosen its timing. What cannot be read stays.
 */
static __always_inline void set_where_fresh(struct bpf_sock_ops *context,
					    const struct plan_socket *socket, int level)
{
	bool override = socket->value[OPTIONS].number;
	int number = 0;
	bool off = get(context, OPTION_KEEPALIVE, &number) && !number;

	PLAN_UNROLL
	for (int id = 0; id < OPTIONS; id++) {
		bool is_set = plan_is_set(&socket->value[id]), is_read, is_ours;

		if (is_own(socket, id) || plan.option[id].before_connection ||
		    !(is_set || plan.formers))
			continue;
		is_read = level >= READS && get(context, id, &number);
		is_ours = is_read && was_ours(id, number);
		if (is_set && (override || (off && id <= OPTION_COUNT) || is_ours ||
			       (is_read && is_of_kernel(context, id, number))))
			set(context, id, socket->value[id].number);
		else if (!is_set && is_ours)
			unset(context, id);
	}
}

/* Sets what was decided. */
static __always_inline int settle(struct bpf_sock_ops *context, int level)
{
	struct plan_socket *socket, *whole;

	if (!context->sk)
		return 0;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, 0);
	if (!socket)
		return 0;
	whole = level >= WHOLE ? find_whole(context, BPF_SK_STORAGE_GET_F_CREATE) : NULL;
	if (whole)
		socket->own |= whole->own;
	if (context->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) {
		if (level >= READS && !socket->decided_before)
			find_own(context, socket);
		begin(context, socket);
	} else if (socket->decided_before) {
		change(context, socket);
	} else {
		set_where_fresh(context, socket, level);
	}
	if (whole)
		*whole = *socket;
	return 0;
}

/* Global functions, too: the verifier checks them apart from the decision. */
__noinline int settle0(struct bpf_sock_ops *context)
{
	return settle(context, SETS);
}

__noinline int settle1(struct bpf_sock_ops *context)
{
	return settle(context, READS);
}

__noinline int settle2(struct bpf_sock_ops *context)
{
	return settle(context, WHOLE);
}

/* Returns true where socket options are set now, unless a program of an inner group did it. */
static __always_inline bool begins(struct bpf_sock_ops *context)
{
	return (context->op == BPF_SOCK_OPS_TCP_CONNECT_CB ||
		context->op == BPF_SOCK_OPS_TCP_LISTEN_CB ||
		context->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB) &&
	       context->reply != DONE && context->sk;
}

/* True if the socket's options are decided now, and are to be set. */
static __always_inline bool decides(struct bpf_sock_ops *context)
{
	struct endpoint endpoint = { .role = ROLE_SERVER,
				     .local_port = (uint16_t)context->local_port };
	bool is_accepted = context->op == BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB;
	struct plan_socket *socket;

	if (!context->sk)
		return false;
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL, BPF_SK_STORAGE_GET_F_CREATE);
	if (!socket || (is_accepted && socket->decided == plan.number && !plan.by_remote))
		return false;
	if (context->op != BPF_SOCK_OPS_TCP_LISTEN_CB)
		read_remote(context, &endpoint);
	if (context->op == BPF_SOCK_OPS_TCP_CONNECT_CB)
		endpoint.role = ROLE_CLIENT;
	decide(context, socket, &endpoint);
	return true;
}

/* The command loads the last that the kernel accepts. */
SEC("sockops") int keepalive_ops0(struct bpf_sock_ops *context)
{
	if (!begins(context))
		return 1;
	context->reply = DONE;
	if (is_simple(context, SETS))
		settle_simply0(context);
	else if (decides(context))
		settle0(context);
	return 1;
}

SEC("sockops") int keepalive_ops1(struct bpf_sock_ops *context)
{
	if (!begins(context))
		return 1;
	context->reply = DONE;
	if (is_simple(context, READS))
		settle_simply1(context);
	else if (decides(context))
		settle1(context);
	return 1;
}

SEC("sockops") int keepalive_ops2(struct bpf_sock_ops *context)
{
	if (!begins(context))
		return 1;
	context->reply = DONE;
	if (is_simple(context, WHOLE))
		settle_simply2(context);
	else if (decides(context))
		settle2(context);
	return 1;
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
 * Nothing is decided any more for an established connection, so what its program sets need not be
 * remembered. A connection of Multipath TCP may still get subflows.
 */
static bool is_settled(const struct bpf_sock *socket)
{
	return socket->state == ESTABLISHED && socket->protocol == TCP;
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
	socket = bpf_sk_storage_get(&sockets, context->sk, NULL,
				    is_settled(context->sk) ? 0 : BPF_SK_STORAGE_GET_F_CREATE);
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
