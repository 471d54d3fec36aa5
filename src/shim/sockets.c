/* What is done to the program's sockets; the only file that sets anything on them. */
#include "shim/sockets.h"

#include <errno.h>
#include <netinet/in.h>
#include <sys/syscall.h>

#include "shim/libc.h"
#include "shim/report.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* type is one of the kinds of socket in its low four bits, SOCK_NONBLOCK and such above. */
enum { TYPE_MASK = 0xf };

unsigned int sockets_moments;
bool sockets_override;

/* Written once, before the hooks read it. */
static const struct policy *policy;

/* What holds for a socket of which nothing more is known than that it is one. */
static struct decision base;

/* The same, as socket() needs it: what to set on each. */
static unsigned char at_socket[OPTIONS];
static int at_socket_count;

static const struct endpoint nowhere;

void sockets_configure(const struct policy *what)
{
	policy = what;
	policy_decide(policy, &nowhere, &base);
	sockets_moments = rules_moments(&policy->rules);
	sockets_override = policy_overrides(policy);
	at_socket_count = 0;
	for (unsigned char id = 0; id < OPTIONS; id++)
		if (base.choice[id].configured && option_table[id].moment != MOMENT_LISTENING)
			at_socket[at_socket_count++] = id;
}

/* -1 where the kernel does not tell. */
static int get(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return next_getsockopt(fd, level, name, &value, &length) ? -1 : value;
}

static int get_option(int fd, size_t id)
{
	return get(fd, option_table[id].level, option_table[id].name);
}

/* What the kernel has by itself is put back where nothing is configured. */
static bool set_option(int fd, size_t id, const struct decision *decision, struct report *report)
{
	const struct option *option = &option_table[id];
	const struct choice *choice = &decision->choice[id];
	int number = !choice->configured && option->zero_unsets ? 0 : choice->number;

	if (next_setsockopt(fd, option->level, option->name, &number, sizeof number)) {
		report_refused(report, option, choice, errno_get());
		return false;
	}
	report_set(report, option, choice);
	return true;
}

static bool is_internet(int domain)
{
	return domain == AF_INET || domain == AF_INET6;
}

static bool is_tcp(int protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
}

/* The same filter over what the kernel says; in the order in which most others drop out first. */
static bool kernel_says_tcp(int fd)
{
	return is_internet(get(fd, SOL_SOCKET, SO_DOMAIN)) &&
	       get(fd, SOL_SOCKET, SO_TYPE) == SOCK_STREAM &&
	       is_tcp(get(fd, SOL_SOCKET, SO_PROTOCOL));
}

/* What getsockname or getpeername (the number of the system call) says; false if nothing. */
static bool ask_address(int fd, long which, struct address *address, uint16_t *port)
{
	struct sockaddr_storage storage;
	socklen_t length = sizeof storage;

	return !system_call(which, fd, (long)&storage, (long)&length, 0) &&
	       address_from_socket((const struct sockaddr *)&storage, length, address, port);
}

/* The ends are asked for only where there are rules that look at them, or a log that names them. */

static void ask_remote(int fd, struct endpoint *endpoint)
{
	if (sockets_moments || log_wants(LEVEL_INFO))
		endpoint->remote_known = ask_address(fd, SYS_getpeername, &endpoint->remote,
						     &endpoint->remote_port);
}

static void ask_local(int fd, struct endpoint *endpoint)
{
	struct address address;

	if (sockets_moments || log_wants(LEVEL_INFO))
		ask_address(fd, SYS_getsockname, &address, &endpoint->local_port);
}

static struct endpoint listener_endpoint(int fd)
{
	struct endpoint endpoint = { .role = ROLE_SERVER };

	ask_local(fd, &endpoint);
	return endpoint;
}

static struct endpoint accepted_endpoint(int fd)
{
	struct endpoint endpoint = listener_endpoint(fd);

	ask_remote(fd, &endpoint);
	return endpoint;
}

static struct endpoint client_endpoint(const struct sockaddr *address, socklen_t length)
{
	struct endpoint endpoint = { .role = ROLE_CLIENT };

	endpoint.remote_known = address_from_socket(address, length, &endpoint.remote,
						    &endpoint.remote_port);
	return endpoint;
}

static bool is_timing_of_keepalive(size_t id)
{
	return id == OPTION_IDLE || id == OPTION_INTERVAL || id == OPTION_COUNT;
}

/*
 * True for a socket that is most likely ours by another descriptor: more of its options read as we
 * set them than as on a fresh socket. Then the program has put those back.
 */
