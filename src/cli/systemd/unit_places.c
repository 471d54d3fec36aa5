/* The directories in which systemd, or a user's own manager, looks for units. */
#include "cli/systemd/unit_places.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cli/base/memory.h"

static const char *const system_places[] = {
	"/etc/systemd/system.control", "/run/systemd/system.control",
	"/run/systemd/transient",      "/run/systemd/generator.early",
	"/etc/systemd/system",         "/etc/systemd/system.attached",
	"/run/systemd/system",         "/run/systemd/system.attached",
	"/run/systemd/generator",      "/usr/local/lib/systemd/system",
	"/usr/lib/systemd/system",     "/lib/systemd/system",
	"/run/systemd/generator.late", NULL,
};

/* A directory beneath one of the user's own. */
enum base { NO_BASE, CONFIG, RUNTIME, DATA };

static const struct user_place {
	enum base base;
	const char *path;
} user_places[] = {
	{ CONFIG, "/systemd/user.control" },
	{ RUNTIME, "/systemd/user.control" },
	{ RUNTIME, "/systemd/transient" },
	{ RUNTIME, "/systemd/generator.early" },
	{ CONFIG, "/systemd/user" },
	{ NO_BASE, "/etc/systemd/user" },
	{ RUNTIME, "/systemd/user" },
	{ NO_BASE, "/run/systemd/user" },
	{ RUNTIME, "/systemd/generator" },
	{ DATA, "/systemd/user" },
	{ NO_BASE, "/usr/local/share/systemd/user" },
	{ NO_BASE, "/usr/share/systemd/user" },
	{ NO_BASE, "/usr/local/lib/systemd/user" },
	{ NO_BASE, "/usr/lib/systemd/user" },
	{ RUNTIME, "/systemd/generator.late" },
};

enum { USER_PLACES = sizeof user_places / sizeof *user_places };

static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && *value == '/' ? value : NULL;
}

/* Follows the XDG Base Directory Specification. */
static char *beneath(enum base base, const char *path)
{
	static const char *const names[] = { [CONFIG] = "XDG_CONFIG_HOME",
					     [RUNTIME] = "XDG_RUNTIME_DIR",
					     [DATA] = "XDG_DATA_HOME" };
	const char *set = base ? variable(names[base]) : "", *home = variable("HOME");

	if (set)
		return text_new("%s%s", set, path);
	if (base == RUNTIME)
		return text_new("/run/user/%u%s", getuid(), path);
	return text_new("%s%s%s", home ? home : "", base == CONFIG ? "/.config" : "/.local/share",
			path);
}

const char *const *unit_places(const struct root *root)
{
	static const char *of_user[USER_PLACES + 1];

	if (!root->is_user)
		return system_places;
	for (size_t i = 0; i < USER_PLACES && !of_user[USER_PLACES - 1]; i++)
		of_user[i] = beneath(user_places[i].base, user_places[i].path);
	return of_user;
}

const char *unit_place_own(const struct root *root, bool runtime)
{
	if (root->is_user)
		return beneath(runtime ? RUNTIME : CONFIG, "/systemd/user");
	return runtime ? "/run/systemd/system" : "/etc/systemd/system";
}
