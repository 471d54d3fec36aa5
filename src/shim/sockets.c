/* What each hook means for a socket: its state, and what is set on it. See the table in DESIGN. */
#include "shim/sockets.h"

#include "shim/apply.h"
#include "shim/ask.h"
#include "shim/ends.h"
#include "shim/forward.h"
#include "shim/libc.h"
#include "shim/setting.h"
#include "shim/status.h"

enum { STATUS_KIND = 0170000, STATUS_SOCKET = 0140000 };

unsigned int sockets_stages;

/* Settings of the program may be overridden. */
static bool overrides;

void sockets_configure(const struct policy *policy)
{
	sockets_stages = rules_stages(&policy->rules);
	overrides = policy_overrides(policy);
	apply_configure(policy);
	/* Options may be set later than at socket(), so those that the program sets must be noted.
	 */
	forward_configure(sockets_stages, sockets_stages || overrides || apply_sets_listeners());
}

/*
 * close() was called on the number. If that was here, the number may be another socket's now; if it
 * was in a child of vfork(), the socket is the same. A socket with our settings is ours. If values
 * cannot tell, a socket with keepalive off is ours if the program had switched it off.
 */
static bool is_still_ours(int fd, unsigned int entry)
{
	enum descriptor_state state = (enum descriptor_state)(entry & DESCRIPTOR_STATE);

	if (state == DESCRIPTOR_OTHER)
		return false;
	if (apply_tells_own())
		return state >= DESCRIPTOR_OPENED && ask_is_tcp(fd) && apply_seems_own(fd);
	return entry & DESCRIPTOR_MUTED && ask_is_tcp(fd) && ask_option(fd, OPTION_KEEPALIVE) == 0;
}

/*
 * Returns the state of a descriptor; if it was marked closed, after asking the kernel. A listener
 * then becomes a foreign one: another thread may just have configured a new socket, in whose queue
 * older connections wait.
 */
static enum descriptor_state find_state(int fd)
{
	unsigned int entry = descriptor_entry(fd);
	enum descriptor_state state = (enum descriptor_state)(entry & DESCRIPTOR_STATE);

	if (!(entry & DESCRIPTOR_CLOSED))
		return state;
	if (is_still_ours(fd, entry))
		descriptor_become(fd, state == DESCRIPTOR_LISTENER ? DESCRIPTOR_FOREIGN_LISTENER
								   : state);
	else
		descriptor_set(fd, DESCRIPTOR_UNKNOWN);
	return descriptor_state(fd);
}

void socket_opened(int fd, int domain, int type, int protocol)
{
	int saved = errno_get();
	bool tcp = is_tcp_socket(domain, type, protocol);

	if (tcp)
		setting_set_base(fd);
	descriptor_set(fd, tcp ? DESCRIPTOR_OPENED : DESCRIPTOR_OTHER);
	errno_set(saved);
}

static void connect_own(int fd, const struct sockaddr *address, socklen_t length)
{
	if (sockets_stages & RULES_AT_CONNECT) {
		struct event event = { "connect", fd, ends_of_client(fd, address, length), 0 };

		apply_to_own(&event);
	}
	descriptor_become(fd, DESCRIPTOR_CLIENT);
}

static void connect_foreign(int fd, const struct sockaddr *address, socklen_t length)
{
	struct event event = { "connect", fd, ends_of_client(fd, address, length), 0 };

	apply_to_foreign(&event);
	descriptor_become(fd, DESCRIPTOR_FOREIGN_CLIENT);
}

void socket_connecting(int fd, const struct sockaddr *address, socklen_t length)
{
	int saved = errno_get();
	enum descriptor_state state = find_state(fd);

	if (state == DESCRIPTOR_OPENED)
		connect_own(fd, address, length);
	else if (state <= DESCRIPTOR_FOREIGN_CLIENT && ask_is_tcp(fd))
		connect_foreign(fd, address, length);
	errno_set(saved);
}

void socket_connecting_by_message(int fd, const struct msghdr *message)
{
	struct msghdr copy = { 0 };
	int saved = errno_get();

	if (ends_name_destination() && ask_is_readable(fd, message, sizeof copy))
		copy = *message;
	socket_connecting(fd, copy.msg_name, copy.msg_namelen);
	errno_set(saved);
}

/* For a listener that did not come from our socket(). */
static void configure_foreign_listener(int fd, const char *hook)
{
	struct event event = { hook, fd, ends_of_listener(fd), 0 };

	/*
	 * Connections may wait in its queue: settings of the program from now on concern them too.
	 */
	forward_end_for_options();
	apply_to_foreign(&event);
	descriptor_become(fd, DESCRIPTOR_FOREIGN_LISTENER);
}

/* For a socket that did not come from our socket(), and that listens or is about to. */
static enum descriptor_state adopt_listener(int fd, const char *hook)
{
	if (!ask_is_tcp(fd)) {
		descriptor_set(fd, DESCRIPTOR_OTHER);
		descriptor_mark(fd, DESCRIPTOR_LISTENED);
		return DESCRIPTOR_OTHER;
	}
	configure_foreign_listener(fd, hook);
	return DESCRIPTOR_FOREIGN_LISTENER;
}

