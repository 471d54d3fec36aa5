/* Loads the configuration, environment and file, for the library, the command and the tests. */
#ifndef KEEPALIVE_LOADER_H
#define KEEPALIVE_LOADER_H

#include "core/environment.h"
#include "core/file.h"
#include "core/policy.h"

/* A file that may be the configuration, as open() and fstat() describe it. */
struct file_facts {
	bool named;         /* set by the user; otherwise the default file, which may be missing */
	unsigned int mode;  /* st_mode */
	unsigned int owner; /* st_uid */
	unsigned int user;  /* the user who reads it */
	unsigned long long size;
};

/* Returns the reason why the file must not be read; ERROR_NONE if it may be. */
enum error_code file_refused(const struct file_facts *facts);

/*
 * Returns the error for an errno value of open(); ERROR_NONE if only the default file is missing.
 */
enum error_code file_open_error(int error, bool named);

/* What to load, and for which program. */
struct loader {
	char *const *variables; /* the environment; NULL: none */
	const char *default_file;
	const char *file;  /* overrides KEEPALIVE_CONF and the default; NULL: not set */
	unsigned int user; /* may own the file, as root may */
	bool even_if_off;  /* load the file although the environment says KEEPALIVE=off */
	const struct program *program;
	const struct system *system;
};

struct loaded {
	struct environment environment;
	const char *path; /* of the file; "": no file */
	bool found;       /* the file exists or was set by the user */
	struct file_content file;
};

/*
 * Loads environment and file. The memory of loaded->file.rules must be set; everything else is
 * overwritten. Reports to *errors and ignores what it cannot read; a file that cannot be read to
 * its end is ignored as a whole. Returns false if the library must do nothing (KEEPALIVE=off).
 */
bool configuration_load(struct loaded *loaded, const struct loader *loader, struct errors *errors);

/* Fills *policy, except for the kernel's values. */
void configuration_policy(const struct loaded *loaded, struct policy *policy);

#endif
