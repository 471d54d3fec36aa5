/* What the library would go by here: environment, file and kernel, with the command line over them.
 */
#ifndef KEEPALIVE_CONFIGURATION_H
#define KEEPALIVE_CONFIGURATION_H

#include "cli/ui/wanted.h"
#include "core/loader.h"

/* The program that a question is about, for rules that look at it. */
struct subject {
	const char *name[PROGRAM_NAMES]; /* what it is called; NULL: not known */
	bool user_known;
	uint32_t user; /* the effective user with which it was started */
};

struct configuration {
	const struct wanted *wanted;
	struct loaded loaded;
	struct policy policy;
	unsigned int warnings;
	unsigned int errors; /* how many errors there were */
};

/*
 * Reads all of it, for that program (NULL: nothing is known of it). The file must exist if it is
 * named, by `path` (NULL: it is not), --config or KEEPALIVE_CONF. Errors and warnings are printed
 * with file, line and column, and what they concern is ignored. `wanted` has to live as long as
 * *configuration, of which one can be in use at a time.
 */
void configuration_read(struct configuration *configuration, const struct wanted *wanted,
			const char *path, const struct subject *subject);

/* As the condition `uid` reads a user: a number, or a name in /etc/passwd. */
enum error_code configuration_user(struct text word, uint32_t *user);

/* Where the value of an option (OPTIONS: of override) comes from: "FILE:12, rule database",
 * "--idle", "the kernel"... */
struct source {
	char at[sizeof((struct line *)0)->at];
};
struct source configuration_source(const struct configuration *configuration, size_t option,
				   const struct choice *choice);

#endif
