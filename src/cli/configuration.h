/* What the library would go by here: environment, file and kernel, with the command line over them. */
#ifndef KEEPALIVE_CONFIGURATION_H
#define KEEPALIVE_CONFIGURATION_H

#include "cli/wanted.h"
#include "core/loader.h"

/* The file that is read if no other is named; it need not exist. */

struct configuration {
	const struct wanted *wanted;
	struct loaded loaded;
	struct policy policy;
	unsigned int warnings;
	unsigned int complaints;  /* how many there were, all said on stderr */
};

/*
 * Reads all of it, for a program that is called by those names (PROGRAM_NAMES of them, which may be
 * empty; NULL: none is known), where rules ask for it. A file that is named, by --config, KEEPALIVE_CONF or `path` (NULL: neither), has to be there.
 * What cannot be read is said on stderr with file, line and column, and left out. `wanted` has to
 * live as long as *configuration, of which one can be in use at a time.
 */
void configuration_read(struct configuration *configuration, const struct wanted *wanted,
			const char *path, const char *const *program);

/* Where the value of an option (OPTIONS: of override) comes from: "FILE:12, rule database", "--idle", "the kernel"... */
struct source {
	char at[sizeof((struct line *)0)->at];
};
struct source configuration_source(const struct configuration *configuration, size_t option,
				   const struct choice *choice);

/* The number in a sysctl of this network namespace; `otherwise` where it cannot be read. */
int sysctl_number(const char *name, int otherwise);

/* Jiffies in a second; 0: not known. */
int kernel_hz(void);

/* The sysctls' values where the table names one, else the usual ones. */
void kernel_values_read(struct kernel_values *kernel);

#endif
