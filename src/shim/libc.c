/* The only file that knows dlsym. */
#define _GNU_SOURCE
#include "shim/libc.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "shim/calls.h"
#include "shim/objects.h"

/*
 * Weak, and without versions because no C library is linked: the file loads into programs of any
 * glibc or musl, and into those that have no C library at all. Where one is missing it is NULL.
 */
#pragma weak dlsym

enum real {
	REAL_SOCKET,
	REAL_CONNECT,
	REAL_LISTEN,
	REAL_ACCEPT,
	REAL_ACCEPT4,
	REAL_SETSOCKOPT,
	REAL_GETSOCKOPT,
	REAL_CLOSE,
	REAL_DUP,
	REAL_DUP2,
	REAL_DUP3,
	REAL_FCNTL,
	REAL_FCNTL64,
	REAL_FORK,
	REAL__FORK,
	REAL_PRCTL,
#if __SIZEOF_LONG__ == 4
	REAL_SETSOCKOPT64,
	REAL_FCNTL_TIME64,
	REAL_PRCTL_TIME64,
#endif
	REALS,
};

_Static_assert((int)REALS <= OBJECT_NAMES, "all are looked for in one walk");

typedef void (*function)(void);

static const char real_name[REALS][OBJECT_NAME_SIZE] = {
	[REAL_SOCKET] = "socket",
	[REAL_CONNECT] = "connect",
	[REAL_LISTEN] = "listen",
	[REAL_ACCEPT] = "accept",
	[REAL_ACCEPT4] = "accept4",
	[REAL_SETSOCKOPT] = "setsockopt",
	[REAL_GETSOCKOPT] = "getsockopt",
	[REAL_CLOSE] = "close",
	[REAL_DUP] = "dup",
	[REAL_DUP2] = "dup2",
	[REAL_DUP3] = "dup3",
	[REAL_FCNTL] = "fcntl",
	[REAL_FCNTL64] = "fcntl64",
	[REAL_FORK] = "fork",
	[REAL__FORK] = "_Fork",
	[REAL_PRCTL] = "prctl",
#if __SIZEOF_LONG__ == 4
	[REAL_SETSOCKOPT64] = "__setsockopt64",
	[REAL_FCNTL_TIME64] = "__fcntl_time64",
	[REAL_PRCTL_TIME64] = "__prctl_time64",
#endif
};

/* NULL until found; whoever needs one first finds it, and all who look find the same. */
static _Atomic(function) found[REALS];

/* The threads that are in dlsym for us, by their numbers; 0: a free place. */
enum { FINDERS = 8 };
static atomic_uintptr_t finders[FINDERS];

static const function fallback[REALS] = {
	[REAL_SOCKET] = (function)socket_call,
	[REAL_CONNECT] = (function)connect_call,
	[REAL_LISTEN] = (function)listen_call,
	[REAL_ACCEPT] = (function)accept_call,
	[REAL_ACCEPT4] = (function)accept4_call,
	[REAL_SETSOCKOPT] = (function)setsockopt_call,
	[REAL_GETSOCKOPT] = (function)getsockopt_call,
	[REAL_CLOSE] = (function)close_call,
	[REAL_DUP] = (function)dup_call,
	[REAL_DUP2] = (function)dup2_call,
	[REAL_DUP3] = (function)dup3_call,
	[REAL_FCNTL] = (function)fcntl_call,
	[REAL_FCNTL64] = (function)fcntl_call,
	[REAL_FORK] = (function)fork_call,
	[REAL__FORK] = (function)fork_call,
	[REAL_PRCTL] = (function)prctl_call,
#if __SIZEOF_LONG__ == 4
	[REAL_SETSOCKOPT64] = (function)setsockopt_call,
	[REAL_FCNTL_TIME64] = (function)fcntl_call,
	[REAL_PRCTL_TIME64] = (function)prctl_call,
#endif
};

/* Not every C library has them: a dlsym() in vain would be seen by the program's dlerror(). */
static bool may_be_missing(enum real which)
{
	return which == REAL_FCNTL64 || which == REAL__FORK || which > REAL_PRCTL;
}

/*
 * What dlsym says of one that the objects do not tell. A shim that hooks dlsym itself can hand us
 * what follows *it*: our own function, for example.
 */
static void *ask_loader(enum real which)
{
	void *it = dlsym && !may_be_missing(which) ? dlsym(RTLD_NEXT, real_name[which]) : NULL;

	return it && objects_is_after_us(it) ? it : NULL;
}

/* Looks all of them up, for this thread and all others. */
static void look_up(void)
{
	void *next[REALS], *guessed[REALS];

	objects_next(real_name, next, guessed, REALS);
	for (enum real which = 0; which < REALS; which++) {
		void *it = next[which] ? next[which] : ask_loader(which);

		if (!it)
			it = guessed[which];
		atomic_store_explicit(&found[which], it ? (function)it : fallback[which],
				      memory_order_release);
	}
}

/* The place where this thread stands, or a free one that it has taken; NULL: there is none. */
static atomic_uintptr_t *place_among_finders(uintptr_t self, bool *was_there)
{
	*was_there = false;
	for (int i = 0; i < FINDERS; i++)
		if (atomic_load(&finders[i]) == self) {
			*was_there = true;
			return &finders[i];
		}
	for (int i = 0; i < FINDERS; i++) {
		uintptr_t nobody = 0;

		if (atomic_compare_exchange_strong(&finders[i], &nobody, self))
			return &finders[i];
	}
	return NULL;
}

