/* Follows the TCP connections of the machine, and reports those that end. */
#ifndef KEEPALIVE_FOLLOWING_H
#define KEEPALIVE_FOLLOWING_H

#include "cli/base/memory.h"
#include "cli/ui/holder.h"
#include "cli/ui/operand.h"
#include "cli/ui/place.h"

/* The end of a connection. */
struct ended {
	struct conclusion conclusion;
	const struct sample *before; /* as the last look saw it; NULL: none did */
	const struct sample *after;
	const struct holder *holder; /* NULL: not known */
	const int *value;            /* of the options; below 0: not known. NULL: none is */
	bool open;                   /* its program has not closed it */
};

struct following {
	struct operand *operands; /* whose connections, */
	size_t operand_count;
	bool chosen;   /* if there were any at first; else all */
	bool children; /* those of their children, too */
	void (*report)(void *context, const struct ended *ended);
	void *context;
	bool enough; /* set by report(): nothing more is to be waited for */

	/* The rest is for following.c; zero at first. */
	struct place **place;
	size_t count, room;
	struct pids pids; /* of the processes that are looked at */
	struct holders holders;
	struct numbers denied; /* network namespaces that cannot be entered */
	unsigned int looks;
	bool lost; /* the kernel has dropped some since following_lost() */
};

/* Returns false and errno if our network namespace cannot be followed, or looked at. */
bool following_begin(struct following *following);

/* Looks at processes, namespaces and connections; reports what has ended. */
void following_look(struct following *following);

struct pollfd;

/*
 * Waits for ends and reports them, that long, or until that is enough or something else happens:
 * `others` tells.
 */
void following_wait(struct following *following, long milliseconds, struct pollfd *others,
		    size_t count);

/* Returns true, once, if the kernel had to drop some ends. */
bool following_lost(struct following *following);

#endif
