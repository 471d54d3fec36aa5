/* What enable would write for a unit, and whether that would work. */
#ifndef KEEPALIVE_ENABLING_H
#define KEEPALIVE_ENABLING_H

#include "cli/systemd/dropin.h"
#include "cli/systemd/variables.h"
#include "cli/ui/method.h"
#include "cli/ui/wanted.h"

struct enabling {
	struct wanted wanted;
	enum method wanted_method, method;
	const char *named_library; /* by --library; NULL: not set */
	struct root root;
	struct service unit;
	struct library library;
	char command[PATH_MAX]; /* that systemd is to run */
	struct attach_subject subject;
	struct variables variables;
	struct obstacles obstacles;
	struct failure failure;
};

/*
 * Reads the unit, and decides how it gets what is wanted. The first four members are the caller's.
 * Ends the process, after a message, if there is no way.
 */
void enabling_prepare(struct enabling *enabling, const struct dropin *dropin);

/* Returns the lines that the drop-in is to have. To be freed. */
char *enabling_lines(const struct enabling *enabling);

#endif
