/* Internet addresses, networks and ports: read from text, and matched. */
#ifndef KEEPALIVE_ADDRESS_H
#define KEEPALIVE_ADDRESS_H

#include "core/text.h"

struct sockaddr;

/* An address in the order of bytes that numbers have here. IPv4 is in `low`, `high` being 0. */
struct address {
	uint64_t high, low;
	bool is_ipv4; /* IPv4-mapped IPv6 addresses are IPv4 */
};

struct network {
	struct address address; /* what the masks leave out does not count */
	uint64_t high_mask, low_mask;
};

struct port_range {
	uint16_t first, last;
};

/* An address, or a network as ADDRESS/BITS; IPv4 or IPv6. False if it is neither. */
bool network_read(struct text word, struct network *network);

static inline bool network_holds(const struct network *network, const struct address *address)
{
	return network->address.is_ipv4 == address->is_ipv4 &&
	       !(((network->address.high ^ address->high) & network->high_mask) |
		 ((network->address.low ^ address->low) & network->low_mask));
}

/* A port from 1 to 65535, or FIRST-LAST. False if it is neither. */
bool port_range_read(struct text word, struct port_range *range);

/*
 * Takes address and port out of what a socket call was given or gave. False where that is not
 * whole, or neither IPv4 nor IPv6.
 */
bool address_from_socket(const struct sockaddr *socket_address, size_t length,
			 struct address *address, uint16_t *port);

/* As people write it; IPv6 in brackets if there is a port, which is left out where it is 0. */
void line_add_address(struct line *line, const struct address *address, uint16_t port);

#endif
