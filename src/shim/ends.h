/*
 * The two ends of a socket, for rules and the log. The kernel is asked only if a rule uses them or
 * the log prints them; otherwise only the role is set.
 */
#ifndef KEEPALIVE_ENDS_H
#define KEEPALIVE_ENDS_H

#include <sys/socket.h>

#include "core/rules.h"
#include "shim/descriptors.h"

struct endpoint ends_of_listener(int fd);
struct endpoint ends_of_accepted(int fd);

/* Returns true if ends_of_client() reads the address. */
bool ends_name_destination(void);

/*
 * For a socket for which connect() is called with that address. The address is read only if the
 * kernel can read it: the program may pass any pointer, which only the kernel may refuse.
 */
struct endpoint ends_of_client(int fd, const struct sockaddr *address, socklen_t length);

/* For a socket in that state: what can be known of it. */
struct endpoint ends_by_state(int fd, enum descriptor_state state);

#endif
