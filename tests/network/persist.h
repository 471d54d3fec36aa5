/* Data that waits under the persist timer: when it is given up, and when explain says so. */
#ifndef TESTS_PERSIST_H
#define TESTS_PERSIST_H

#include "lib/harness.h"

/* Tests for a table of scenarios: no route to the peer; a closed window. */
const TTest *persist_cannot_send(void);
const TTest *persist_window_closed(void);

#endif
