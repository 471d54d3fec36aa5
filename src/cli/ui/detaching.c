/* Takes BPF programs back from a unit that runs. */
#include "cli/ui/detaching.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/groups/programs.h"
#include "cli/systemd/dropin.h"
#include "cli/systemd/systemctl.h"
#include "cli/systemd/unit_name.h"

/* A group that is gone took its programs along. */
static bool detach_from(const char *path)
{
	struct group group = { .fd = -1 };
	struct failure failure;
	bool found = false, done = group_at(&group, path, &failure);

	if (!done && errno == ENOENT)
		return true;
	if (done)
		done = programs_detach(&group, &found, &failure);
	group_close(&group);
	if (!done)
		warnx("%s: its BPF programs, if it has any, stay until the unit stops, or until "
		      "root calls keepalive detach",
		      failure.text);
	else if (found)
		printf("detached from %s\n", path);
	return done;
}

/* For systemd, the drop-in of an instance stands in for that of its template. */
static bool has_its_own(const struct root *root, const char *instance)
{
	struct dropin own;
	bool has = false;

	for (int runtime = 0; runtime < 2; runtime++)
		has |= dropin_place(&own, root, instance, runtime) &&
		       dropin_look(&own) != DROPIN_NONE;
	return has;
}

/* `properties` of one unit. */
static bool detach_one(const struct root *root, const char *properties, bool of_template,
		       bool dry_run)
{
	char *id = systemctl_property(properties, "Id");
	char *path = systemctl_property(properties, "ControlGroup");
	bool done = true, spared = of_template && id && has_its_own(root, id);

	if (path && *path && !spared) {
		if (dry_run)
			printf("would detach from %s\n", path);
		else
			done = detach_from(path);
	}
	free(id);
	free(path);
	return done;
}

bool detach_from_unit(const struct root *root, const char *unit, bool dry_run)
{
	const char *at = strchr(unit, '@');
	bool of_template = unit_is_template(unit), done = true;
	char pattern[UNIT_NAME_SIZE + 1], *all, *next;

	if (of_template)
		snprintf(pattern, sizeof pattern, "%.*s*%s", (int)(at + 1 - unit), unit, at + 1);
	else
		snprintf(pattern, sizeof pattern, "%s", unit);
	all = systemctl_show(pattern, "Id,ControlGroup");
	if (!all) {
		warnx("%s: systemd does not answer: BPF programs, if it has any, stay until the "
		      "unit stops, or until root calls keepalive detach",
		      unit);
		return false;
	}
	/* An empty line ends a unit. */
	for (char *properties = all; properties; properties = next) {
		next = strstr(properties, "\n\n");
		if (next) {
			*next = '\0';
			next += 2;
		}
		done &= detach_one(root, properties, of_template, dry_run);
	}
	free(all);
	return done;
}
