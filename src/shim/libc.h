/*
 * What the shim takes from the program's C library: the next function of each name that it hooks
 * or calls. Nothing here allocates or takes a lock of ours, and all of it may be called before any
 * constructor has run.
 */
#ifndef KEEPALIVE_LIBC_H
#define KEEPALIVE_LIBC_H

#include <stdint.h>
#include <sys/socket.h>
#include <sys/types.h>

#include "shim/thread.h"

/*
 * The function of that name that follows the shim's: another shim's, or the C library's; where
 * none is found, the system call. Same arguments, result, errno, cancellation.
 */
int real_socket(int domain, int type, int protocol);
int real_connect(int fd, const struct sockaddr *address, socklen_t length);
int real_listen(int fd, int backlog);
int real_accept(int fd, struct sockaddr *address, socklen_t *length);
int real_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int real_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int real_getsockopt(int fd, int level, int name, void *value, socklen_t *length);
int real_close(int fd);
int real_dup(int fd);
int real_dup2(int fd, int copy);
int real_dup3(int fd, int copy, int flags);
int real_fcntl(int fd, int command, void *argument);
int real_fcntl64(int fd, int command, void *argument);
pid_t real_fork(void);
pid_t real__Fork(void);
int real_prctl(int option, const unsigned long argument[4]);

/* The same of glibc's for times of 64 bits, on machines of 32. */
int real_setsockopt64(int fd, int level, int name, const void *value, socklen_t length);
int real_fcntl_time64(int fd, int command, void *argument);
int real_prctl_time64(int option, const unsigned long argument[4]);

/*
 * libseccomp's functions, looked for at each call: most programs have none. -ENOSYS where there are
 * none, as a C library without them would be.
 */
int real_seccomp_load(const void *filter);
int real_seccomp_attr_get(const void *filter, int attribute, uint32_t *value);

/* Finds all of them now, so that no hook has to do it in a signal handler or a vfork child. */
void real_find_all(void);

/* In a child of fork(): those who were looking for functions are not there. */
void real_forget_finders(void);

#endif
