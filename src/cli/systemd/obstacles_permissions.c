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

/* Returns true if everybody has that permission for the path, or if there is no such path. */
static bool may_all(const struct root *root, const char *path, mode_t permission)
{
	int fd = root_open(root, path, O_PATH);
	struct stat file;
	bool may = fd < 0 || fstat(fd, &file) || (file.st_mode & permission) == permission;

	if (fd >= 0)
		close(fd);
	return may;
}

/* Only a warning: a group or an access control list may allow it. */
void obstacles_of_permissions(struct obstacles *obstacles)
{
	const struct assignment *user = assignments_find(&obstacles->unit->settings, "User");
	const char *library = obstacles->library->path;
	char path[PATH_MAX], *slash = path;

	if (!user || is_root(assignment_value(user)))
		return;
	snprintf(path, sizeof path, "%s", library);
	while ((slash = strchr(slash + 1, '/'))) {
		*slash = 0;
		if (!may_all(&obstacles->inside, path, S_IXOTH)) {
			obstacle(obstacles, WAY_LIBRARY, user,
				 "%s: not everybody may enter %s, where the library is", user->word,
				 path);
			return;
		}
		*slash = '/';
	}
	if (!may_all(&obstacles->inside, path, S_IROTH))
		obstacle(obstacles, WAY_LIBRARY, user, "%s: not everybody may read %s", user->word,
			 library);
}
