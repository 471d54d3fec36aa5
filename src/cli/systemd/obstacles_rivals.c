/* Other files of the drop-in's name: systemd reads only the one in the first directory. */
#include <err.h>
#include <stdio.h>
#include <string.h>

#include "cli/systemd/dropin.h"
#include "cli/systemd/obstacles.h"
#include "cli/systemd/unit_dropins.h"

/* Refuses if there is a file at `path`, which systemd would take in place of ours. */
static void look_for_rival(struct obstacles *obstacles, const struct root *tree,
			   const char *directory, const char *path)
{
	const char *root = tree->path, *unit = strrchr(directory, '/') + 1;

	switch (dropin_look_at(tree, path)) {
	case DROPIN_OURS:
		obstacle(obstacles, WAYS | CERTAIN, NULL,
			 "%s%s overrides it: run keepalive disable %.*s first", root, path,
			 (int)strlen(unit) - 2, unit);
		break;
	case DROPIN_FOREIGN:
	case DROPIN_SPECIAL:
		obstacle(obstacles, WAYS | CERTAIN, NULL,
			 "%s%s overrides it: remove that file first", root, path);
		break;
	default:
		break;
	}
}

void obstacles_of_rivals(struct obstacles *obstacles, const struct dropin *dropin)
{
	const struct root *root = dropin->root;
	struct paths directories = unit_dropin_directories(root, dropin->unit);
	bool before = true;

	for (size_t i = 0; i < directories.count; i++) {
		const char *directory = directories.at[i];
		char path[PATH_MAX + sizeof DROPIN_NAME];

		snprintf(path, sizeof path, "%s/" DROPIN_NAME, directory);
		if (!strcmp(directory, dropin->directory)) {
			before = false;
		} else if (before) {
			look_for_rival(obstacles, root, directory, path);
		} else if (dropin_look_at(root, path) == DROPIN_FOREIGN) {
			warnx("%s%s has no effect any more", root->path, path);
			break;
		}
	}
	paths_free(&directories);
}
