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

/* The same, as socket() needs it: what to set on each, laid out for the call. */
static struct setting_at_socket {
	int level;
	int name;
	int number;
	unsigned char id;
} at_socket[OPTIONS];
static int at_socket_count;

static const struct endpoint nowhere;

void sockets_configure(const struct policy *what)
{
	policy = what;
	policy_decide(policy, &nowhere, &base);
	sockets_moments = rules_moments(&policy->rules);
	sockets_override = policy_overrides(policy);
	at_socket_count = 0;
	for (unsigned char id = 0; id < OPTIONS; id++) {
		const struct option *option = &option_table[id];

		if (base.choice[id].configured && option->moment != MOMENT_LISTENING)
			at_socket[at_socket_count++] = (struct setting_at_socket){
				option->level, option->name, base.choice[id].number, id
			};
	}
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

/*
 * The caller's address is read only where somebody wants to know it, and where the kernel can read
 * it, too: it may be anything, and to say so is the kernel's part.
 */
static struct endpoint client_endpoint(const struct sockaddr *address, socklen_t length)
{
	struct endpoint endpoint = { .role = ROLE_CLIENT };
	struct sockaddr_in6 copy = { 0 };
	size_t size = length < sizeof copy ? length : sizeof copy;

	if (!(sockets_moments & RULES_BY_DESTINATION) && !log_wants(LEVEL_INFO))
		return endpoint;
	if (length > INT32_MAX || !memory_is_readable(address, size))
		return endpoint;
	for (size_t i = 0; i < size; i++)
		((char *)&copy)[i] = ((const char *)address)[i];
	endpoint.remote_known = address_from_socket((const struct sockaddr *)&copy, size,
						    &endpoint.remote, &endpoint.remote_port);
	return endpoint;
}

static bool is_timing_of_keepalive(size_t id)
{
	return id == OPTION_IDLE || id == OPTION_INTERVAL || id == OPTION_COUNT;
}

/* The bit that notes that the program has set the option; 0: there is none for it. */
static unsigned char bit_of_option(size_t id)
{
	return id < DESCRIPTOR_SETS ? (unsigned char)(DESCRIPTOR_SET << id) : 0;
}

/* True if the option of an own socket is still as that decision left it. */
static bool is_as_left(int fd, size_t id, const struct decision *decision)
{
	if (descriptor_byte(fd) & bit_of_option(id))
		return false;
	return option_table[id].rounded || get_option(fd, id) == decision->choice[id].number;
}

/* Goes from what one decision has set to another one, where the program has not set its own. */
static void change(int fd, const struct decision *from, const struct decision *to,
		   struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		bool same = to->choice[id].number == from->choice[id].number;

		if (option_table[id].moment == MOMENT_LISTENING)
			continue;
		if (same && !(to->override.configured && to->choice[id].configured))
			continue;
		if (to->override.configured || is_as_left(fd, id, from))
			set_option(fd, id, to, report);
		else
			report_left(report, &option_table[id]);
	}
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
static void set_where_fresh(int fd, const struct decision *decision, struct report *report)
{
	bool keepalive_off = get(fd, SOL_SOCKET, SO_KEEPALIVE) == 0;

	for (size_t id = 0; id < OPTIONS; id++) {
		if (!decision->choice[id].configured || option_table[id].moment == MOMENT_LISTENING)
			continue;
		if (decision->override.configured || (keepalive_off && is_timing_of_keepalive(id)) ||
		    get_option(fd, id) == policy->kernel.number[id])
			set_option(fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
}

/* Settles a socket that did not come from our socket(), or not by this descriptor. */
static void adopt(int fd, const char *moment, const struct endpoint *endpoint)
{
	struct decision decision;
	struct report report;

	policy_decide(policy, endpoint, &decision);
	report_begin(&report, moment, fd, endpoint);
	if (is_configured(fd, &base))
		change(fd, &base, &decision, &report);
	else if (decision.override.configured || !is_configured(fd, &decision))
		set_where_fresh(fd, &decision, &report);
	report_end(&report);
}

static void configure_and_report(int fd)
{
	struct report report;

	report_begin(&report, "socket", fd, NULL);
	for (int i = 0; i < at_socket_count; i++)
		set_option(fd, at_socket[i].id, &base, &report);
	report_end(&report);
}

static void configure(int fd)
{
	for (const struct setting_at_socket *it = at_socket; it < at_socket + at_socket_count; it++)
		next_setsockopt(fd, it->level, it->name, &it->number, sizeof it->number);
}

void socket_opened(int fd, int domain, int type, int protocol)
{
	int saved;

	if (!is_internet(domain) || (type & TYPE_MASK) != SOCK_STREAM || !is_tcp(protocol)) {
		descriptor_set(fd, DESCRIPTOR_OTHER);
		return;
	}
	saved = errno_get();
	if (log_wants(LEVEL_ERROR))
		configure_and_report(fd);
	else
		configure(fd);
	descriptor_set(fd, DESCRIPTOR_OPENED);
	errno_set(saved);
}

void socket_connecting_otherwise(int fd, const struct sockaddr *address, socklen_t length)
{
	int saved = errno_get();
	struct endpoint endpoint;
	struct decision decision;
	struct report report;

	if (descriptor_state(fd) == DESCRIPTOR_OPENED) {
		endpoint = client_endpoint(address, length);
		policy_decide(policy, &endpoint, &decision);
		report_begin(&report, "connect", fd, &endpoint);
		change(fd, &base, &decision, &report);
		report_end(&report);
		descriptor_become(fd, DESCRIPTOR_CLIENT);
	} else if (kernel_says_tcp(fd)) {
		endpoint = client_endpoint(address, length);
		adopt(fd, "connect", &endpoint);
		descriptor_become(fd, DESCRIPTOR_FOREIGN_CLIENT);
	}
	errno_set(saved);
}

/* Settings for listeners alone, unless the program has set them. */
static void set_what_listeners_get(int fd, const struct decision *decision, struct report *report)
{
	for (size_t id = 0; id < OPTIONS; id++) {
		if (option_table[id].moment != MOMENT_LISTENING || !decision->choice[id].configured)
			continue;
		if (decision->override.configured || get_option(fd, id) == policy->kernel.number[id])
			set_option(fd, id, decision, report);
		else
			report_left(report, &option_table[id]);
	}
}

/* Finds out what a descriptor is that is, or is to be, a listener, where that is not known. */
static enum descriptor_state state_of_listener(int fd, const char *moment)
{
	enum descriptor_state state = descriptor_state(fd);
	struct endpoint endpoint;

	/* One that did not listen may have gone, and a listener come under its number. */
	if (state > DESCRIPTOR_FOREIGN_CLIENT && descriptor_byte(fd) != DESCRIPTOR_OTHER)
		return state;
	if (!kernel_says_tcp(fd)) {
		descriptor_set(fd, DESCRIPTOR_OTHER);
		descriptor_mark(fd, DESCRIPTOR_SET);
		return DESCRIPTOR_OTHER;
	}
	endpoint = listener_endpoint(fd);
	adopt(fd, moment, &endpoint);
	descriptor_become(fd, DESCRIPTOR_FOREIGN_LISTENER);
	return DESCRIPTOR_FOREIGN_LISTENER;
}

static void listening_on_tcp(int fd, enum descriptor_state state)
{
	struct endpoint endpoint = listener_endpoint(fd);
	struct decision decision;
	struct report report;

	policy_decide(policy, &endpoint, &decision);
	report_begin(&report, "listen", fd, &endpoint);
	if (state == DESCRIPTOR_OPENED) {
		change(fd, &base, &decision, &report);
		descriptor_become(fd, DESCRIPTOR_LISTENER);
	}
	set_what_listeners_get(fd, &decision, &report);
	report_end(&report);
}

void socket_listening(int fd)
{
	int saved = errno_get();
	enum descriptor_state state = descriptor_state(fd);

	if (state == DESCRIPTOR_OTHER)
		descriptor_mark(fd, DESCRIPTOR_SET);
	else
		state = state_of_listener(fd, "listen");
	if (state == DESCRIPTOR_OPENED || state == DESCRIPTOR_FOREIGN_LISTENER)
		listening_on_tcp(fd, state);
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
		if (decision.override.configured || is_as_left(listener, id, &of_listener))
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
	bool foreign = state == DESCRIPTOR_FOREIGN_LISTENER, other = state == DESCRIPTOR_OTHER;
	struct endpoint endpoint;
	struct report report;

	descriptor_set(fd, other ? DESCRIPTOR_OTHER : DESCRIPTOR_ACCEPTED);
	if (foreign || (!other && sockets_moments & RULES_AT_ACCEPT)) {
		endpoint = accepted_endpoint(fd);
		report_begin(&report, "accept", fd, &endpoint);
		/* The queue keeps its order: behind the first that inherited all, each one has. */
		if (!settle(listener, fd, foreign, &report) && foreign)
			descriptor_become(listener, DESCRIPTOR_LISTENER);
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

static void put_back(int fd, size_t id)
{
	enum descriptor_state state = descriptor_state(fd);
	struct endpoint endpoint = endpoint_of(fd, state);
	struct decision decision;
	struct report report;

	policy_decide(policy, &endpoint, &decision);
	if (!decision.override.configured || !decision.choice[id].configured)
		return;
	if (option_table[id].moment == MOMENT_LISTENING && endpoint.role != ROLE_SERVER)
		return;
	if (get_option(fd, id) == decision.choice[id].number)
		return;
	report_begin(&report, "override", fd, &endpoint);
	set_option(fd, id, &decision, &report);
	report_end(&report);
}

void socket_option_set_otherwise(int fd, int level, int name)
{
	enum descriptor_state state = descriptor_state(fd);
	bool own = state == DESCRIPTOR_OPENED || state == DESCRIPTOR_CLIENT;
	size_t id = find_option(level, name);
	int saved = errno_get();

	if (id == OPTIONS || state == DESCRIPTOR_OTHER)
		return;
	if (state >= DESCRIPTOR_OPENED)
		descriptor_mark(fd, bit_of_option(id));
	if (sockets_override && (own || kernel_says_tcp(fd)))
		put_back(fd, id);
	errno_set(saved);
}

bool socket_inherited(int fd)
{
	struct endpoint endpoint;
	bool listening;

	errno_set(0);
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
