/* To whom a process belongs, by the names of its control groups: a unit of systemd, a container. */
#include "cli/groups/owner.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/base/name.h"

enum { ID_SHOWN = 12, ID_LENGTH = 64 };

/* A part of a path between two slashes. */
struct part {
	const char *at;
	int length;
};

static bool begins(const struct part *part, const char *with)
{
	size_t length = strlen(with);

	return (size_t)part->length >= length && !memcmp(part->at, with, length);
}

static bool ends(const struct part *part, const char *with)
{
	size_t length = strlen(with);

	return (size_t)part->length > length &&
	       !memcmp(part->at + (size_t)part->length - length, with, length);
}

/* Returns the 64 hexadecimal digits in a part, which is how engines number containers; or NULL. */
static const char *find_id(const struct part *part)
{
	int run = 0;

	for (int i = 0; i < part->length; i++) {
		run = isxdigit((unsigned char)part->at[i]) ? run + 1 : 0;
		if (run == ID_LENGTH &&
		    (i + 1 == part->length || !isxdigit((unsigned char)part->at[i + 1])))
			return part->at + i + 1 - ID_LENGTH;
	}
	return NULL;
}

/* Names containers of engines that call the group by the container's name. */
static bool find_name(const struct part *part, struct part *name)
{
	static const char *const before[] = { "lxc.payload.", "systemd-nspawn@", "machine-" };
	static const char *const after[] = { "", ".service", ".scope" };

	for (size_t i = 0; i < sizeof before / sizeof *before; i++)
		if (begins(part, before[i]) && ends(part, after[i])) {
			int cut = (int)strlen(before[i]);

			*name = (struct part){ part->at + cut,
					       part->length - cut - (int)strlen(after[i]) };
			return true;
		}
	return false;
}

/* Who may make a group may call it anything. */
static void copy(char *to, size_t size, const struct part *part)
{
	snprintf(to, size, "%.*s", part->length, part->at);
	name_clean(to);
}

static void set(struct owner *owner, enum owner_kind kind, const struct part *name)
{
	owner->kind = kind;
	copy(owner->name, sizeof owner->name, name);
}

/* Takes the path up to the end of a part. From within a container, others have one with "..". */
static void set_group(struct owner *owner, const char *path, const struct part *part)
{
	int length = (int)(part->at - path) + part->length;

	if (length >= (int)sizeof owner->group || !strncmp(path, "/../", 4))
		length = 0;
	snprintf(owner->group, sizeof owner->group, "%.*s", length, path);
}

static bool is_unit(const struct part *part)
{
	return ends(part, ".service") || ends(part, ".scope");
}

/* Only the manager of a user, itself a unit, has units below it. */
static bool is_in_unit(const struct owner *owner, bool of_user)
{
	return owner->kind == OWNER_UNIT ? !of_user : owner->kind != OWNER_NONE;
}

/*
 * Takes a part of the path below those that were taken before. What is in a container is its own,
 * and a service may call the groups that it makes anything. Returns true if the part names the
 * owner.
 */
static bool take(struct owner *owner, const struct part *part, bool *of_user)
{
	const char *id = find_id(part);
	bool unit = is_unit(part) && !is_in_unit(owner, *of_user), named = true;
	struct part name;

	if (owner->kind == OWNER_CONTAINER)
		return false;
	if (unit)
		copy(owner->unit, sizeof owner->unit, part);
	if (id)
		set(owner, OWNER_CONTAINER, &(struct part){ id, ID_SHOWN });
	else if (find_name(part, &name))
		set(owner, OWNER_CONTAINER, &name);
	else if (unit && begins(part, "session-") && ends(part, ".scope"))
		set(owner, OWNER_SESSION, part);
	else if (unit)
		set(owner, *of_user ? OWNER_USER_UNIT : OWNER_UNIT, part);
	else
		named = false;
	*of_user |= unit && begins(part, "user@");
	return named;
}

void owner_of_group(struct owner *owner, const char *path)
{
	const char *at = path;
	bool of_user = false;

	*owner = (struct owner){ .kind = OWNER_NONE };
	while (*at) {
		struct part part = { at, (int)strcspn(at, "/") };

		if (take(owner, &part, &of_user))
			set_group(owner, path, &part);
		at += part.length + (at[part.length] == '/');
	}
}

/* Returns the path in a line of /proc/PID/cgroup of cgroup v2 or of systemd's tree of v1; or NULL.
 */
static char *find_path(char *line)
{
	char *names = strchr(line, ':'), *path = names ? strchr(names + 1, ':') : NULL;

	if (!path || (strncmp(line, "0::", 3) && strncmp(names, ":name=systemd:", 14)))
		return NULL;
	path[1 + strcspn(path + 1, "\n")] = 0;
	return path + 1;
}

/* The first line that has an owner decides; the one of version 2 has its group, too. */
static void take_line(struct owner *owner, char *line)
{
	const char *path = find_path(line);
	struct owner found = { .kind = OWNER_NONE };

	if (path)
		owner_of_group(&found, path);
	if (strncmp(line, "0::", 3))
		*found.group = 0;
	if (owner->kind == OWNER_NONE ||
	    (!*owner->group && found.kind == owner->kind && !strcmp(found.name, owner->name)))
		*owner = found;
}

void owner_of_process(struct owner *owner, pid_t pid)
{
	char name[64], *line = NULL;
	size_t size = 0;
	FILE *file;

	*owner = (struct owner){ .kind = OWNER_NONE };
	snprintf(name, sizeof name, "/proc/%d/cgroup", (int)pid);
	file = fopen(name, "re");
	while (file && getline(&line, &size, file) > 0)
		take_line(owner, line);
	free(line);
	if (file)
		fclose(file);
}
