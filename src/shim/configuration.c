/* Reads the configuration for the library: the system calls for core's loader, and the sysctls. */
#include "shim/configuration.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>

#include "shim/kernel.h"
#include "shim/process.h"
#include "shim/status.h"
#include "shim/tables.h"

#define SYSCTL_DIRECTORY "/proc/sys/net/ipv4/"

enum { PROGRAM_NAME_MAX = 256, PATH_SIZE = 1024 };

static int open_to_read(const char *path)
{
	/* O_NONBLOCK: do not wait for the writer of a FIFO, which is refused anyway. */
	return (int)kernel_call(SYS_openat, AT_FDCWD, (long)path,
				O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0, 0);
}

static long read_from(int fd, char *to, size_t room)
{
	long length;

	do
		length = kernel_call(SYS_read, fd, (long)to, (long)room, 0, 0);
	while (length == -EINTR);
	return length;
}

static void close_own(int fd)
{
	kernel_call(SYS_close, fd, 0, 0, 0, 0);
}

/* The names by which rules and the log can call this program. Written once. */
static char executable[PROGRAM_NAME_MAX];
static struct text names[PROGRAM_NAMES];

static struct text base_name(struct text path)
{
	size_t slash;

	while ((slash = text_find(path, '/')) < path.length)
		path = text_tail(path, slash + 1);
	return path;
}

/* Removes what the kernel appends to the name of an executable that was replaced while it runs. */
static struct text without_deleted(struct text name)
{
	static const char deleted[] = " (deleted)";
	size_t length = sizeof deleted - 1;

	if (name.length > length && text_equals(text_tail(name, name.length - length), deleted))
		name.length -= length;
	return name;
}

static const struct text *find_program_names(void)
{
	const char *called = program_as_called();
	char path[PATH_SIZE];
	long length = kernel_call(SYS_readlinkat, AT_FDCWD, (long)"/proc/self/exe", (long)path,
				  sizeof path, 0);
	struct text name =
		base_name(without_deleted((struct text){ path, length > 0 ? (size_t)length : 0 }));

	for (size_t i = 0; i < name.length && i < sizeof executable; i++)
		executable[i] = name.at[i];
	names[0] = (struct text){ executable, name.length < sizeof executable ? name.length : 0 };
	if (called)
		names[1] = base_name(text_of(called));
	return names;
}

static const struct text *program_names_once(void)
{
	return names[0].length || names[1].length ? names : find_program_names();
}

static const struct system calls = { open_to_read, file_status, read_from, close_own };

bool configuration_read(struct loaded *read, struct errors *errors)
{
	const struct program program = {
		.names = program_names_once,
		.user_known = user_at_start() != USER_UNKNOWN,
		.user = user_at_start(),
		.system = &calls,
	};
	const struct loader loader = {
		.variables = environment_variables(),
		.default_file = SYSCONFDIR "/libkeepalive.conf",
		.user = user_at_start(),
		.program = &program,
		.system = &calls,
	};

	read->file.rules = (struct rules){ tables.rule_memory, RULE_MEMORY_SIZE, 0 };
	return configuration_load(read, &loader, errors);
}

/* Reads the kernel's value of an option, if a sysctl has it and can be read. */
static void read_sysctl(const struct option_row *option, int *number)
{
	char path[sizeof SYSCTL_DIRECTORY + sizeof option->sysctl] = SYSCTL_DIRECTORY;
	char content[16];
	struct text text = { content, 0 };
	uint32_t value;
	long length;
	int fd;

	for (size_t i = 0; i < sizeof option->sysctl; i++)
		path[sizeof SYSCTL_DIRECTORY - 1 + i] = option->sysctl[i];
	fd = open_to_read(path);
	if (fd < 0)
		return;
	length = read_from(fd, content, sizeof content);
	close_own(fd);
	if (length <= 0)
		return;
	text.length = (size_t)length;
	if (text_number(&text, &value) && value <= INT32_MAX)
		*number = (int)value;
}

void configuration_read_kernel_values(struct kernel_values *kernel)
{
	for (size_t id = 0; id < OPTIONS; id++)
		if (option_table[id].sysctl[0])
			read_sysctl(&option_table[id], &kernel->number[id]);
}

struct text configuration_program_name(void)
{
	const struct text *both = program_names_once();

	return both[both[0].length ? 0 : 1];
}
