/* What the library of `early` did before anything else of the program ran. */
#ifndef TESTS_EARLY_H
#define TESTS_EARLY_H

#include "hooks/describe.h"

/* How the sockets read that its constructor made: a client, and what its own listener accepted. */
extern struct description early_client, early_accepted;

/* Waits for the children that its constructor had begun to make; how many had no keepalive. */
void early_wait(void);
extern int early_children, early_without;

#endif
