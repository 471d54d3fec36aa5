/*
 * What the shim takes from the program's C library: the next function of each name that it hooks
 * or calls, errno, the environment, system calls. Nothing here allocates or takes a lock of ours,
 * and all of it may be called before any constructor has run.
 */
#ifndef KEEPALIVE_LIBC_H
#define KEEPALIVE_LIBC_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/stat.h>

/*
 * The function of that name that comes behind the shim: another shim's, or the C library's; where
 * there is none to be had, the system call. Same arguments, result, errno, cancellation.
 */
int next_socket(int domain, int type, int protocol);
int next_connect(int fd, const struct sockaddr *address, socklen_t length);
int next_listen(int fd, int backlog);
int next_accept(int fd, struct sockaddr *address, socklen_t *length);
int next_accept4(int fd, struct sockaddr *address, socklen_t *length, int flags);
int next_setsockopt(int fd, int level, int name, const void *value, socklen_t length);
int next_getsockopt(int fd, int level, int name, void *value, socklen_t *length);

/* Finds all of them now, so that no hook has to do it in a signal handler or a vfork child. */
void next_find_all(void);

/* The thread's errno, kept over what the shim does of itself. */
int errno_get(void);
void errno_set(int value);

/* The program's environment; NULL where there is none, or where the program runs in secure mode. */
char *const *environment_variables(void);

/* The name under which the program was started: its path, or a script's; NULL: not known. */
const char *program_as_called(void);

/* True if the kernel can read that memory, `length` of it being at most a page. */
bool memory_is_readable(const void *at, size_t length);

/* What fstat() tells; false where it does not. */
bool file_status(int fd, struct stat *file);

/* A system call; -1 for every failure, with errno set. */
long system_call(long number, long a, long b, long c, long d);

#endif
