/* The services and programs of a machine, and what their TCP connections are: for audit. */
#ifndef KEEPALIVE_SERVICES_H
#define KEEPALIVE_SERVICES_H

#include "cli/base/memory.h"
#include "cli/base/pids.h"
#include "cli/forecast/tally.h"
#include "cli/groups/owner.h"
#include "cli/sockets/process.h"
#include "cli/ui/reach.h"

/* A program of a service, or a program that is in none; no program: that is not known. */
struct service_row {
	struct owner owner; /* logins are none */
	char program[64];
	char executable[64]; /* its file's base name */
	bool executables;    /* there are several of these */
	struct tally tally;
	struct pids pids;  /* the processes that have connections to other hosts */
	const char *reach; /* by what they get their settings; "partly": not all; NULL: not known */
	const char *obstacle; /* why the library does not reach the program; NULL: it does */
	bool examined;        /* whether it does is known */
	struct numbers inodes;
};

/* What is to be found out, and what was. { 0 }, but for the first member. */
struct services {
	bool netlink; /* only what netlink reports; no socket is touched */
	struct service_row *row;
	size_t count, room;
	struct tally total; /* each socket once */
	size_t denied;      /* processes whose sockets could not be seen, or not all of them */
	size_t left_out;    /* the same, of which nobody was told: processes of other users */
	bool hidden;        /* more, which /proc does not even list */
	bool incomplete;    /* sockets without a process could not be listed */
	struct numbers pids, inodes;
	struct reach known;
};

/*
 * Looks at a process, at most once. What cannot be seen is reported on stderr if it `matters`.
 * Returns PROCESS_GONE if there is no such process.
 */
enum process_error services_add(struct services *services, const struct relative *who,
				bool matters);

/*
 * Looks at all processes, and at sockets that none of them has. Returns false if there is no /proc
 * of ours.
 */
bool services_add_all(struct services *services);

/* Returns true if not all could be looked at. */
static inline bool services_gaps(const struct services *services)
{
	return services->denied || services->left_out || services->hidden || services->incomplete;
}

/* Sorts them: those that would hang first. */
void services_sort(struct services *services);

#endif
