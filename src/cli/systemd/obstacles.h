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
	struct root inside;        /* what the service sees as its root: RootDirectory= */
	bool image;                /* RootImage=: what is in it cannot be seen from here */
	unsigned int open;         /* the ways that nothing certain was found against */
	bool hopeless;             /* something certain was found against both */
	unsigned int told;         /* the ways whose obstacles are reported */
	size_t reached, unreached; /* programs of ExecStart=, by the library */
};

/* The ways in which a service gets its settings; CERTAIN: this one would do nothing, or harm. */
enum { WAY_LIBRARY = 1, WAY_KERNEL = 2, WAYS = WAY_LIBRARY | WAY_KERNEL, CERTAIN = 4 };

/*
 * Reports an obstacle to some ways on stderr (printf-like), with the file and line of `assignment`
 * (NULL: none). Closes them if it is certain.
 */
void obstacle(struct obstacles *obstacles, unsigned int ways, const struct assignment *assignment,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));

/*
 * Looks for what keeps BPF programs out of the unit's control group, or `command`, which attaches
 * them, from running there.
 */
void obstacles_of_kernel(struct obstacles *obstacles, const char *command);

/*
 * Looks at the mounts of the service: RootDirectory=, InaccessiblePaths= and the like. Fills in
 * `inside` and `image`.
 */
void obstacles_of_mounts(struct obstacles *obstacles);

/* Returns true if BindPaths= or the like puts that path into the root directory of the service. */
bool obstacles_bound(const struct obstacles *obstacles, const char *path);

/* Looks whether the user of the service may read the library's file. */
void obstacles_of_permissions(struct obstacles *obstacles);

/* Looks at SystemCallFilter=. */
void obstacles_of_filter(struct obstacles *obstacles);

/* Looks at ExecStart=: launchers, wrappers that run nothing, servers that clean their sessions. */
void obstacles_of_commands(struct obstacles *obstacles);

/*
 * Looks at the program files of ExecStart=, and counts those that the library reaches.
 * `sandbox_decided`: what happens in a sandbox of their own is settled. Returns true if the loader
 * of one is musl's.
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
