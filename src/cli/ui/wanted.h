/* The settings that a command line asks for. */
#ifndef KEEPALIVE_WANTED_H
#define KEEPALIVE_WANTED_H

#include "cli/ui/flags.h"
#include "cli/ui/settings_flags.h"
#include "core/logging.h"
#include "core/rules.h"

/* Which errors and warnings in the configuration are printed. All are counted. */
enum reporting { REPORT_ALL, REPORT_ERRORS, REPORT_WARNINGS, REPORT_NOTHING };

struct wanted {
	struct settings settings;
	const char *word[OPTIONS]; /* as it was written; NULL: not there */
	const char *override;
	const char *sandboxed;
	const char *log;
	const char *log_level;
	const char *config; /* "": no file */
	enum reporting reporting;
};

/*
 * Takes an option that flags_next returned, if it is one of these: false if not. What cannot be
 * read ends the process.
 */
bool wanted_take(struct wanted *wanted, const struct verb *verb, int flag, const char *argument);

/*
 * Calls `take` with each variable that makes a program have them: our own name, and the word.
 */
void wanted_variables(const struct wanted *wanted,
		      void (*take)(void *context, const char *name, const char *word),
		      void *context);

/*
 * A path that leads to the same from every directory; a link stays one. To be freed. Ends the
 * process with `status` where the directory that we are in is not known.
 */
char *path_absolute(const char *path, int status);

#endif
