/* What in the files of a unit keeps the library out of its service, or from its work there. */
#ifndef KEEPALIVE_OBSTACLES_H
#define KEEPALIVE_OBSTACLES_H

#include "cli/preload/library.h"
#include "cli/systemd/unit.h"

struct obstacles {
	const struct service *unit;
	const struct library *library;
	struct root inside; /* what the service sees as its root: RootDirectory= */
	bool image;         /* RootImage=: what is in it cannot be seen from here */
	bool refused;       /* something was found that is certain */
};

/*
 * Says on stderr what was found, with the file and line of `said` (NULL: none). `certain`: the
 * drop-in would do nothing, or harm.
 */
void obstacle(struct obstacles *obstacles, bool certain, const struct said *said,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/* The value in a word KEY=VALUE. */
const char *said_value(const struct said *said);

/*
 * Looks at the mounts of the service: RootDirectory=, InaccessiblePaths= and their like. Fills in
 * `inside` and `image`.
 */
void obstacles_of_mounts(struct obstacles *obstacles);

/* Looks whether the user of the service may read the library's file. */
void obstacles_of_permissions(struct obstacles *obstacles);

/* Looks at SystemCallFilter=. */
void obstacles_of_filter(struct obstacles *obstacles);

/* Looks at ExecStart=: launchers, wrappers that run nothing, servers that clean their sessions. */
void obstacles_of_commands(struct obstacles *obstacles);

/*
 * Looks at the program files of ExecStart=. `sandbox_decided`: what happens in a sandbox of their
 * own is settled. Returns true if the loader of one is musl's.
 */
bool obstacles_of_programs(struct obstacles *obstacles, bool sandbox_decided);

/* Looks for another file of the library's name in an LD_PRELOAD that `said` (or the unit) has. */
void obstacles_of_namesakes(struct obstacles *obstacles, const struct said *said,
			    const char *preload);

/* Reads one line of ExecStart= into words, NULL after the last; false if there is none. */
bool command_words(const struct service *unit, const struct said *said, char ***words);
void command_words_free(char **words);

#endif
