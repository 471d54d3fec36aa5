/* Which processes show, audit and apply are to look at: a word of the command line, and who it
 * means now.
 */
#ifndef KEEPALIVE_OPERAND_H
#define KEEPALIVE_OPERAND_H

#include "cli/sockets/process.h"
#include "cli/verb.h"

enum operand_kind {
	OPERAND_PID,     /* digits */
	OPERAND_UNIT,    /* ends in .service, .scope or .slice */
	OPERAND_PROGRAM, /* all else: a name, or a pattern for names, as in rules */
};

struct operand {
	enum operand_kind kind;
	const char *word;
	pid_t pid;
	int pidfd;   /* of a process id, once operands_living() has opened it; -1 */
	char *group; /* of a unit: its control group, once systemd has told it */
};

/* Reads all words, to be freed. Does not return where one can mean no process. */
struct operand *operands_read(const struct verb *verb, char **words, size_t count);

/*
 * Holds the process that has the process id now, for operand_has_ended(). Returns false if there is
 * none. Other operands are not held.
 */
bool operand_hold(struct operand *operand);

/* Returns true if the process that is held has ended: a later one may have the same id. */
bool operand_has_ended(const struct operand *operand);

/*
 * Drops the process ids whose processes have ended: a later process may get the same one. From the
 * first call on, which returns false and names the one in *missing if there is no such process.
 * *count becomes the number of operands that are left.
 */
bool operands_living(struct operand *operands, size_t *count, const char **missing);

/*
 * Is called for a process; `operand` is the one that means it, NULL for what such a process has
 * started. True if there was something to tell of it, a socket or an error.
 */
typedef bool operand_visit(void *context, const struct relative *who,
			   const struct operand *operand);

/*
 * Calls `visit` for the processes that the operand means now, with `children` also for all that
 * those have started. A process id is taken as it is, whether there is such a process or not; a
 * program's name leaves out the command itself. Returns NULL, or in words why there was nothing to
 * tell.
 */
const char *operand_each(struct operand *operand, bool children, operand_visit *visit,
			 void *context);

#endif
