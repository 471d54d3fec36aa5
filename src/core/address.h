/* Internet addresses, networks and ports: read from text, and matched. */
#ifndef KEEPALIVE_ADDRESS_H
#define KEEPALIVE_ADDRESS_H

#include "core/text.h"

struct sockaddr;

/* An address as numbers in host byte order. IPv4: in `low`, and `high` is 0. */
struct address {
	uint64_t high, low;
	bool is_ipv4; /* IPv4-mapped IPv6 addresses are IPv4 */
};

struct network {
	struct address address; /* bits outside the masks are ignored */
	uint64_t high_mask, low_mask;
};

struct port_range {
	uint16_t first, last;
};

/* Reads an address, or a network as ADDRESS/BITS; IPv4 or IPv6. Returns false if it is neither. */
bool network_read(struct text word, struct network *network);

static inline bool network_holds(const struct network *network, const struct address *address)
{
	return network->address.is_ipv4 == address->is_ipv4 &&
	       !(((network->address.high ^ address->high) & network->high_mask) |
		 ((network->address.low ^ address->low) & network->low_mask));
}

/* Reads a port from 1 to 65535, or FIRST-LAST. Returns false if it is neither. */
bool port_range_read(struct text word, struct port_range *range);

/*
 * Copies address and port from the sockaddr of a socket call. Returns false if it is too short, or
 * neither IPv4 nor IPv6.
 */
bool address_from_socket(const struct sockaddr *socket_address, size_t length,
			 struct address *address, uint16_t *port);

/*
 * Appends an address in its usual notation, and the port unless it is 0; IPv6 with a port in
 * brackets.
 */
void line_add_address(struct line *line, const struct address *address, uint16_t port);

#endif
