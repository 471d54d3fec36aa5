/* The functions of the C library that are hooked or called, as plain system calls. */
#include "shim/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>

#include "shim/kernel.h"
#include "shim/libc.h"

/* Converts the kernel's result to that of a function of the C library. */
static int result_of(long result)
{
	if (result >= 0)
		return (int)result;
	errno_set((int)-result);
	return -1;
}

int socket_call(int domain, int type, int protocol)
{
	return result_of(kernel_call(SYS_socket, domain, type, protocol, 0, 0));
}

int connect_call(int fd, const struct sockaddr *address, socklen_t length)
{
	return result_of(kernel_call(SYS_connect, fd, (long)address, (long)length, 0, 0));
}

int listen_call(int fd, int backlog)
{
	return result_of(kernel_call(SYS_listen, fd, backlog, 0, 0, 0));
}

int accept4_call(int fd, struct sockaddr *address, socklen_t *length, int flags)
{
	return result_of(kernel_call(SYS_accept4, fd, (long)address, (long)length, flags, 0));
}

int accept_call(int fd, struct sockaddr *address, socklen_t *length)
{
	return accept4_call(fd, address, length, 0);
}

ssize_t sendmsg_call(int fd, const struct msghdr *message, int flags)
{
	return result_of(kernel_call(SYS_sendmsg, fd, (long)message, flags, 0, 0));
}

/*
 * sendmsg(), because kernel_call() passes only five arguments. It would truncate an address that is
 * too long.
 */
ssize_t sendto_call(int fd, const void *data, size_t size, int flags,
		    const struct sockaddr *address, socklen_t length)
{
	struct iovec part = { .iov_base = (void *)(uintptr_t)data, .iov_len = size };
	struct msghdr message = { .msg_name = (void *)(uintptr_t)address,
				  .msg_namelen = length,
				  .msg_iov = &part,
				  .msg_iovlen = 1 };

	if (address && length > sizeof(struct sockaddr_storage))
		return result_of(-EINVAL);
	return sendmsg_call(fd, &message, flags);
}

int setsockopt_call(int fd, int level, int name, const void *value, socklen_t length)
{
	return result_of(kernel_call(SYS_setsockopt, fd, level, name, (long)value, (long)length));
}

int getsockopt_call(int fd, int level, int name, void *value, socklen_t *length)
{
	return result_of(kernel_call(SYS_getsockopt, fd, level, name, (long)value, (long)length));
}

int close_call(int fd)
{
	return result_of(kernel_call(SYS_close, fd, 0, 0, 0, 0));
}

int dup_call(int fd)
{
	return result_of(kernel_call(SYS_dup, fd, 0, 0, 0, 0));
}

int dup3_call(int fd, int copy, int flags)
{
	return result_of(kernel_call(SYS_dup3, fd, copy, flags, 0, 0));
}

int dup2_call(int fd, int copy)
{
#ifdef SYS_dup2
	return result_of(kernel_call(SYS_dup2, fd, copy, 0, 0, 0));
#else
	/* dup3() refuses equal numbers; dup2() returns the number if it is open. */
	if (fd == copy)
		return kernel_call(SYS_fcntl, fd, F_GETFD, 0, 0, 0) < 0 ? result_of(-EBADF) : fd;
	return dup3_call(fd, copy, 0);
#endif
}

int fcntl_call(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
#ifdef SYS_fcntl64
	return result_of(kernel_call(SYS_fcntl64, fd, command, (long)argument, 0, 0));
#else
	return result_of(kernel_call(SYS_fcntl, fd, command, (long)argument, 0, 0));
#endif
}

int prctl_call(int option, ...)
{
	unsigned long argument[4];
	va_list arguments;

	va_start(arguments, option);
	for (int i = 0; i < 4; i++)
		argument[i] = va_arg(arguments, unsigned long);
	va_end(arguments);
	return result_of(kernel_call(SYS_prctl, option, (long)argument[0], (long)argument[1],
				     (long)argument[2], (long)argument[3]));
}

pid_t fork_call(void)
{
#ifdef SYS_fork
	return result_of(kernel_call(SYS_fork, 0, 0, 0, 0, 0));
#else
	return result_of(kernel_call(SYS_clone, SIGCHLD, 0, 0, 0, 0));
#endif
}
