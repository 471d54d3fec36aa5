/* Clusters of Debian's PostgreSQL: pg_ctlcluster starts them with the environment of a file. */
#include <stdio.h>
#include <string.h>

#include "cli/base/memory.h"
#include "cli/systemd/unit_name.h"
#include "cli/systemd/variables.h"

static bool is_cluster(const struct service *unit)
{
	bool found = false;

	for (size_t i = 0; i < unit->commands.count && !found; i++) {
		const char *name;
		char **words;

		if (!command_words(unit, &unit->commands.at[i], &words))
			continue;
		name = strrchr(words[0], '/');
		found = !strcmp(name ? name + 1 : words[0], "pg_ctlcluster");
		command_words_free(words);
	}
	return found;
}

/* In the syntax of postgresql.conf. */
static void print_value(const char *value)
{
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			putc(*value == '\'' ? '\'' : '\\', stderr);
		putc(*value, stderr);
	}
}

void obstacles_of_postgres(struct obstacles *obstacles, const struct variables *variables)
{
	const struct service *unit = obstacles->unit;
	char version[UNIT_NAME_SIZE] = "VERSION", cluster[UNIT_NAME_SIZE] = "CLUSTER";
	const char *at = strchr(unit->name, '@'), *suffix = strrchr(unit->name, '.');
	const char *dash = at ? strchr(at, '-') : NULL;

	if (!is_cluster(unit))
		return;
	if (!(obstacles->told & WAY_LIBRARY) || obstacles->open & WAY_KERNEL) {
		obstacle(obstacles, WAY_LIBRARY | CERTAIN, NULL,
			 "%s: pg_ctlcluster starts its program with another environment; --method "
			 "library prints lines for that",
			 unit->name);
		return;
	}
	if (dash && dash < suffix) {
		snprintf(version, sizeof version, "%.*s", (int)(dash - at - 1), at + 1);
		snprintf(cluster, sizeof cluster, "%.*s", (int)(suffix - dash - 1), dash + 1);
	}
	obstacle(
		obstacles, WAY_LIBRARY | CERTAIN, NULL,
		"%s: put these lines into %s/etc/postgresql/%s/%s/environment instead, and restart "
		"it:",
		unit->name, unit->root->path, version, cluster);
	for (size_t i = 0; i < variables->count; i++) {
		fprintf(stderr, "%s = '", variables->at[i].name);
		print_value(variables->at[i].value);
		fputs("'\n", stderr);
	}
}
