/* Assignments in unit files and environment files, with the places where they are written. */
#ifndef KEEPALIVE_ASSIGNMENTS_H
#define KEEPALIVE_ASSIGNMENTS_H

#include <stdbool.h>
#include <stddef.h>

struct assignment {
	char *word; /* NAME=VALUE; in lists that say so, a name or a value alone */
	char *file; /* its path here, with that of the root in front */
	unsigned int line;
};

/* { 0 } is empty. */
struct assignments {
	size_t count;
	struct assignment *at;
};

/* Appends a copy of a word, and of the file's name. */
void assignments_add(struct assignments *list, const char *word, const char *file,
		     unsigned int line);

/* Returns the last assignment to a variable or key; NULL if there is none. */
const struct assignment *assignments_find(const struct assignments *list, const char *variable);

/* Returns true if the last assignment to a key switches it on, as systemd reads it. */
bool assignments_switch(const struct assignments *list, const char *key);

/* Returns the value of an assignment NAME=VALUE. */
const char *assignment_value(const struct assignment *assignment);

#endif
