/* Loads the configuration, for the library, the command and the tests alike: environment, then
 * file. */
#ifndef KEEPALIVE_LOADER_H
#define KEEPALIVE_LOADER_H

#include "core/environment.h"
#include "core/file.h"
#include "core/policy.h"

/* A file that may be the configuration, as open() and fstat() describe it. */
struct file_facts {
	bool named; /* the user named it; else it is the default file, which may be missing */
	unsigned int mode;  /* st_mode */
	unsigned int owner; /* st_uid */
	unsigned int user;  /* who reads it */
	unsigned long long size;
};

/* Returns why the file must not be read; ERROR_NONE if it may. */
enum error_code file_refused(const struct file_facts *facts);

/* What an errno value of open() amounts to; ERROR_NONE if the default file is just not there. */
enum error_code file_open_error(int error, bool named);

/* What to load, and for whom. */
struct loader {
	char *const *variables; /* the environment; NULL: none */
	const char *default_file;
	const char *file;  /* overrides KEEPALIVE_CONF and the default; NULL: not set */
	unsigned int user; /* who may own the file, beside root */
	bool even_if_off;  /* load the file although the environment says KEEPALIVE=off */
	const struct program *program;
	const struct system *system;
};

struct loaded {
	struct environment environment;
	const char *path; /* of the file; "": no file is wanted */
	bool found;       /* the file exists, or it was named */
	struct file_content file;
};

/*
 * Loads all of it. The memory of loaded->file.rules must be set; everything else is overwritten.
 * Errors go to *errors; what they concern is ignored, and a file that cannot be read to its end
 * is ignored as a whole. Returns false if the library is to do nothing (KEEPALIVE=off).
 */
bool configuration_load(struct loaded *loaded, const struct loader *loader,
			struct errors *errors);

/* Fills everything in *policy but the kernel's values. */
void configuration_policy(const struct loaded *loaded, struct policy *policy);

#endif
