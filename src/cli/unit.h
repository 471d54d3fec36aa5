/* A service of systemd: its name, and what its files say that concerns preloading. */
#ifndef KEEPALIVE_UNIT_H
#define KEEPALIVE_UNIT_H

#include "cli/root.h"
#include "cli/verb.h"

enum { UNIT_NAME_SIZE = 256 };

/*
 * The whole name of the service that a word of the command line names: .service is appended where
 * there is no suffix. Does not return where the word names none.
 */
void unit_name_read(const struct verb *verb, const char *word, char name[UNIT_NAME_SIZE]);

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
	struct said_list programs; /* the programs of ExecStart=, paths where they could be read */
	struct said protect_home, private_tmp, dynamic_user; /* no word: not said */
};

/*
 * Reads all files of a service but its drop-in named `own`, and what they name in turn. `unit`,
 * which keeps root and name, is not to be freed. Ends the process as unit_files does.
 */
void unit_read(struct service *unit, const struct root *root, const char *name, const char *own);

/* The last that sets a variable; NULL where none does. */
const struct said *said_of(const struct said_list *list, const char *variable);

#endif
