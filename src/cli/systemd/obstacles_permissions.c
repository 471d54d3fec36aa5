/* Whether the user that a service runs as may read the library's file. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/systemd/obstacles.h"

static bool is_root(const char *user)
{
	return !*user || !strcmp(user, "root") || !strcmp(user, "0");
}

/* True if everybody has that permission for the path. What is not there is no matter of it. */
static bool may_all(const struct root *root, const char *path, mode_t permission)
{
	int fd = root_open(root, path, O_PATH);
	struct stat file;
	bool may = fd < 0 || fstat(fd, &file) || (file.st_mode & permission) == permission;

	if (fd >= 0)
		close(fd);
	return may;
}

/* A group or an access control list may allow what is not allowed to everybody. */
void obstacles_of_permissions(struct obstacles *obstacles)
{
	const struct said *user = said_of(&obstacles->unit->settings, "User");
	const char *library = obstacles->library->path;
	char path[PATH_MAX], *slash = path;

	if (!user || is_root(said_value(user)))
		return;
	snprintf(path, sizeof path, "%s", library);
	while ((slash = strchr(slash + 1, '/'))) {
		*slash = 0;
		if (!may_all(&obstacles->inside, path, S_IXOTH)) {
			obstacle(obstacles, false, user,
				 "%s: not everybody may enter %s, where the library is", user->word,
				 path);
			return;
		}
		*slash = '/';
	}
	if (!may_all(&obstacles->inside, path, S_IROTH))
		obstacle(obstacles, false, user, "%s: not everybody may read %s", user->word,
			 library);
}
