/* Connections that no process was found to have: what would be overlooked otherwise. */
#ifndef KEEPALIVE_UNCLAIMED_H
#define KEEPALIVE_UNCLAIMED_H

#include "cli/sockets/sockets.h"

/*
 * Calls `take` for each socket that no sockets_visit has come upon, in all network namespaces that
 * were asked about, and that still exists: of the kernel itself, of io_uring, on the way to another
 * process, of threads with descriptors of their own, of processes that may not be seen. Their
 * values are those that netlink reports. What diag_of returned before is forgotten. Returns false
 * if not all of these namespaces could be asked.
 */
bool unclaimed_visit(void (*take)(void *context, const struct tcp_socket *socket), void *context);

#endif
