/*
 * The real functions: what our hooks call, from the program's C library or another preloaded
 * library. Nothing here allocates or takes a lock of ours, and all of it may be called before any
 * constructor has run.
 */
#ifndef KEEPALIVE_LIBC_H
#define KEEPALIVE_LIBC_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "shim/calls.h"
#include "shim/thread.h"

/* One for each function. Its row is in libc.c; its type and system call are in calls.h. */
enum real {
	REAL_SOCKET,
	REAL_CONNECT,
	REAL_LISTEN,
	REAL_ACCEPT,
	REAL_ACCEPT4,
	REAL_SENDTO,
	REAL_SENDMSG,
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
	REAL_SENDMSG64,
	REAL_SETSOCKOPT64,
	REAL_FCNTL_TIME64,
	REAL_PRCTL_TIME64,
#endif
	REALS,
};

typedef void (*real_function)(void);

/* NULL until found. The first hook that needs one finds all; all threads find the same. */
extern _Atomic(real_function) real_found[REALS];
real_function real_find(enum real which);

static inline real_function real(enum real which)
{
	real_function it = atomic_load_explicit(&real_found[which], memory_order_acquire);

	return __builtin_expect(it != NULL, 1) ? it : real_find(which);
}

/* The same, with the type of `call`. */
#define REAL(which, call) ((__typeof__(&(call)))real(which))

/* The same, but NULL until found: for a hook that then goes another way. */
#define KNOWN(which, call)                                                                         \
	((__typeof__(&(call)))atomic_load_explicit(&real_found[which], memory_order_acquire))

/*
 * The next function of that name after ours: another library's or the C library's; if there is
 * none, the system call. Same arguments, result, errno and cancellation.
 */

static inline int real_socket(int domain, int type, int protocol)
{
	return REAL(REAL_SOCKET, socket_call)(domain, type, protocol);
}

static inline int real_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return REAL(REAL_CONNECT, connect_call)(fd, address, length);
}

static inline int real_listen(int fd, int backlog)
{
	return REAL(REAL_LISTEN, listen_call)(fd, backlog);
}

static inline int real_accept(int fd, struct sockaddr *address, socklen_t *length)
{
	return REAL(REAL_ACCEPT, accept_call)(fd, address, length);
}

static inline int real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return REAL(REAL_ACCEPT4, accept4_call)(fd, address, length, flags);
}

static inline ssize_t real_sendto(int fd, const void *data, size_t size, int flags,
				  const struct sockaddr *address, socklen_t length)
{
	return REAL(REAL_SENDTO, sendto_call)(fd, data, size, flags, address, length);
}

static inline ssize_t real_sendmsg(int fd, const struct msghdr *message, int flags)
{
	return REAL(REAL_SENDMSG, sendmsg_call)(fd, message, flags);
}

static inline int real_setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	return REAL(REAL_SETSOCKOPT, setsockopt_call)(fd, level, name, value, length);
}

static inline int real_getsockopt(int fd, int level, int name, void *value, socklen_t *length)
{
	return REAL(REAL_GETSOCKOPT, getsockopt_call)(fd, level, name, value, length);
}

static inline int real_close(int fd)
{
	return REAL(REAL_CLOSE, close_call)(fd);
}

static inline int real_dup(int fd)
{
	return REAL(REAL_DUP, dup_call)(fd);
}

static inline int real_dup2(int fd, int copy)
{
	return REAL(REAL_DUP2, dup2_call)(fd, copy);
}

static inline int real_dup3(int fd, int copy, int flags)
{
	return REAL(REAL_DUP3, dup3_call)(fd, copy, flags);
}

static inline pid_t real_fork(void)
{
	return REAL(REAL_FORK, fork_call)();
}

static inline pid_t real__Fork(void)
{
	return REAL(REAL__FORK, fork_call)();
}

static inline int real_prctl(int option, const unsigned long argument[4])
{
	return REAL(REAL_PRCTL, prctl_call)(option, argument[0], argument[1], argument[2],
					    argument[3]);
}

#if __SIZEOF_LONG__ == 4
/* The same for glibc's 64-bit times on 32-bit machines. */

static inline ssize_t real_sendmsg64(int fd, const struct msghdr *message, int flags)
{
	return REAL(REAL_SENDMSG64, sendmsg_call)(fd, message, flags);
}

static inline int real_setsockopt64(int fd, int level, int name, const void *value,
				    socklen_t length)
{
	return REAL(REAL_SETSOCKOPT64, setsockopt_call)(fd, level, name, value, length);
}

static inline int real_prctl_time64(int option, const unsigned long argument[4])
{
	return REAL(REAL_PRCTL_TIME64, prctl_call)(option, argument[0], argument[1], argument[2],
						   argument[3]);
}

#endif

/*
 * libseccomp's functions, looked up at each call, because most programs have none. Return -ENOSYS
 * if there are none.
 */
int real_seccomp_load(const void *filter);
int real_seccomp_attr_get(const void *filter, int attribute, uint32_t *value);

/*
 * Finds all real functions now, so that no hook does it in a signal handler or a child of vfork().
 */
void real_find_all(void);

/* In a child of fork(): forgets the threads that were looking up functions. */
void real_forget_finders(void);

#endif
