/* The sockets that apply has dealt with: each is set once, however often it is seen. */
#ifndef KEEPALIVE_KNOWN_H
#define KEEPALIVE_KNOWN_H

#include <sys/types.h>

#include "cli/base/memory.h"

/* { 0 } is none. */
struct known {
	struct numbers recent, before;
	unsigned int rounds;
};

/* To be called before each look at all sockets, of which this then counts as one round. */
void known_begin_round(struct known *known);

/* A socket is known anew once it is connected. */
void known_add(struct known *known, ino_t inode, bool connected);
bool known_has(const struct known *known, ino_t inode, bool connected);

#endif
