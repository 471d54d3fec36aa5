/* An allocator that opens sockets each time that it is asked, as one that logs might. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hooks/othershim.h"

enum { ALIGNMENT = 16 };

/* Nothing is given back: victims are short-lived. */
static alignas(ALIGNMENT) unsigned char memory[64 * 1024 * 1024];
static size_t used;
static int good, bad;

/* What calls return wherever they are made, and leave in errno. */
static bool calls_are_right(void)
{
	const int none = 1 << 20, value = 1;
	char name[16] = "";
	int fd = socket(AF_INET, SOCK_STREAM, 0), copy = dup(fd);
	bool right = fd > 2 && copy > fd && !close(copy) && dup2(fd, copy) == copy &&
		     dup3(fd, copy, O_CLOEXEC) == copy && fcntl(copy, F_GETFD) == FD_CLOEXEC &&
		     !setsockopt(copy, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value) &&
		     !close(copy) && !close(fd);

	right = right && !prctl(PR_SET_NAME, "allocator", 0, 0, 0) &&
		!prctl(PR_GET_NAME, name, 0, 0, 0) && !strcmp(name, "allocator");
#define FAILS(call, error) (errno = 0, (call) == -1 && errno == (error))
	return right && FAILS(socket(-1, 0, 0), EAFNOSUPPORT) &&
	       FAILS(connect(none, NULL, 0), EBADF) && FAILS(listen(none, 1), EBADF) &&
	       FAILS(accept(none, NULL, NULL), EBADF) &&
	       FAILS(accept4(none, NULL, NULL, 0), EBADF) &&
	       FAILS(setsockopt(none, SOL_SOCKET, SO_REUSEADDR, &value, sizeof value), EBADF) &&
	       FAILS(close(none), EBADF) && FAILS(dup(none), EBADF) &&
	       FAILS(dup2(none, 3), EBADF) && FAILS(dup3(none, 3, 0), EBADF) &&
	       FAILS(fcntl(none, F_GETFD), EBADF);
#undef FAILS
}

static void call_all(void)
{
	int saved = errno;

	if (calls_are_right())
		good++;
	else
		bad++;
	errno = saved;
}

void *malloc(size_t size)
{
	size_t *block;

	call_all();
	size = (size + 2 * ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (size > sizeof memory - used)
		return NULL;
	block = (size_t *)(void *)(memory + used);
	used += size;
	*block = size - ALIGNMENT;
	return (unsigned char *)block + ALIGNMENT;
}

void free(void *block)
{
	(void)block;
}

void *calloc(size_t count, size_t size)
{
	/* The memory is fresh, and so it is zero. */
	return size && count > SIZE_MAX / size ? NULL : malloc(count * size);
}

void *realloc(void *old, size_t size)
{
	void *block = malloc(size);

	if (block && old) {
		size_t before = *(size_t *)(void *)((unsigned char *)old - ALIGNMENT);

		memcpy(block, old, before < size ? before : size);
	}
	return block;
}

__attribute__((destructor)) static void report(void)
{
	report_line(bad    ? "allocator: calls went wrong\n"
		    : good ? "allocator: sockets were made\n"
			   : "allocator: not asked\n");
}
