/* Which library a program's own loader takes for one that LD_PRELOAD names already. */
#ifndef KEEPALIVE_PRELOADED_H
#define KEEPALIVE_PRELOADED_H

#include "cli/preload/library.h"

enum preloaded {
	PRELOADED_OURS,
	PRELOADED_OTHER, /* another file of the same name */
	PRELOADED_NONE,
};

/*
 * Asks the loader of a program, which is asked to list the libraries and runs nothing else, which
 * file it takes for the library, with LD_PRELOAD as it is in our environment. The path of another
 * file is in `other`.
 */
enum preloaded preloaded_ask(const struct executable *executable, const struct library *library,
			     char other[PATH_MAX]);

#endif