static bool is_configured(int fd, const struct decision *decision)
{
	int balance = 0;

	/* Keepalive being on says nothing: everybody sets that. */
	for (size_t id = OPTION_KEEPALIVE + 1; id < OPTIONS; id++) {
		const struct choice *choice = &decision->choice[id];
		int fresh = policy->kernel.number[id], value;

		if (!choice->configured || choice->number == fresh ||
		    option_table[id].moment == MOMENT_LISTENING)
			continue;
		value = get_option(fd, id);
		balance += (value == choice->number) - (value == fresh);
	}
	return balance > 0;
}

/*
 * Sets what still reads as on a fresh socket, on one that somebody else made: anything else is
 * somebody's choice. Where keepalive is off nobody has chosen its timing, whatever it reads.
 */
static void adopt(int fd, const char *moment, const struct endpoint *endpoint)
{
	bool keepalive_off = get(fd, SOL_SOCKET, SO_KEEPALIVE) == 0;
	struct decision decision;
	struct report report;

	policy_decide(policy, endpoint, &decision);
	if (!decision.override && is_configured(fd, &decision))
		return;
	report_begin(&report, moment, fd, endpoint);
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct choice *choice = &decision.choice[id];

		if (!choice->configured || option_table[id].moment == MOMENT_LISTENING)
			continue;
		if (decision.override || (keepalive_off && is_timing_of_keepalive(id)) ||
		    get_option(fd, id) == policy->kernel.number[id])
			set_option(fd, id, &decision, &report);
		else
			report_left(&report, &option_table[id]);
	}
	report_end(&report);
}

/* Goes from what one decision has set to another one, where the program has not set its own. */
static void change(int fd, const struct decision *from, const struct decision *to,
		   struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		bool same = to->choice[id].number == from->choice[id].number;

		if (option_table[id].moment == MOMENT_LISTENING)
			continue;
		if (same && !(to->override && to->choice[id].configured))
			continue;
		if (to->override || get_option(fd, id) == from->choice[id].number)
			set_option(fd, id, to, report);
		else
			report_left(report, &option_table[id]);
	}
}

void socket_opened(int fd, int domain, int type, int protocol)
{
	struct report report;
	int saved;

	if (!is_internet(domain) || (type & TYPE_MASK) != SOCK_STREAM || !is_tcp(protocol)) {
		descriptor_set(fd, DESCRIPTOR_OTHER);
		return;
	}
	saved = errno_get();
	report_begin(&report, "socket", fd, NULL);
	for (int i = 0; i < at_socket_count; i++)
		set_option(fd, at_socket[i], &base, &report);
	report_end(&report);
	descriptor_set(fd, DESCRIPTOR_OPENED);
	errno_set(saved);
}

void socket_connecting_otherwise(int fd, const struct sockaddr *address, socklen_t length)
{
	struct endpoint endpoint = client_endpoint(address, length);
	int saved = errno_get();
	struct decision decision;
	struct report report;

	if (descriptor_state(fd) == DESCRIPTOR_OPENED) {
		policy_decide(policy, &endpoint, &decision);
		report_begin(&report, "connect", fd, &endpoint);
		change(fd, &base, &decision, &report);
		report_end(&report);
		descriptor_set(fd, DESCRIPTOR_CLIENT);
	} else if (kernel_says_tcp(fd)) {
		adopt(fd, "connect", &endpoint);
		descriptor_set(fd, DESCRIPTOR_FOREIGN_CLIENT);
	}
	errno_set(saved);
}

