/* Gives the settings to the sockets of running processes, one after the other. */
#ifndef KEEPALIVE_APPLYING_H
#define KEEPALIVE_APPLYING_H

#include "cli/sockets/known.h"
#include "cli/ui/change.h"
#include "cli/ui/configuration.h"

struct applying {
	struct wanted wanted;
	struct configuration configuration;
	struct style style;
	struct libscols_table *table; /* of this round */
	size_t sockets;               /* how many TCP sockets were seen, in all rounds */
	struct known known;           /* the sockets that were dealt with */
	struct changes changes;
	int refused; /* sockets of this process that may not be changed */
	int status;
};

/* Ends the process if the configuration has errors. It is read again for each process. */
void applying_read_configuration(struct applying *applying);

/* To be called before each look at all processes; begins a table, for table_print. */
void applying_begin_round(struct applying *applying);

/*
 * An error that comes into the file meanwhile is printed once, and nothing is set until it is gone.
 * Returns true if the process has TCP sockets, or there was an error.
 */
bool applying_to(struct applying *applying, const struct process *process);

#endif
