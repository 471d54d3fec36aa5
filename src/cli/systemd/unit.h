/* A service of systemd: its name, and what its files say that concerns preloading. */
#ifndef KEEPALIVE_UNIT_H
#define KEEPALIVE_UNIT_H

#include "cli/base/root.h"
#include "cli/verb.h"

enum { UNIT_NAME_SIZE = 256 };

/*
 * The whole name of the service that a word of the command line names: .service is appended where
 * there is no suffix. Does not return where the word names none.
 */
void unit_name_read(const struct verb *verb, const char *word, char name[UNIT_NAME_SIZE]);

/* True if it is a template, foo@.service, which does not run itself. */
bool unit_is_template(const char *name);

/* A word of a file and where it stands. */
struct said {
	char *word;
	char *file; /* as it is here, the root in front */
	unsigned int line;
};

struct said_list {
	size_t count;
	struct said *at;
};

struct service {
	const struct root *root;
	const char *name;
	char *preload;               /* LD_PRELOAD as it is before our drop-in, or NULL */
	struct said_list later;      /* what Environment= sets behind it, NAME=VALUE */
	struct said_list resets;     /* where Environment= is emptied behind it */
	struct said_list from_files; /* what files of EnvironmentFile= set, NAME=VALUE */
	struct said_list unset;      /* what UnsetEnvironment= names: NAME or NAME=VALUE */
	struct said_list commands;   /* ExecStart=, as it is written */
	struct said_list settings;   /* all else in [Service], KEY=VALUE as it is written */
};

/*
 * Reads all files of a service but its drop-in named `own`, and what they name in turn. `unit`,
 * which keeps root and name, is not to be freed. Ends the process as unit_files does.
 */
void unit_read(struct service *unit, const struct root *root, const char *name, const char *own);

/* Appends a word, which is copied as the file's name is. */
void said_add(struct said_list *list, const char *word, const char *file, unsigned int line);

/* The last that sets a variable or key; NULL where none does. */
const struct said *said_of(const struct said_list *list, const char *variable);

/* Reads a file that EnvironmentFile= names into unit->from_files. */
void unit_read_environment_file(struct service *unit, const struct said *said);

/* Resolves the specifiers of a word; false if one is not known, or the result is too long. */
bool specifiers_resolve(const struct service *unit, const char *word, char resolved[PATH_MAX]);

#endif
