/* The sockets among the descriptors of a process. */
#include "cli/sockets/descriptors.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/sockets/proc.h"

enum { NAME_SIZE = 32 };

/* Returns the inode in "socket:[123]"; 0 if the link is none of a socket. */
static ino_t inode_of(int directory, const char *name)
{
	static const char begin[] = "socket:[";
	char link[NAME_SIZE];
	ssize_t length = readlinkat(directory, name, link, sizeof link - 1);

	link[length > 0 ? length : 0] = 0;
	return strncmp(link, begin, sizeof begin - 1) ? 0
						      : strtoul(link + sizeof begin - 1, NULL, 10);
}

int descriptors_each(pid_t pid, descriptor_visit *visit, void *context)
{
	DIR *directory = opendir(proc_path(pid, "fd").at);
	struct dirent *entry;

	if (!directory)
		return errno;
	while ((entry = readdir(directory))) {
		ino_t inode = inode_of(dirfd(directory), entry->d_name);

		if (inode)
			visit(context, atoi(entry->d_name), inode);
	}
	closedir(directory);
	return 0;
}

int descriptor_take(const struct process *process, int fd, ino_t inode)
{
	int own = process->pidfd < 0 ? -1 : (int)syscall(__NR_pidfd_getfd, process->pidfd, fd, 0);
	struct stat file;

	if (own < 0 || (!fstat(own, &file) && file.st_ino == inode))
		return own;
	close(own);
	errno = ENOENT;
	return -1;
}
