/* The exported functions that close and copy descriptors; their entries follow. */
#include "shim/descriptors.h"

#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>

#include "shim/hook.h"
#include "shim/libc.h"

/* Declared only with _GNU_SOURCE. */
int dup3(int fd, int copy, int flags);
int fcntl64(int fd, int command, ...);

/* Marks the entry before the call, because another thread may get the number at once. */
APART int close_apart(int fd)
{
	descriptor_closing(fd);
	return real_close(fd);
}

EXPORT int close(int fd)
{
	__typeof__(&close_call) known = KNOWN(REAL_CLOSE, close_call);

	return known && !descriptor_entry(fd) ? known(fd) : close_apart(fd);
}

static inline int copied(int fd, int copy)
{
	if (copy >= 0)
		descriptor_copied(fd, copy);
	return copy;
}

EXPORT int dup(int fd)
{
	return copied(fd, real_dup(fd));
}

EXPORT int dup2(int fd, int copy)
{
	return copied(fd, real_dup2(fd, copy));
}

EXPORT int dup3(int fd, int copy, int flags)
{
	return copied(fd, real_dup3(fd, copy, flags));
}

static inline bool copies(int command)
{
	return command == F_DUPFD || command == F_DUPFD_CLOEXEC;
}

static inline int controlled(int fd, int command, int result)
{
	return copies(command) ? copied(fd, result) : result;
}

APART int fcntl_apart(int fd, int command, void *argument)
{
	return controlled(fd, command, real_fcntl(fd, command, argument));
}

APART int fcntl64_apart(int fd, int command, void *argument)
{
	return controlled(fd, command, real_fcntl64(fd, command, argument));
}

EXPORT int fcntl(int fd, int command, ...)
{
	__typeof__(&fcntl_call) known = KNOWN(REAL_FCNTL, fcntl_call);
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return known && !copies(command) ? known(fd, command, argument)
					 : fcntl_apart(fd, command, argument);
}

EXPORT int fcntl64(int fd, int command, ...)
{
	__typeof__(&fcntl_call) known = KNOWN(REAL_FCNTL64, fcntl_call);
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return known && !copies(command) ? known(fd, command, argument)
					 : fcntl64_apart(fd, command, argument);
}

#if __SIZEOF_LONG__ == 4
/* glibc's name of fcntl() in programs with 64-bit times on 32-bit machines. */

int __fcntl_time64(int fd, int command, ...);

EXPORT int __fcntl_time64(int fd, int command, ...)
{
	va_list arguments;
	void *argument;

	va_start(arguments, command);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	return controlled(fd, command, real_fcntl_time64(fd, command, argument));
}
#endif
