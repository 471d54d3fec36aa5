/* An allocator that opens a socket each time that it is asked, as one that logs might. */
#include <errno.h>
#include <netinet/in.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "victims/othershim.h"

enum { ALIGNMENT = 16 };

/* Nothing is given back: victims are short-lived. */
static alignas(ALIGNMENT) unsigned char memory[64 * 1024 * 1024];
static size_t used;
static int sockets;

static void open_socket(void)
{
	int saved = errno;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0)
		close(fd);
	sockets += fd >= 0;
	errno = saved;
}

void *malloc(size_t size)
{
	size_t *block;

	open_socket();
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
	report_line(sockets ? "allocator: sockets were made\n" : "allocator: not asked\n");
}
