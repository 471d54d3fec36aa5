/* What apply means to set on a socket: as the library would. */
#ifndef KEEPALIVE_INTENT_H
#define KEEPALIVE_INTENT_H

#include "cli/sockets/sockets.h"
#include "cli/ui/configuration.h"

/* What an option is to be. */
struct intent {
	bool set;     /* false: it is left alone */
	bool derived; /* from what the socket then has of three others */
	int number;   /* VALUE_UNKNOWN: the kernel's own value, which is not known */
};

/*
 * Of all options, by id. `again`: the socket was given what it could have before it was connected,
 * so that only what rules have for such a connection is new.
 */
void intents_of(const struct configuration *configuration, const struct tcp_socket *socket,
		bool again, struct intent intent[OPTIONS]);

#endif
