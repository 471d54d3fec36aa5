/* The variables that a drop-in sets in the environment of a service. */
#ifndef KEEPALIVE_VARIABLES_H
#define KEEPALIVE_VARIABLES_H

#include "cli/systemd/obstacles.h"
#include "core/option.h"

/* LD_PRELOAD, one for each option, and override, sandboxed, the file, the log and its level. */
enum { VARIABLES_MAX = OPTIONS + 6 };

struct variable {
	const char *name;
	char *value; /* as it is to be in the environment */
	char *word;  /* NAME=VALUE as it is in the file of a unit, before it is quoted */
};

/* LD_PRELOAD is the first. */
struct variables {
	int count;
	struct variable at[VARIABLES_MAX];
};

/* Adds one, the value copied. Ends the process if systemd does not take it. */
void variables_add(struct variables *variables, const char *name, const char *value);

/*
 * Adds LD_PRELOAD. `before`: what the unit has in it, as it is in its file, specifiers included, or
 * NULL.
 */
void variables_add_preload(struct variables *variables, const char *before, const char *library);

/* Lines of [Service] that set them. To be freed. */
char *variables_lines(const struct variables *variables);

/* Refuses, or warns, where the unit has something that undoes what the drop-in sets. */
void obstacles_of_environment(struct obstacles *obstacles, const struct variables *variables);

/*
 * If the service is a cluster of Debian's PostgreSQL, which starts without the environment of its
 * unit: says so, and in which file the variables belong.
 */
void obstacles_of_postgres(struct obstacles *obstacles, const struct variables *variables);

#endif