void socket_listening(int fd)
{
	int saved = errno_get();
	enum descriptor_state state = find_state(fd);
	bool own = state == DESCRIPTOR_OPENED || state == DESCRIPTOR_CLIENT;

	if (state == DESCRIPTOR_OTHER)
		descriptor_mark(fd, DESCRIPTOR_LISTENED);
	else if (state <= DESCRIPTOR_FOREIGN_CLIENT)
		state = adopt_listener(fd, "listen");
	if (own || state == DESCRIPTOR_FOREIGN_LISTENER) {
		struct event event = { "listen", fd, ends_of_listener(fd), 0 };

		apply_to_listener(&event, own);
		if (own)
			descriptor_become(fd, DESCRIPTOR_LISTENER);
	}
	errno_set(saved);
}

/*
 * Returns the state of the socket on which accept() succeeded, so it listens. If the table says
 * otherwise, either the number was closed unseen and now belongs to a foreign listener, or another
 * thread has closed the listener meanwhile and the number belongs to a socket that does not listen:
 * UNKNOWN.
 */
static enum descriptor_state state_of_listener(int fd)
{
	enum descriptor_state state = find_state(fd);

	if (state == DESCRIPTOR_LISTENER || state == DESCRIPTOR_FOREIGN_LISTENER ||
	    (state == DESCRIPTOR_OTHER && descriptor_entry(fd) & DESCRIPTOR_LISTENED))
		return state;
	if (state != DESCRIPTOR_UNKNOWN && !ask_is_listening(fd))
		return DESCRIPTOR_UNKNOWN;
	return adopt_listener(fd, "accept");
}

/* For a connection whose listener no longer exists. */
static void adopt_accepted(int fd)
{
	struct event event = { "accept", fd, { 0 }, 0 };
	bool tcp = ask_is_tcp(fd);

	descriptor_set(fd, tcp ? DESCRIPTOR_ACCEPTED : DESCRIPTOR_OTHER);
	if (!tcp)
		return;
	event.endpoint = ends_of_accepted(fd);
	apply_to_foreign(&event);
}

/*
 * Goes by `before`, not by the current entry of the listener, which another thread may have changed
 * during accept(). accept() is FIFO: once a connection has inherited everything, all later ones
 * have too.
 */
static void accepted_from(int listener, unsigned int before, int fd)
{
	bool older = descriptor_state_in(before) != DESCRIPTOR_LISTENER;

	descriptor_set(fd, DESCRIPTOR_ACCEPTED);
	if (older || sockets_stages & RULES_AT_ACCEPT) {
		struct event event = { "accept", fd, ends_of_accepted(fd), 0 };

		if (!apply_to_accepted(&event, listener, older) &&
		    descriptor_state_in(before) == DESCRIPTOR_FOREIGN_LISTENER)
			descriptor_become(listener, DESCRIPTOR_LISTENER);
	}
}

void socket_accepted(int listener, unsigned int before, int fd)
{
	int saved = errno_get();
	enum descriptor_state state = state_of_listener(listener);

	if (state == DESCRIPTOR_OTHER)
		descriptor_set(fd, DESCRIPTOR_OTHER);
	else if (state == DESCRIPTOR_UNKNOWN)
		adopt_accepted(fd);
	else
		accepted_from(listener, before, fd);
	errno_set(saved);
}

static size_t find_option(int level, int name)
{
	size_t id = 0;

	while (id < OPTIONS && (option_table[id].level != level || option_table[id].name != name))
		id++;
	return id;
}

static void override(int fd, enum descriptor_state state, size_t id)
{
	bool own = state == DESCRIPTOR_OPENED || state == DESCRIPTOR_CLIENT;

	if (own || ask_is_tcp(fd)) {
		struct event event = { "override", fd, ends_by_state(fd, state), id };

		apply_override(&event);
	}
}

/* The value can be read: the kernel has accepted it. */
static void note_keepalive(int fd, const void *value)
{
	const char *byte = value;

	if (byte[0] | byte[1] | byte[2] | byte[3])
		descriptor_unmark(fd, DESCRIPTOR_MUTED);
	else
		descriptor_mark(fd, DESCRIPTOR_MUTED);
}

void socket_option_set(int fd, int level, int name, const void *value)
{
	int saved = errno_get();
	size_t id = find_option(level, name);
	enum descriptor_state state;

	if (id == OPTIONS || forwards_option(level, name))
		return;
	state = find_state(fd);
	if (state != DESCRIPTOR_OTHER) {
		descriptor_mark(fd, descriptor_option(id));
		if (id == OPTION_KEEPALIVE)
			note_keepalive(fd, value);
	}
	if (overrides && state != DESCRIPTOR_OTHER)
		override(fd, state, id);
	errno_set(saved);
}

/* For a socket that does not listen. If it is not connected, its role is unknown. */
static void configure_inherited(int fd)
{
	struct event event = { "start", fd, ends_of_accepted(fd), 0 };

	if (!event.endpoint.remote_known && sockets_stages)
		event.endpoint = (struct endpoint){ 0 };
	apply_to_foreign(&event);
	descriptor_set(fd, DESCRIPTOR_ACCEPTED);
}

bool socket_inherited(int fd)
{
	struct file_status status;

	if (file_status(fd, &status) < 0)
		return false;
	if ((status.mode & STATUS_KIND) != STATUS_SOCKET || !ask_is_tcp(fd))
		return true;
	if (ask_is_listening(fd))
		configure_foreign_listener(fd, "start");
	else
		configure_inherited(fd);
	return true;
}
