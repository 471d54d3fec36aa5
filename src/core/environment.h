/* The configuration's variables. */
#ifndef KEEPALIVE_ENVIRONMENT_H
#define KEEPALIVE_ENVIRONMENT_H

#include "core/error.h"
#include "core/logging.h"
#include "core/rules.h"

/* The strings belong to the environment and live as long as it does. */
struct environment {
	struct settings settings;
	struct logging logging;
	struct value sandboxed;
	unsigned char rank[OPTIONS]; /* which of the option's variables set the value */
	const char *file;            /* KEEPALIVE_CONF; NULL: unset; "": no file */
	const char *listen_fds;      /* of socket activation; NULL: unset */
	const char *listen_pid;
};

/*
 * Reads our variables and those of libkeepalive 0.3 and others (ancestors). Of two with the same
 * name the first counts, as for getenv(). An empty variable counts as unset. One that cannot be
 * read is reported and ignored.
 */
void environment_read(struct environment *environment, char *const *variables,
		      struct errors *errors);

/* Returns the name of our variable number i, from 0; NULL after the last. */
const char *environment_name(size_t i);

/*
 * Returns true for KEEPALIVE=off or an ancestor's equivalent: the library must do and read nothing.
 */
bool environment_says_off(const struct environment *environment);

#endif
