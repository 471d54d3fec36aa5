/* What can be done for a service whose connections do not notice a dead peer: commands to paste. */
#ifndef KEEPALIVE_REMEDY_H
#define KEEPALIVE_REMEDY_H

#include "cli/ui/services.h"

struct remedy {
	const char *reason; /* half a sentence; NULL: nothing is to be done */
	const char *when;   /* when the first command takes effect, as half a sentence */
	char *lasting;      /* for connections that begin later; NULL: none */
	char *now;          /* for those that exist; NULL: none, or the first does that, too */
};

/* Finds the commands, with settings that suit most; to be freed by remedy_free. */
struct remedy remedy_of(const struct services *services, const struct service_row *row);
void remedy_free(struct remedy *remedy);

#endif
