/* Which sockets show lists: those that all conditions on the command line hold for. */
#ifndef KEEPALIVE_FILTER_H
#define KEEPALIVE_FILTER_H

#include "cli/ui/entries.h"
#include "cli/ui/flags.h"
#include "core/address.h"

/* What a verb puts into its table of flags to have filters. */
enum { FLAG_STATE = 60, FLAG_PORT, FLAG_PEER, FLAG_PROGRAM, FLAG_UNIT, FLAG_NEVER };
#define FILTER_FLAGS                                                                               \
	{ FLAG_STATE, 0, "state", "STATES", "only these states: ESTABLISHED,CLOSE-WAIT" },         \
		{ FLAG_PORT, 0, "port", "PORTS",                                                   \
		  "only these ports, at either end: 80,8000-8999" },                               \
		{ FLAG_PEER, 0, "peer", "NETWORKS", "only peers in these networks: 10.0.0.0/8" },  \
		{ FLAG_PROGRAM, 0, "program", "NAMES",                                             \
		  "only programs of these names: 'php-fpm*'" },                                    \
		{ FLAG_UNIT, 0, "unit", "NAMES",                                                   \
		  "only these units and containers: nginx.service" },                              \
	{                                                                                          \
		FLAG_NEVER, 0, "never", NULL, "only connections that never notice a dead peer"     \
	}

/* A pattern for names, and whether a process has such a name. */
struct named {
	struct text pattern;
	bool found;
};

/* { 0 } lets all pass. */
struct filter {
	unsigned int states; /* 1 << TCP_ESTABLISHED... */
	struct port_range *port;
	struct network *peer;
	struct named *program, *unit;
	size_t ports, peers, programs, units;
	bool never;
};

/* Takes an option that flags_next returned, if it is one of these: false if not. Does not return if
 * its argument is wrong. */
bool filter_take(struct filter *filter, const struct verb *verb, int flag, const char *argument);

/* Returns true if there is a condition. */
bool filter_is_set(const struct filter *filter);

/* Returns true if there is a condition that processes have to meet. */
bool filter_is_of_processes(const struct filter *filter);

/* Returns true if the process meets the conditions; notes which names were found. */
bool filter_has_process(const struct filter *filter, const struct process *process);

/* Returns false if the state or an end is known, and not one that was asked for. */
bool filter_has_socket(const struct filter *filter, const struct tcp_socket *socket);

/* Returns false if the connection notices a dead peer, and only others were asked for. */
bool filter_has_entry(const struct filter *filter, const struct entry *entry);

/* Returns true if it is not known whether the conditions hold for one that is listed. */
bool filter_is_unknown(const struct filter *filter, const struct entry *entry);

/* The options that it depends on: 1 << id each. */
unsigned int filter_options(const struct filter *filter);

/* Reports names that no process has. Returns false if there are any. */
bool filter_report(const struct filter *filter);

#endif
