/* Loads a configuration whose files lie in memory, by core's loader. For tests and fuzzing. */
#ifndef SUPPORT_IN_MEMORY_H
#define SUPPORT_IN_MEMORY_H

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "core/loader.h"

struct file_in_memory {
	const char *content; /* NULL: the file does not exist */
	size_t length;
	size_t done;
};

/* The configuration has the path FILE. Read in pieces of at most `piece` bytes; 0: as they are
 * asked for. */
static struct in_memory {
	struct file_in_memory configuration, users;
	size_t piece;
} in_memory;

enum { CONFIGURATION_FD = 1000, USERS_FD };

static int open_in_memory(const char *path)
{
	bool is_users = !strcmp(path, "/etc/passwd");
	struct file_in_memory *file = is_users ? &in_memory.users : &in_memory.configuration;

	file->done = 0;
	return !file->content ? -ENOENT : is_users ? USERS_FD : CONFIGURATION_FD;
}

static int describe_in_memory(int fd, struct file_status *status)
{
	(void)fd;
	*status = (struct file_status){ .mode = S_IFREG | 0600 };
	return 0;
}

static long read_in_memory(int fd, char *to, size_t size)
{
	struct file_in_memory *file = fd == USERS_FD ? &in_memory.users : &in_memory.configuration;

	if (in_memory.piece && size > in_memory.piece)
		size = in_memory.piece;
	if (size > file->length - file->done)
		size = file->length - file->done;
	memcpy(to, file->content + file->done, size);
	file->done += size;
	return (long)size;
}

static void close_in_memory(int fd)
{
	(void)fd;
}

static const struct system memory_calls = { open_in_memory, describe_in_memory, read_in_memory,
					    close_in_memory };

/* What is set in `program` besides its system is taken over. */
static void load_in_memory(struct loaded *loaded, char *const *variables, const char *text,
			   size_t length, struct program program, struct errors *errors)
{
	const struct loader loader = { .variables = variables,
				       .file = "FILE",
				       .even_if_off = true,
				       .program = &program,
				       .system = &memory_calls };

	program.system = &memory_calls;
	in_memory.configuration = (struct file_in_memory){ text, length, 0 };
	configuration_load(loaded, &loader, errors);
}

#endif
