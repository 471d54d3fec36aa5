/* What the kernel says of a socket. Each function makes the system calls that it names. */
#ifndef KEEPALIVE_ASK_H
#define KEEPALIVE_ASK_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/rules.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* getsockopt(): an option of the table; -1 if the kernel does not tell. May change errno. */
int ask_option(int fd, size_t id);

/* Up to three getsockopt(): a stream socket of TCP or Multipath TCP over IPv4 or IPv6? */
bool ask_is_tcp(int fd);

/* getsockopt(): does it listen? */
bool ask_is_listening(int fd);

static inline bool ask_is_internet(int domain)
{
	return domain == AF_INET || domain == AF_INET6;
}

static inline bool ask_is_tcp_protocol(int protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
}

/* The same filter over the arguments of socket(), without a system call. */
static inline bool is_tcp_socket(int domain, int type, int protocol)
{
	/* The kind is in the low four bits, SOCK_NONBLOCK and such above. */
	const int kind = type & 0xf;

	return ask_is_internet(domain) && kind == SOCK_STREAM && ask_is_tcp_protocol(protocol);
}

/* getpeername(), getsockname(): fill in what the endpoint lacks, if the kernel tells. */
void ask_remote(int fd, struct endpoint *endpoint);
void ask_local_port(int fd, struct endpoint *endpoint);

/*
 * Two setsockopt() of a timeout of four bytes, which is too short: the kernel refuses it after it
 * has read them, and does so for Multipath TCP, too. One more in each process shows whether it is
 * the kernel that answers. Can it read these `length` bytes? For 4 to 4096 bytes.
 */
bool ask_is_readable(int fd, const void *at, size_t length);

#endif
