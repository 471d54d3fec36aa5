/* The exported functions: each makes the real call and tells the other files about it. */
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "shim/forward.h"
#include "shim/guard.h"
#include "shim/hook.h"
#include "shim/libc.h"
#include "shim/sandbox.h"
#include "shim/sockets.h"
#include "shim/start.h"

/* Declared only with _GNU_SOURCE, with which glibc declares the other functions differently. */
int accept4(int listener, struct sockaddr *restrict address, socklen_t *restrict length, int flags);
pid_t _Fork(void);
int seccomp_load(const void *filter);

APART int socket_apart(int domain, int type, int protocol)
{
	int fd = real_socket(domain, type, protocol);

	if (fd >= 0 && shim_is_active())
		socket_opened(fd, domain, type, protocol);
	return fd;
}

EXPORT int socket(int domain, int type, int protocol)
{
	__typeof__(&socket_call) known = KNOWN(REAL_SOCKET, socket_call);
	int fd;

	if (!known || is_tcp_socket(domain, type, protocol))
		return socket_apart(domain, type, protocol);
	fd = known(domain, type, protocol);
	if (fd >= 0)
		descriptor_set(fd, DESCRIPTOR_OTHER);
	return fd;
}

APART int connect_apart(int fd, const struct sockaddr *address, socklen_t length)
{
	if (shim_is_active())
		socket_connecting(fd, address, length);
	return real_connect(fd, address, length);
}

EXPORT int connect(int fd, const struct sockaddr *address, socklen_t length)
{
	if (forwards_connect(fd))
		return KNOWN(REAL_CONNECT, connect_call)(fd, address, length);
	return connect_apart(fd, address, length);
}

/* With MSG_FASTOPEN these also connect. Nearly all calls are without it and only forward. */

EXPORT ssize_t sendto(int fd, const void *data, size_t size, int flags,
		      const struct sockaddr *address, socklen_t length)
{
	if (__builtin_expect(flags & MSG_FASTOPEN, 0) && shim_is_active())
		socket_connecting(fd, address, length);
	return real_sendto(fd, data, size, flags, address, length);
}

static inline void message_begin(int fd, const struct msghdr *message, int flags)
{
	if (__builtin_expect(flags & MSG_FASTOPEN, 0) && shim_is_active())
		socket_connecting_by_message(fd, message);
}

EXPORT ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
	message_begin(fd, message, flags);
	return real_sendmsg(fd, message, flags);
}

EXPORT int listen(int fd, int backlog)
{
	if (shim_is_active())
		socket_listening(fd);
	return real_listen(fd, backlog);
}

static inline int inherited(int fd)
{
	if (fd >= 0)
		descriptor_set(fd, DESCRIPTOR_ACCEPTED);
	return fd;
}

APART int accept_apart(int listener, struct sockaddr *restrict address, socklen_t *restrict length)
{
	unsigned int before = descriptor_entry(listener);
	int fd = real_accept(listener, address, length);

	if (fd >= 0 && shim_is_active())
		socket_accepted(listener, before, fd);
	return fd;
}

EXPORT int accept(int listener, struct sockaddr *restrict address, socklen_t *restrict length)
{
	if (forwards_accept(descriptor_entry(listener)))
		return inherited(KNOWN(REAL_ACCEPT, accept_call)(listener, address, length));
	return accept_apart(listener, address, length);
}

APART int accept4_apart(int listener, struct sockaddr *restrict address, socklen_t *restrict length,
			int flags)
{
	unsigned int before = descriptor_entry(listener);
	int fd = real_accept4(listener, address, length, flags);

	if (fd >= 0 && shim_is_active())
		socket_accepted(listener, before, fd);
	return fd;
}

EXPORT int accept4(int listener, struct sockaddr *restrict address, socklen_t *restrict length,
		   int flags)
{
	if (forwards_accept(descriptor_entry(listener)))
		return inherited(
			KNOWN(REAL_ACCEPT4, accept4_call)(listener, address, length, flags));
	return accept4_apart(listener, address, length, flags);
}

static inline int option_set(int fd, int level, int name, const void *value, int result)
{
	if (!result && shim_is_active())
		socket_option_set(fd, level, name, value);
	return result;
}

APART int setsockopt_apart(int fd, int level, int name, const void *value, socklen_t length)
{
	return option_set(fd, level, name, value, real_setsockopt(fd, level, name, value, length));
}

EXPORT int setsockopt(int fd, int level, int name, const void *value, socklen_t length)
{
	if (forwards_option(level, name))
		return KNOWN(REAL_SETSOCKOPT, setsockopt_call)(fd, level, name, value, length);
	return setsockopt_apart(fd, level, name, value, length);
}

/* A child has one thread: nobody finishes the work of the others. */

static inline pid_t forked(pid_t pid)
{
	if (!pid) {
		start_after_fork();
		real_forget_finders();
	}
	guard_fork_end(!pid);
	return pid;
}

EXPORT pid_t fork(void)
{
	guard_fork_begin();
	return forked(real_fork());
}

EXPORT pid_t _Fork(void)
{
	guard_fork_begin();
	return forked(real__Fork());
}

/* The program installs a seccomp filter, which may not allow our system calls. */

static inline int process_controlled(int option, va_list arguments,
				     int (*call)(int, const unsigned long[4]))
{
	unsigned long argument[4];
	bool begun;
	int result;

	for (int i = 0; i < 4; i++)
		argument[i] = va_arg(arguments, unsigned long);
	begun = option == PR_SET_SECCOMP && sandbox_begin();
	result = call(option, argument);
	if (begun && result)
		sandbox_failed();
	return result;
}

EXPORT int prctl(int option, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, option);
	result = process_controlled(option, arguments, real_prctl);
	va_end(arguments);
	return result;
}

/* libseccomp makes the system call without prctl(). */
EXPORT int seccomp_load(const void *filter)
{
	bool begun = sandbox_kills(filter) && sandbox_begin();
	int result = real_seccomp_load(filter);

	if (begun && result)
		sandbox_failed();
	return result;
}

#if __SIZEOF_LONG__ == 4
/* glibc's names of these functions in programs with 64-bit times on 32-bit machines. */

ssize_t __sendmsg64(int fd, const struct msghdr *message, int flags);
int __setsockopt64(int fd, int level, int name, const void *value, socklen_t length);
int __prctl_time64(int option, ...);

EXPORT ssize_t __sendmsg64(int fd, const struct msghdr *message, int flags)
{
	message_begin(fd, message, flags);
	return real_sendmsg64(fd, message, flags);
}

EXPORT int __setsockopt64(int fd, int level, int name, const void *value, socklen_t length)
{
	return option_set(fd, level, name, value,
			  real_setsockopt64(fd, level, name, value, length));
}

EXPORT int __prctl_time64(int option, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, option);
	result = process_controlled(option, arguments, real_prctl_time64);
	va_end(arguments);
	return result;
}
#endif
