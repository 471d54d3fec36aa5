/*
 * The functions of the C library that are hooked or called, as plain system calls, for processes in
 * which the library's own are not found. Same arguments, result and errno; not cancellation points.
 */
#ifndef KEEPALIVE_CALLS_H
#define KEEPALIVE_CALLS_H

#include <sys/socket.h>
#include <sys/types.h>

int socket_call(int domain, int type, int protocol);
int connect_call(int fd, const struct sockaddr *address, socklen_t length);
int listen_call(int fd, int backlog);
int accept_call(int fd, struct sockaddr *address, socklen_t *length);
int accept4_call(int fd, struct sockaddr *address, socklen_t *length, int flags);
ssize_t sendto_call(int fd, const void *data, size_t size, int flags,
		    const struct sockaddr *address, socklen_t length);
ssize_t sendmsg_call(int fd, const struct msghdr *message, int flags);
int setsockopt_call(int fd, int level, int name, const void *value, socklen_t length);
int getsockopt_call(int fd, int level, int name, void *value, socklen_t *length);
int close_call(int fd);
int dup_call(int fd);
int dup2_call(int fd, int copy);
int dup3_call(int fd, int copy, int flags);
int fcntl_call(int fd, int command, ...);
pid_t fork_call(void);
int prctl_call(int option, ...);

#endif
