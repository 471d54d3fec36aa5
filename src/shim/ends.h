/*
 * The two ends of a socket, for rules and the log. They are asked for only where there are rules
 * that look at them, or a log that names them; else what is returned is the role alone.
 */
#ifndef KEEPALIVE_ENDS_H
#define KEEPALIVE_ENDS_H

#include <sys/socket.h>

#include "core/rules.h"
#include "shim/descriptors.h"

struct endpoint ends_of_listener(int fd);
struct endpoint ends_of_accepted(int fd);

/* True if ends_of_client() reads the address. */
bool ends_name_destination(void);

/*
 * Of a socket for which connect() is called with that address, which is read only where the kernel
 * can read it, too: it may be anything, and to say so is the kernel's part.
 */
struct endpoint ends_of_client(int fd, const struct sockaddr *address, socklen_t length);

/* Of a socket in that state: what can be known of it. */
struct endpoint ends_by_state(int fd, enum descriptor_state state);

#endif
