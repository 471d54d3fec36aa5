/* The TCP sockets that the processes of a control group had before BPF programs were attached. */
#ifndef KEEPALIVE_EXISTING_H
#define KEEPALIVE_EXISTING_H

#include "cli/groups/group.h"
#include "cli/ui/applying.h"

struct existing {
	size_t listeners, connections;
	bool unreadable; /* there may be more */
};

struct existing existing_count(const struct group *group);

/* One line on stderr, unless it is known that there are none. */
void existing_report(const struct existing *existing);

/* Sets them as apply does, and prints its table. Returns the exit status of apply. */
int existing_apply(struct applying *applying, const struct group *group);

#endif
