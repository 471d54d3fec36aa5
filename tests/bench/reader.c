/*
 * Linked as ours is; reads the file at start-up and does not look at it. No library that reads a
 * file costs less.
 */
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>

#include "shim/kernel.h"

static const char *after(const char *variable, const char *name)
{
	while (*name && *variable == *name)
		variable++, name++;
	return *name ? NULL : variable;
}

static const char *file_named_in(char *const *environment)
{
	const char *file = NULL;

	for (; !file && *environment; environment++)
		file = after(*environment, "KEEPALIVE_CONF=");
	return file;
}

/* glibc hands the arguments of main to a constructor. */
__attribute__((constructor)) static void read_file(int argc, char **argv, char **environment)
{
	static char content[4096];
	char status[256];
	long fd;

	(void)argc, (void)argv;
	fd = kernel_call(SYS_openat, AT_FDCWD, (long)file_named_in(environment),
			 O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0, 0);
	kernel_call(SYS_fstat, fd, (long)status, 0, 0, 0);
	while (kernel_call(SYS_read, fd, (long)content, sizeof content, 0, 0) > 0)
		continue;
	kernel_call(SYS_close, fd, 0, 0, 0, 0);
	kernel_call(SYS_fstat, 0, (long)status, 0, 0, 0);
}
