/* A tree of files: the machine, or the image of one, whose links are followed inside it. */
#include "cli/base/root.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cli/base/memory.h"

enum { PIECE = 64 * 1024, FILE_MAX = 16 * 1024 * 1024 };

bool root_enter(struct root *root, const char *path)
{
	char *own = expect_memory(strdup(path ? path : ""));

	for (size_t length = strlen(own); length && own[length - 1] == '/'; length--)
		own[length - 1] = 0;
	root->path = own;
	root->is_image = path != NULL;
	root->fd = open(path ? path : "/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root->fd >= 0;
}

int root_open(const struct root *root, const char *path, int flags)
{
	struct open_how how = { .flags = (unsigned int)flags | O_CLOEXEC,
				.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS };
	int fd;

	path += strspn(path, "/");
	fd = (int)syscall(__NR_openat2, root->fd, *path ? path : ".", &how, sizeof how);
	/* Before Linux 5.6, or under a filter. On the machine itself no link leads out. */
	if (fd < 0 && errno == ENOSYS && !*root->path)
		fd = openat(root->fd, *path ? path : ".", flags | O_CLOEXEC);
	return fd;
}

static char *read_all(int fd)
{
	size_t length = 0;
	char *content = NULL;

	for (;;) {
		char *longer = realloc(content, length + PIECE + 1);
		ssize_t got = longer ? read(fd, longer + length, PIECE) : -1;

		content = longer ? longer : content;
		if (got < 0 || length > FILE_MAX) {
			free(content);
			errno = got < 0 ? errno : EFBIG;
			return NULL;
		}
		length += (size_t)got;
		content[length] = 0;
		if (!got)
			return content;
	}
}

char *root_read(const struct root *root, const char *path)
{
	int fd = root_open(root, path, O_RDONLY | O_NOCTTY | O_NONBLOCK);
	struct stat file;
	char *content;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &file) || !S_ISREG(file.st_mode))
		content = strdup("");
	else
		content = read_all(fd);
	close(fd);
	return content;
}

bool root_resolve(const struct root *root, const char *path, char resolved[PATH_MAX])
{
	char link[64], whole[PATH_MAX], *base;
	ssize_t length = -1;
	size_t skipped;
	int fd = root_open(root, path, O_PATH);

	if (fd >= 0) {
		snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
		length = readlink(link, whole, sizeof whole - 1);
		close(fd);
	}
	base = length > 0 ? realpath(*root->path ? root->path : "/", NULL) : NULL;
	whole[length > 0 ? length : 0] = 0;
	skipped = base && strcmp(base, "/") ? strlen(base) : 0;
	/* Without /proc the path is not known, only that it leads somewhere. */
	snprintf(resolved, PATH_MAX, "%s",
		 base && !strncmp(whole, base, skipped) ? whole + skipped : path);
	free(base);
	return fd >= 0;
}