/*
 * dlsym may allocate, an allocator may be a program's own, and that may open a socket: whoever
 * comes back here from within dlsym gets the system calls. A ninth thread that looks at the same
 * time is not watched, which does no harm unless it comes back.
 */
static function find(enum real which)
{
	int saved = errno_get();
	bool was_there;
	atomic_uintptr_t *place = place_among_finders(thread_number(), &was_there);

	if (was_there)
		return fallback[which];
	look_up();
	if (place)
		atomic_store(place, 0);
	errno_set(saved);
	return atomic_load_explicit(&found[which], memory_order_acquire);
}

void real_forget_finders(void)
{
	uintptr_t self = thread_number();

	for (int i = 0; i < FINDERS; i++)
		if (atomic_load(&finders[i]) != self)
			atomic_store(&finders[i], 0);
}

static inline function real(enum real which)
{
	function it = atomic_load_explicit(&found[which], memory_order_acquire);

	return __builtin_expect(it != NULL, 1) ? it : find(which);
}

void real_find_all(void)
{
	find(REAL_SOCKET);
}

int real_socket(int domain, int type, int protocol)
{
	return ((__typeof__(&socket_call))real(REAL_SOCKET))(domain, type, protocol);
}

int real_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return ((__typeof__(&connect_call))real(REAL_CONNECT))(fd, address, length);
}

int real_listen(int fd, int backlog)
{
	return ((__typeof__(&listen_call))real(REAL_LISTEN))(fd, backlog);
}

int real_accept(int fd, struct sockaddr *address, socklen_t *length)
{
	return ((__typeof__(&accept_call))real(REAL_ACCEPT))(fd, address, length);
}

int real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return ((__typeof__(&accept4_call))real(REAL_ACCEPT4))(fd, address, length, flags);
}

int real_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	return ((__typeof__(&setsockopt_call))real(REAL_SETSOCKOPT))(fd, level, name, value,
								     length);
}

int real_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	return ((__typeof__(&getsockopt_call))real(REAL_GETSOCKOPT))(fd, level, name, value,
								     length);
}

int real_close(int fd)
{
	return ((__typeof__(&close_call))real(REAL_CLOSE))(fd);
}

int real_dup(int fd)
{
	return ((__typeof__(&dup_call))real(REAL_DUP))(fd);
}

int real_dup2(int fd, int copy)
{
	return ((__typeof__(&dup2_call))real(REAL_DUP2))(fd, copy);
}

int real_dup3(int fd, int copy, int flags)
{
	return ((__typeof__(&dup3_call))real(REAL_DUP3))(fd, copy, flags);
}

int real_fcntl(int fd, int command, void *argument)
{
	return ((__typeof__(&fcntl_call))real(REAL_FCNTL))(fd, command, argument);
}

int real_fcntl64(int fd, int command, void *argument)
{
	return ((__typeof__(&fcntl_call))real(REAL_FCNTL64))(fd, command, argument);
}

pid_t real_fork(void)
{
	return ((__typeof__(&fork_call))real(REAL_FORK))();
}

pid_t real__Fork(void)
{
	return ((__typeof__(&fork_call))real(REAL__FORK))();
}

int real_prctl(int option, const unsigned long argument[4])
{
	return ((__typeof__(&prctl_call))real(REAL_PRCTL))(option, argument[0], argument[1],
							   argument[2], argument[3]);
}

#if __SIZEOF_LONG__ == 4

int real_setsockopt64(int fd, int level, int name, const void *value, socklen_t length)
{
	return ((__typeof__(&setsockopt_call))real(REAL_SETSOCKOPT64))(fd, level, name, value,
								       length);
}

int real_fcntl_time64(int fd, int command, void *argument)
{
	return ((__typeof__(&fcntl_call))real(REAL_FCNTL_TIME64))(fd, command, argument);
}

int real_prctl_time64(int option, const unsigned long argument[4])
{
	return ((__typeof__(&prctl_call))real(REAL_PRCTL_TIME64))(option, argument[0], argument[1],
								  argument[2], argument[3]);
}

#endif

/* A function that most programs have not loaded; NULL where there is none. */
static function find_optional(const char (*name)[OBJECT_NAME_SIZE])
{
	void *it, *guessed;

	objects_next(name, &it, &guessed, 1);
	if (!it && dlsym)
		it = dlsym(RTLD_NEXT, *name);
	return (function)(it ? it : guessed);
}

int real_seccomp_load(const void *filter)
{
	static const char name[OBJECT_NAME_SIZE] = "seccomp_load";
	int (*it)(const void *) = (__typeof__(it))find_optional(&name);

	return it ? it(filter) : -ENOSYS;
}

int real_seccomp_attr_get(const void *filter, int attribute, uint32_t *value)
{
	static const char name[OBJECT_NAME_SIZE] = "seccomp_attr_get";
	int (*it)(const void *, int, uint32_t *) = (__typeof__(it))find_optional(&name);

	return it ? it(filter, attribute, value) : -ENOSYS;
}
