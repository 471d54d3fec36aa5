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

APART int control_apart(enum real which, int fd, int command, void *argument)
{
	int result = REAL(which, fcntl_call)(fd, command, argument);

	return copies(command) ? copied(fd, result) : result;
}

static inline int control(enum real which, int fd, int command, va_list arguments)
{
	__typeof__(&fcntl_call) known = KNOWN(which, fcntl_call);
	void *argument = va_arg(arguments, void *);

	return known && !copies(command) ? known(fd, command, argument)
					 : control_apart(which, fd, command, argument);
}

EXPORT int fcntl(int fd, int command, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, command);
	result = control(REAL_FCNTL, fd, command, arguments);
	va_end(arguments);
	return result;
}

EXPORT int fcntl64(int fd, int command, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, command);
	result = control(REAL_FCNTL64, fd, command, arguments);
	va_end(arguments);
	return result;
}

#if __SIZEOF_LONG__ == 4
/* glibc's name of fcntl() in programs with 64-bit times on 32-bit machines. */

int __fcntl_time64(int fd, int command, ...);

EXPORT int __fcntl_time64(int fd, int command, ...)
{
	va_list arguments;
	int result;

	va_start(arguments, command);
	result = control(REAL_FCNTL_TIME64, fd, command, arguments);
	va_end(arguments);
	return result;
}
#endif
