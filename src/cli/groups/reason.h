/* Why the kernel refuses BPF programs, as half a sentence for errno. */
#ifndef KEEPALIVE_REASON_H
#define KEEPALIVE_REASON_H

#include <stdbool.h>

/*
 * From Linux 6.1 on, programs can read the options of a socket, and can set max_segment and
 * window_clamp.
 */
bool kernel_reads_options(void);

const char *reason_not_loaded(int error);
const char *reason_not_attached(int error);
const char *reason_not_seen(int error);

#endif
