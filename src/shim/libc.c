/* The only file that knows dlsym. */
#define _GNU_SOURCE
#include "shim/libc.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "shim/kernel.h"
#include "shim/objects.h"

/*
 * Weak, and without versions because no C library is linked: the file loads into programs of any
 * glibc or musl, and into those that have no C library at all. Where one is missing it is NULL.
 */
#pragma weak dlsym
#pragma weak getauxval
#pragma weak environ
#pragma weak __errno_location

/* Where the kernel left the arguments, as glibc's loader says. */
extern void *__libc_stack_end;
#pragma weak __libc_stack_end

#ifdef SYS_fstat64
#undef SYS_fstat
#define SYS_fstat SYS_fstat64
#endif

enum next {
	NEXT_SOCKET,
	NEXT_CONNECT,
	NEXT_LISTEN,
	NEXT_ACCEPT,
	NEXT_ACCEPT4,
	NEXT_SETSOCKOPT,
	NEXT_GETSOCKOPT,
	NEXTS,
};

typedef void (*function)(void);

static const char next_name[NEXTS][12] = {
	[NEXT_SOCKET] = "socket",         [NEXT_CONNECT] = "connect",
	[NEXT_LISTEN] = "listen",         [NEXT_ACCEPT] = "accept",
	[NEXT_ACCEPT4] = "accept4",       [NEXT_SETSOCKOPT] = "setsockopt",
	[NEXT_GETSOCKOPT] = "getsockopt",
};

/* NULL until found; whoever needs one first finds it, and all who look find the same. */
static _Atomic(function) found[NEXTS];

/* The thread that is in dlsym for us, by its id. */
static atomic_long finder;

int errno_get(void)
{
	return __errno_location ? *__errno_location() : 0;
}

void errno_set(int value)
{
	if (__errno_location)
		*__errno_location() = value;
}

/*
 * The environment as the kernel laid it out: behind the number of arguments, the arguments, and a
 * NULL. For those who come before the C library has set up its own pointer to it.
 */
static char *const *environment_of_kernel(void)
{
	const long *arguments = &__libc_stack_end ? __libc_stack_end : NULL;

	return arguments ? (char *const *)(arguments + 1 + *arguments + 1) : NULL;
}

char *const *environment_variables(void)
{
	/* Without getauxval nobody can say that the mode is not secure. */
	if (!getauxval || getauxval(AT_SECURE))
		return NULL;
	return &environ && environ ? environ : environment_of_kernel();
}

static long call(long number, long a, long b, long c, long d, long e)
{
	long result = kernel_call(number, a, b, c, d, e);

	if (result >= 0)
		return result;
	errno_set((int)-result);
	return -1;
}

long system_call(long number, long a, long b, long c, long d)
{
	return call(number, a, b, c, d, 0);
}

const char *program_as_called(void)
{
	return getauxval ? (const char *)getauxval(AT_EXECFN) : NULL;
}

/* The kernel reads a set of signals before it finds that there is no such way to change it. */
static bool word_is_readable(const char *at)
{
	enum { NO_SUCH_WAY = ~0, SIZE = 8 };

	return system_call(SYS_rt_sigprocmask, NO_SUCH_WAY, (long)at, 0, SIZE) < 0 &&
	       errno_get() == EINVAL;
}

bool memory_is_readable(const void *at, size_t length)
{
	const char *begin = at;

	return at && length >= 8 && word_is_readable(begin) && word_is_readable(begin + length - 8);
}

_Static_assert(sizeof(((struct stat *)0)->st_size) == 8, "struct stat is the kernel's");

bool file_status(int fd, struct stat *file)
{
	return !system_call(SYS_fstat, fd, (long)file, 0, 0);
}

static int socket_call(int domain, int type, int protocol)
{
	return (int)system_call(SYS_socket, domain, type, protocol, 0);
}

static int connect_call(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)system_call(SYS_connect, fd, (long)address, (long)length, 0);
}

static int listen_call(int fd, int backlog)
{
	return (int)system_call(SYS_listen, fd, backlog, 0, 0);
}

static int accept4_call(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return (int)system_call(SYS_accept4, fd, (long)address, (long)length, flags);
}

static int accept_call(int fd, struct sockaddr *address, socklen_t *length)
{
	return accept4_call(fd, address, length, 0);
}

static int setsockopt_call(int fd, int level, int name, const void *value, socklen_t length)
{
	return (int)call(SYS_setsockopt, fd, level, name, (long)value, (long)length);
}

static int getsockopt_call(int fd, int level, int name, void *value, socklen_t *length)
{
	return (int)call(SYS_getsockopt, fd, level, name, (long)value, (long)length);
}

static const function fallback[NEXTS] = {
	[NEXT_SOCKET] = (function)socket_call,         [NEXT_CONNECT] = (function)connect_call,
	[NEXT_LISTEN] = (function)listen_call,         [NEXT_ACCEPT] = (function)accept_call,
	[NEXT_ACCEPT4] = (function)accept4_call,       [NEXT_SETSOCKOPT] = (function)setsockopt_call,
	[NEXT_GETSOCKOPT] = (function)getsockopt_call,
};

/*
 * Looks one up, for this thread and all others. A shim that hooks dlsym itself can hand us what comes
 * behind *it*: our own function, for example.
 */
static void look_up(enum next which)
{
	void *it = dlsym ? dlsym(RTLD_NEXT, next_name[which]) : NULL;

	if (!it || !objects_is_behind(it))
		it = objects_next(next_name[which]);
	atomic_store_explicit(&found[which], it ? (function)it : fallback[which],
			      memory_order_release);
}

/*
 * dlsym may allocate, an allocator may be a program's own, and that may open a socket: whoever
 * comes back here from within dlsym gets the system calls. Where two threads look at once the
 * second is not watched, which does no harm unless both come back.
 */
static function find_from(enum next first, enum next last)
{
	long self = system_call(SYS_gettid, 0, 0, 0, 0);
	long nobody = 0;
	int saved = errno_get();
	bool mine;

	if (atomic_load(&finder) == self)
		return fallback[first];
	mine = atomic_compare_exchange_strong(&finder, &nobody, self);
	for (enum next which = first; which <= last; which++)
		look_up(which);
	if (mine)
		atomic_store(&finder, 0);
	errno_set(saved);
	return atomic_load_explicit(&found[first], memory_order_acquire);
}

static inline function next(enum next which)
{
	function it = atomic_load_explicit(&found[which], memory_order_acquire);

	return __builtin_expect(it != NULL, 1) ? it : find_from(which, which);
}

void next_find_all(void)
{
	find_from(0, NEXTS - 1);
}

int next_socket(int domain, int type, int protocol)
{
	return ((__typeof__(&socket_call))next(NEXT_SOCKET))(domain, type, protocol);
}

int next_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return ((__typeof__(&connect_call))next(NEXT_CONNECT))(fd, address, length);
}

int next_listen(int fd, int backlog)
{
	return ((__typeof__(&listen_call))next(NEXT_LISTEN))(fd, backlog);
}

int next_accept(int fd, struct sockaddr *address, socklen_t *length)
{
	return ((__typeof__(&accept_call))next(NEXT_ACCEPT))(fd, address, length);
}

int next_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return ((__typeof__(&accept4_call))next(NEXT_ACCEPT4))(fd, address, length, flags);
}

int next_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	return ((__typeof__(&setsockopt_call))next(NEXT_SETSOCKOPT))(fd, level, name, value, length);
}

int next_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	return ((__typeof__(&getsockopt_call))next(NEXT_GETSOCKOPT))(fd, level, name, value, length);
}
