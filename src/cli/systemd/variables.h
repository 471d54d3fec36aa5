/* The variables that a drop-in sets in the environment of a service. */
#ifndef KEEPALIVE_VARIABLES_H
#define KEEPALIVE_VARIABLES_H

#include "cli/base/failure.h"
#include "cli/systemd/obstacles.h"

struct variable {
	const char *name;
	char *value; /* as it is to be in the environment */
	char *word;  /* NAME=VALUE as it is in the file of a unit, before it is quoted */
};

/* { 0 } is empty. LD_PRELOAD is the first. */
struct variables {
	size_t count, room;
	struct variable *at;
};

/* Appends one, the value copied. Returns false if systemd does not take the value. */
bool variables_add(struct variables *variables, const char *name, const char *value,
		   struct failure *failure);

/*
 * Appends LD_PRELOAD. `before`: its value in the unit, as it is in its file, specifiers included,
 * or NULL. Returns false if systemd does not take the value.
 */
bool variables_add_preload(struct variables *variables, const char *before, const char *library,
			   struct failure *failure);

/* Lines of a unit that set them, LD_PRELOAD only with `preload`. To be freed. */
char *variables_lines(const struct variables *variables, bool preload);

/* Refuses, or warns, where the unit has something that undoes what the drop-in sets. */
void obstacles_of_environment(struct obstacles *obstacles, const struct variables *variables);

/*
 * If the service is a cluster of Debian's PostgreSQL, which starts without the environment of its
 * unit: says so, and in which file the variables belong.
 */
void obstacles_of_postgres(struct obstacles *obstacles, const struct variables *variables);

#endif
