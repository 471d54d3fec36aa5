/* Well-known networks that forget idle connections: the presets in conf/presets; and proxies. */
#ifndef KEEPALIVE_NETWORKS_H
#define KEEPALIVE_NETWORKS_H

#include "cli/ui/table.h"

struct network_preset {
	const char *name;
	int idle_timeout;   /* the shortest there, in seconds */
	const char *what;   /* "through ...", "in ..." */
	const char *source; /* of the figure */
	bool proxy;         /* it ends TCP itself, and counts data, not probes */
};

/* Returns the one with that name; ends the process, after a message, if there is none. */
const struct network_preset *network_find(const struct verb *verb, const char *name);

/* Prints all. */
void networks_print(const struct style *style);

#endif
