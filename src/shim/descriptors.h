/* What is known of each descriptor, one byte apiece; written by the hooks alone. */
#ifndef KEEPALIVE_DESCRIPTORS_H
#define KEEPALIVE_DESCRIPTORS_H

/*
 * An optimisation only: descriptors come, go and are copied by ways that no hook sees, so a byte
 * may be stale. What follows from a stale one is a call too many, or a socket missed.
 */
enum descriptor_state {
	DESCRIPTOR_UNKNOWN, /* ask the kernel */
	DESCRIPTOR_FOREIGN, /* no TCP socket */
	DESCRIPTOR_OURS,    /* configured when it was made: what it accepts inherits everything */
	DESCRIPTOR_ADOPTED, /* configured later: connections may wait that do not have it */
};

/* Any number may be given; beyond the table, or negative, nothing is kept and nothing is known. */
enum descriptor_state descriptor_state(int fd);
void descriptor_set(int fd, enum descriptor_state state);

#endif
