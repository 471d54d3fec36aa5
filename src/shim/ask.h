/* What the kernel says of a socket. Each function makes the system calls that it names. */
#ifndef KEEPALIVE_ASK_H
#define KEEPALIVE_ASK_H

#include <sys/socket.h>

#include "core/rules.h"

/* getsockopt(): an option of the table; -1 if the kernel does not tell. May change errno. */
int ask_option(int fd, size_t id);

/* Up to three getsockopt(): a stream socket of TCP or Multipath TCP over IPv4 or IPv6? */
bool ask_is_tcp(int fd);

/* getsockopt(): does it listen? */
bool ask_is_listening(int fd);

/* The same filter over the arguments of socket(), without a system call. */
bool is_tcp_socket(int domain, int type, int protocol);

/* getpeername(), getsockname(): fill in what the endpoint lacks, if the kernel tells. */
void ask_remote(int fd, struct endpoint *endpoint);
void ask_local_port(int fd, struct endpoint *endpoint);

/*
 * Two setsockopt() of a timeout of four bytes, which is too short: the kernel refuses it after it has
 * read them, and does so for Multipath TCP, too. One more in each process shows whether it is the
 * kernel that answers. Can it read these `length` bytes? For 4 to 4096 bytes.
 */
bool ask_is_readable(int fd, const void *at, size_t length);

#endif
