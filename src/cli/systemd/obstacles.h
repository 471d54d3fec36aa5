/* What in the files of a unit keeps the library out of its service, or keeps it from working there.
 */
#ifndef KEEPALIVE_OBSTACLES_H
#define KEEPALIVE_OBSTACLES_H

#include "cli/preload/library.h"
#include "cli/systemd/service.h"

struct dropin;

struct obstacles {
	const struct service *unit;
	const struct library *library;
	struct root inside; /* what the service sees as its root: RootDirectory= */
	bool image;         /* RootImage=: what is in it cannot be seen from here */
	bool refused;       /* something was found that is certain */
};

/*
 * Reports an obstacle on stderr (printf-like), with the file and line of `assignment` (NULL: none).
 * `certain`: the drop-in would do nothing, or harm.
 */
void obstacle(struct obstacles *obstacles, bool certain, const struct assignment *assignment,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Looks at the mounts of the service: RootDirectory=, InaccessiblePaths= and the like. Fills in
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

/* Looks for another file of the library's name in an LD_PRELOAD that `assignment` (or the unit)
 * has. */
void obstacles_of_namesakes(struct obstacles *obstacles, const struct assignment *assignment,
			    const char *preload);

/* Looks for other files of the drop-in's name, of which systemd reads only one. */
void obstacles_of_rivals(struct obstacles *obstacles, const struct dropin *dropin);

/*
 * Splits one ExecStart= into words, NULL after the last, for command_words_free. Returns false if
 * there is none.
 */
bool command_words(const struct service *unit, const struct assignment *assignment, char ***words);
void command_words_free(char **words);

#endif
