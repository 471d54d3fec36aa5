/* Which library a program's own loader takes for one that LD_PRELOAD names already. */
#include "cli/preload/preloaded.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* Opens the list as a stream; NULL on failure. Its errors are dropped: the loader reports them
 * again later. */
static FILE *list_begin(const struct executable *executable, pid_t *child)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return NULL;
	*child = fork();
	if (!*child) {
		int null = open("/dev/null", O_RDWR | O_CLOEXEC);

		dup2(null, STDIN_FILENO);
		dup2(null, STDERR_FILENO);
		dup2(ends[1], STDOUT_FILENO);
		execl(executable->loader, executable->loader, "--list", executable->path, NULL);
		_exit(1);
	}
	close(ends[1]);
	if (*child < 0) {
		close(ends[0]);
		return NULL;
	}
	return fdopen(ends[0], "r");
}

/* Returns the file in a line of the list, "NAME => PATH (ADDRESS)" or "PATH (ADDRESS)"; NULL if
 * there is none. */
static char *file_in(char *line)
{
	char *path = strstr(line, " => "), *end = strstr(line, " (0x");

	if (!end)
		return NULL;
	*end = 0;
	return path && path < end ? path + 4 : line + strspn(line, " \t");
}

static bool is_same_file(const char *path, const struct stat *file)
{
	struct stat other;

	return *path && !stat(path, &other) && other.st_ino == file->st_ino &&
	       other.st_dev == file->st_dev;
}

static bool is_ours(const struct library *library, const struct stat *file)
{
	if (is_same_file(library->path, file))
		return true;
	for (size_t i = 0; library->others[i]; i++)
		if (is_same_file(library->others[i], file))
			return true;
	return false;
}

enum preloaded preloaded_ask(const struct executable *executable, const struct library *library,
			     char other[PATH_MAX])
{
	enum preloaded loaded = PRELOADED_NONE;
	char line[2 * PATH_MAX];
	struct stat file;
	pid_t child;
	FILE *list = list_begin(executable, &child);

	if (!list)
		return PRELOADED_NONE;
	while (fgets(line, sizeof line, list)) {
		const char *path = file_in(line);

		/* Preloaded libraries come first: the loader ignores later ones of that name. */
		if (!path || !preload_has_library(path) || stat(path, &file) ||
		    loaded != PRELOADED_NONE)
			continue;
		loaded = is_ours(library, &file) ? PRELOADED_OURS : PRELOADED_OTHER;
		snprintf(other, PATH_MAX, "%s", path);
	}
	fclose(list);
	waitpid(child, NULL, 0);
	return loaded;
}
