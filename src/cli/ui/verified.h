/* What a service that was restarted is to have, as systemd has it. */
#ifndef KEEPALIVE_VERIFIED_H
#define KEEPALIVE_VERIFIED_H

#include "cli/ui/configuration.h"
#include "cli/ui/enabling.h"

struct ports {
	bool has[UINT16_MAX + 1];
};

/* Gives this process the settings that are in the environment of the service. */
void verified_take_environment(const struct variables *variables);

/* Returns true if a socket unit hands the service its listeners. */
bool verified_is_activated(const char *unit);

/* What the line of the drop-in says for rules, as systemd resolves it. */
void verified_subject(const struct enabling *plan, struct subject *subject);

/* The TCP ports of a socket unit; none of other units. */
void verified_ports(const char *unit, struct ports *ports);

#endif
