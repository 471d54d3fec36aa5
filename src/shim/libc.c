/* The only file that knows dlsym. */
#define _GNU_SOURCE
#include "shim/libc.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "shim/objects.h"

/*
 * Weak and unversioned, because no C library is linked: the file loads into programs of any glibc
 * or musl, and into those without a C library. A function that is missing is NULL.
 */
#pragma weak dlsym

_Static_assert((int)REALS <= OBJECT_NAMES, "all are looked for in one walk");

/*
 * The name of each function, and the system call that replaces it if no library has it. Rows of 32
 * bytes, as the linker aligns tables of pointers: with other sizes the data can end at the end of a
 * page; the loader then reads that page before it writes to it, which costs each exec a page fault
 * (5 us).
 */
static const struct {
	_Alignas(32) const char *name;
	real_function call;
	bool optional; /* not in every C library */
} table[REALS] = {
	[REAL_SOCKET] = { "socket", (real_function)socket_call, false },
	[REAL_CONNECT] = { "connect", (real_function)connect_call, false },
	[REAL_LISTEN] = { "listen", (real_function)listen_call, false },
	[REAL_ACCEPT] = { "accept", (real_function)accept_call, false },
	[REAL_ACCEPT4] = { "accept4", (real_function)accept4_call, false },
	[REAL_SENDTO] = { "sendto", (real_function)sendto_call, false },
	[REAL_SENDMSG] = { "sendmsg", (real_function)sendmsg_call, false },
	[REAL_SETSOCKOPT] = { "setsockopt", (real_function)setsockopt_call, false },
	[REAL_GETSOCKOPT] = { "getsockopt", (real_function)getsockopt_call, false },
	[REAL_CLOSE] = { "close", (real_function)close_call, false },
	[REAL_DUP] = { "dup", (real_function)dup_call, false },
	[REAL_DUP2] = { "dup2", (real_function)dup2_call, false },
	[REAL_DUP3] = { "dup3", (real_function)dup3_call, false },
	[REAL_FCNTL] = { "fcntl", (real_function)fcntl_call, false },
	[REAL_FCNTL64] = { "fcntl64", (real_function)fcntl_call, true },
	[REAL_FORK] = { "fork", (real_function)fork_call, false },
	[REAL__FORK] = { "_Fork", (real_function)fork_call, true },
	[REAL_PRCTL] = { "prctl", (real_function)prctl_call, false },
#if __SIZEOF_LONG__ == 4
	[REAL_SENDMSG64] = { "__sendmsg64", (real_function)sendmsg_call, true },
	[REAL_SETSOCKOPT64] = { "__setsockopt64", (real_function)setsockopt_call, true },
	[REAL_FCNTL_TIME64] = { "__fcntl_time64", (real_function)fcntl_call, true },
	[REAL_PRCTL_TIME64] = { "__prctl_time64", (real_function)prctl_call, true },
#endif
};

_Atomic(real_function) real_found[REALS];

/* The threads that are in dlsym() for us, by number; 0: free. */
enum { FINDERS = 8 };
static atomic_uintptr_t finders[FINDERS];

/*
 * Asks dlsym() for a function that the walk over the objects cannot tell. Not for optional ones:
 * the program's dlerror() would report that they are missing. A library that hooks dlsym() can
 * return what follows itself, for example our own function, so the result is checked.
 */
static void *ask_loader(enum real which)
{
	void *it = dlsym && !table[which].optional ? dlsym(RTLD_NEXT, table[which].name) : NULL;

	return it && objects_is_after_us(it) ? it : NULL;
}

/* Looks up all functions, for all threads. */
static void look_up(void)
{
	const char *names[REALS];
	void *next[REALS], *guessed[REALS];

	for (enum real which = 0; which < REALS; which++)
		names[which] = table[which].name;
	objects_next(names, next, guessed, REALS);
	for (enum real which = 0; which < REALS; which++) {
		void *it = next[which] ? next[which] : ask_loader(which);

		if (!it)
			it = guessed[which];
		atomic_store_explicit(&real_found[which],
				      it ? (real_function)it : table[which].call,
				      memory_order_release);
	}
}

/* Returns the entry of this thread, or a free one that it takes; NULL if there is none. */
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
 * dlsym() may allocate, the program's own allocator may open a socket, and its hook comes back
 * here: it gets the system call. A ninth thread at the same time is not tracked, which matters only
 * if it comes back.
 */
real_function real_find(enum real which)
{
	int saved = errno_get();
	bool was_there;
	atomic_uintptr_t *place = place_among_finders(thread_number(), &was_there);

	if (was_there)
		return table[which].call;
	look_up();
	if (place)
		atomic_store(place, 0);
	errno_set(saved);
	return atomic_load_explicit(&real_found[which], memory_order_acquire);
}

void real_forget_finders(void)
{
	uintptr_t self = thread_number();

	for (int i = 0; i < FINDERS; i++)
		if (atomic_load(&finders[i]) != self)
			atomic_store(&finders[i], 0);
}

void real_find_all(void)
{
	real_find(REAL_SOCKET);
}

/* Returns a function that most programs have not loaded; NULL if there is none. */
static real_function find_optional(const char *name)
{
	void *it, *guessed;

	objects_next(&name, &it, &guessed, 1);
	if (!it && dlsym)
		it = dlsym(RTLD_NEXT, name);
	return (real_function)(it ? it : guessed);
}

int real_seccomp_load(const void *filter)
{
	int (*it)(const void *) = (__typeof__(it))find_optional("seccomp_load");

	return it ? it(filter) : -ENOSYS;
}

int real_seccomp_attr_get(const void *filter, int attribute, uint32_t *value)
{
	int (*it)(const void *, int, uint32_t *) =
		(__typeof__(it))find_optional("seccomp_attr_get");

	return it ? it(filter, attribute, value) : -ENOSYS;
}
