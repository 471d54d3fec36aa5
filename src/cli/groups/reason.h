/* Why the kernel refuses BPF programs, as half a sentence for errno. */
#ifndef KEEPALIVE_REASON_H
#define KEEPALIVE_REASON_H

#include <stdbool.h>

/* False if programs cannot set max_segment and window_clamp: before Linux 6.1. */
bool kernel_sets_sizes(void);

const char *reason_not_loaded(int error);
const char *reason_not_attached(int error);
const char *reason_not_seen(int error);

#endif
