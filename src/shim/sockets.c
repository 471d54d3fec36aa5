/* What is done to the program's sockets; the only file that sets anything on them. */
#include "shim/sockets.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include "shim/libc.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* type is one of the kinds of socket in its low four bits, SOCK_NONBLOCK and such above. */
enum { TYPE_MASK = 0xf };

/* An option that is to be set, with what it reads as long as nobody has set it. */
struct wanted {
	const struct option *option;
	int ours;
	int fresh;
};

/* Of all descriptors; the inline functions beside its declaration read and write it. */
atomic_uchar descriptor_states[DESCRIPTORS];

/* Written once, before the hooks read it. */
static struct wanted wanted[OPTIONS];
static int wanted_count;

void sockets_configure(const struct value *values, const struct kernel_values *kernel)
{
	wanted_count = 0;
	for (size_t id = 0; id < OPTIONS; id++)
		if (values[id].state == VALUE_SET)
			wanted[wanted_count++] = (struct wanted){
				&option_table[id], values[id].number, kernel->number[id]
			};
}

/* -1 where the kernel does not tell. */
static int get(int fd, int level, int name)
{
	int value = -1;
	socklen_t length = sizeof value;

	return next_getsockopt(fd, level, name, &value, &length) ? -1 : value;
}

static int get_option(int fd, const struct wanted *it)
{
	return get(fd, it->option->level, it->option->name);
}

static bool set_option(int fd, const struct wanted *it)
{
	return !next_setsockopt(fd, it->option->level, it->option->name, &it->ours, sizeof it->ours);
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

static bool is_timing_of_keepalive(const struct option *option)
{
	size_t id = (size_t)(option - option_table);

	return id == OPTION_IDLE || id == OPTION_INTERVAL || id == OPTION_COUNT;
}

/*
 * Sets what still reads as on a fresh socket, on one that somebody else made: anything else is
 * somebody's choice. Where keepalive is off nobody has chosen its timing, whatever it reads.
 */
static void set_where_fresh(int fd)
{
	bool keepalive_off = get(fd, SOL_SOCKET, SO_KEEPALIVE) == 0;

	for (int i = 0; i < wanted_count; i++) {
		const struct wanted *it = &wanted[i];

		if (it->option->moment == MOMENT_LISTENING)
			continue;
		if ((keepalive_off && is_timing_of_keepalive(it->option)) ||
		    get_option(fd, it) == it->fresh)
			set_option(fd, it);
	}
}

static void set_what_listeners_get(int fd)
{
	for (int i = 0; i < wanted_count; i++)
		if (wanted[i].option->moment == MOMENT_LISTENING &&
		    get_option(fd, &wanted[i]) == wanted[i].fresh)
			set_option(fd, &wanted[i]);
}

/* Finds out what an unknown descriptor is, and adopts it where it is a TCP socket. */
static enum descriptor_state ask_and_adopt(int fd)
{
	enum descriptor_state state = DESCRIPTOR_FOREIGN;
	int saved = errno_get();

	if (kernel_says_tcp(fd)) {
		set_where_fresh(fd);
		state = DESCRIPTOR_ADOPTED;
	}
	descriptor_set(fd, state);
	errno_set(saved);
	return state;
}

static inline enum descriptor_state state_after_asking(int fd)
{
	enum descriptor_state state = descriptor_state(fd);

	return state == DESCRIPTOR_UNKNOWN ? ask_and_adopt(fd) : state;
}

void socket_opened(int fd, int domain, int type, int protocol)
{
	int saved;

	if (!is_internet(domain) || (type & TYPE_MASK) != SOCK_STREAM || !is_tcp(protocol)) {
		descriptor_set(fd, DESCRIPTOR_FOREIGN);
		return;
	}
	saved = errno_get();
	for (int i = 0; i < wanted_count; i++)
		if (wanted[i].option->moment != MOMENT_LISTENING)
			set_option(fd, &wanted[i]);
	descriptor_set(fd, DESCRIPTOR_OURS);
	errno_set(saved);
}

void socket_connecting_unknown(int fd)
{
	ask_and_adopt(fd);
}

void socket_listening(int fd)
{
	int saved = errno_get();

	if (state_after_asking(fd) != DESCRIPTOR_FOREIGN)
		set_what_listeners_get(fd);
	errno_set(saved);
}

/*
 * A connection of an adopted listener either inherited our settings, or was there before the
 * listener had them: then it differs from the listener, which still reads as we left it. Where
 * the listener reads something else the program has set that itself. False: nothing was to be set.
 */
static bool set_like_listener(int listener, int fd)
{
	int saved = errno_get();
	bool any = false;

	for (int i = 0; i < wanted_count; i++) {
		const struct wanted *it = &wanted[i];

		if (it->option->moment == MOMENT_ANY && get_option(fd, it) != it->ours &&
		    get_option(listener, it) == it->ours)
			any |= set_option(fd, it);
	}
	errno_set(saved);
	return any;
}

void socket_accepted_otherwise(int listener, int fd)
{
	enum descriptor_state state = state_after_asking(listener);

	descriptor_set(fd, state == DESCRIPTOR_FOREIGN ? DESCRIPTOR_FOREIGN : DESCRIPTOR_OURS);
	/* The queue keeps its order: behind the first that inherited all, each one has. */
	if (state == DESCRIPTOR_ADOPTED && !set_like_listener(listener, fd))
		descriptor_set(listener, DESCRIPTOR_OURS);
}

void socket_inherited(int fd)
{
	state_after_asking(fd);
}
