/* The configuration's variables. */
#ifndef KEEPALIVE_ENVIRONMENT_H
#define KEEPALIVE_ENVIRONMENT_H

#include "core/error.h"
#include "core/logging.h"
#include "core/rules.h"

/* The strings are the environment's own and live as long as it does. */
struct environment {
	struct settings settings;
	struct logging logging;
	struct value sandboxed;
	unsigned char rank[OPTIONS]; /* which of the option's names gave the value */
	const char *file;            /* KEEPALIVE_CONF; NULL: not there; "": no file wanted */
	const char *listen_fds;      /* of socket activation; NULL: not there */
	const char *listen_pid;
};

/*
 * Reads the variables that are ours or an ancestor's. Of two with the same name the first counts, as
 * for getenv. An empty one counts as not there. One that cannot be read is reported and ignored,
 * as if it were not there.
 */
void environment_read(struct environment *environment, char *const *variables,
		      struct errors *errors);

/* The names of all our own variables, by number from 0; NULL after the last. */
const char *environment_name(size_t i);

/* KEEPALIVE=off, or what an ancestor had for it: the shim is to do nothing and to read nothing. */
bool environment_says_off(const struct environment *environment);

#endif