/* Settings for listeners alone, unless the program has set them. */
static void set_what_listeners_get(int fd, const struct decision *decision, struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		if (option_table[id].moment != MOMENT_LISTENING || !decision->choice[id].configured)
			continue;
		if (decision->override || get_option(fd, id) == policy->kernel.number[id])
			set_option(fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
}

/* Finds out what an unknown descriptor is that is, or is to be, a listener. */
static enum descriptor_state state_of_listener(int fd, const char *moment)
{
	enum descriptor_state state = descriptor_state(fd);

	if (state > DESCRIPTOR_FOREIGN_CLIENT)
		return state;
	state = DESCRIPTOR_OTHER;
	if (kernel_says_tcp(fd)) {
		struct endpoint endpoint = listener_endpoint(fd);

		adopt(fd, moment, &endpoint);
		state = DESCRIPTOR_FOREIGN_LISTENER;
	}
	descriptor_set(fd, state);
	return state;
}

void socket_listening(int fd)
{
	int saved = errno_get();
	enum descriptor_state state = state_of_listener(fd, "listen");
	struct endpoint endpoint;
	struct decision decision;
	struct report report;

	if (state == DESCRIPTOR_OPENED || state == DESCRIPTOR_FOREIGN_LISTENER) {
		endpoint = listener_endpoint(fd);
		policy_decide(policy, &endpoint, &decision);
		report_begin(&report, "listen", fd, &endpoint);
		if (state == DESCRIPTOR_OPENED) {
			change(fd, &base, &decision, &report);
			descriptor_set(fd, DESCRIPTOR_LISTENER);
		}
		set_what_listeners_get(fd, &decision, &report);
		report_end(&report);
	}
	errno_set(saved);
}

/*
 * A connection has what its listener had when it came. It is to get what is decided for it where
 * that differs, as long as the listener still reads as we left it: if it reads something else, the
 * program has set that itself. A connection of an adopted listener may be older than our settings,
 * so there all of them are looked at. False: there was nothing to set.
 */
static bool settle(int listener, int fd, bool adopted, struct report *report)
{
	struct endpoint endpoint = *report->endpoint;
	struct decision of_listener, decision;
	bool any = false;

	policy_decide(policy, &endpoint, &decision);
	endpoint.remote_known = false;
	policy_decide(policy, &endpoint, &of_listener);
	for (size_t id = 0; id < OPTIONS; id++) {
		const struct choice *to = &decision.choice[id], *from = &of_listener.choice[id];
		bool look = to->number != from->number || (adopted && to->configured);

		if (!look || option_table[id].moment != MOMENT_ANY || get_option(fd, id) == to->number)
			continue;
		if (decision.override || get_option(listener, id) == from->number)
			any |= set_option(fd, id, &decision, report);
		else
			report_left(report, &option_table[id]);
	}
	return any;
}

void socket_accepted_otherwise(int listener, int fd)
{
	int saved = errno_get();
	enum descriptor_state state = state_of_listener(listener, "accept");
	bool adopted = state == DESCRIPTOR_FOREIGN_LISTENER;
	struct endpoint endpoint;
	struct report report;

	descriptor_set(fd, state == DESCRIPTOR_OTHER ? DESCRIPTOR_OTHER : DESCRIPTOR_ACCEPTED);
	if (adopted || (state != DESCRIPTOR_OTHER && sockets_moments & RULES_AT_ACCEPT)) {
		endpoint = accepted_endpoint(fd);
		report_begin(&report, "accept", fd, &endpoint);
		/* The queue keeps its order: behind the first that inherited all, each one has. */
		if (!settle(listener, fd, adopted, &report) && adopted)
			descriptor_set(listener, DESCRIPTOR_LISTENER);
		report_end(&report);
	}
	errno_set(saved);
}

/* What can be known of a socket by its state and the kernel. */
static struct endpoint endpoint_of(int fd, enum descriptor_state state)
{
	struct endpoint endpoint = { .role = ROLE_CLIENT };

	switch (state) {
	case DESCRIPTOR_LISTENER:
	case DESCRIPTOR_FOREIGN_LISTENER:
		return listener_endpoint(fd);
	case DESCRIPTOR_ACCEPTED:
		return accepted_endpoint(fd);
	case DESCRIPTOR_FOREIGN_CLIENT:
	case DESCRIPTOR_CLIENT:
		ask_remote(fd, &endpoint);
		return endpoint;
	default:
		return nowhere;
	}
}

static size_t find_option(int level, int name)
{
	size_t id = 0;

	while (id < OPTIONS && (option_table[id].level != level || option_table[id].name != name))
		id++;
	return id;
}

void socket_option_put_back(int fd, int level, int name)
{
	enum descriptor_state state = descriptor_state(fd);
	size_t id = find_option(level, name);
	int saved = errno_get();
	struct endpoint endpoint;
	struct decision decision;
	struct report report;

	if (id == OPTIONS || state == DESCRIPTOR_OTHER ||
	    (state == DESCRIPTOR_UNKNOWN && !kernel_says_tcp(fd)))
		return;
	endpoint = endpoint_of(fd, state);
	policy_decide(policy, &endpoint, &decision);
	if (decision.override && decision.choice[id].configured &&
	    (option_table[id].moment != MOMENT_LISTENING || endpoint.role == ROLE_SERVER) &&
	    get_option(fd, id) != decision.choice[id].number) {
		report_begin(&report, "override", fd, &endpoint);
		set_option(fd, id, &decision, &report);
		report_end(&report);
	}
	errno_set(saved);
}

bool socket_inherited(int fd)
{
	struct endpoint endpoint;
	bool listening;

	if (!kernel_says_tcp(fd))
		return errno_get() != EBADF;
	listening = get(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1;
	endpoint = listening ? listener_endpoint(fd) : accepted_endpoint(fd);
	if (!listening && !endpoint.remote_known && sockets_moments)
		endpoint = nowhere; /* not connected: what it is to be is not known */
	adopt(fd, "start", &endpoint);
	descriptor_set(fd, listening ? DESCRIPTOR_FOREIGN_LISTENER : DESCRIPTOR_ACCEPTED);
	return true;
}
