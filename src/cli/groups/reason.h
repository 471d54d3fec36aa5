/* Why the kernel refuses BPF programs, as half a sentence for errno. */
#ifndef KEEPALIVE_REASON_H
#define KEEPALIVE_REASON_H

const char *reason_not_loaded(int error);
const char *reason_not_attached(int error);
const char *reason_not_seen(int error);

#endif
