/* The time since the machine started, which nobody sets. */
#ifndef KEEPALIVE_CLOCK_H
#define KEEPALIVE_CLOCK_H

/* Returns it in milliseconds. */
long long clock_now(void);

#endif
