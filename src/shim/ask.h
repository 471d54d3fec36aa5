/* Asks the kernel about a socket. The comments name the system calls of each function. */
#ifndef KEEPALIVE_ASK_H
#define KEEPALIVE_ASK_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "core/rules.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif

/* getsockopt(). Returns the value of an option of the table; -1 if unknown. May change errno. */
int ask_option(int fd, size_t id);

/*
 * Up to three getsockopt(). Returns true for a stream socket of TCP or Multipath TCP over IPv4 or
 * IPv6.
 */
bool ask_is_tcp(int fd);

/* getsockopt(). Returns true if the socket listens. */
bool ask_is_listening(int fd);

static inline bool ask_is_internet(int domain)
{
	return domain == AF_INET || domain == AF_INET6;
}

static inline bool ask_is_tcp_protocol(int protocol)
{
	return protocol == 0 || protocol == IPPROTO_TCP || protocol == IPPROTO_MPTCP;
}

/* The same test with the arguments of socket(), without a system call. */
static inline bool is_tcp_socket(int domain, int type, int protocol)
{
	/* The type is in the low four bits, flags such as SOCK_NONBLOCK above. */
	const int kind = type & 0xf;

	return ask_is_internet(domain) && kind == SOCK_STREAM && ask_is_tcp_protocol(protocol);
}

/* getpeername(), getsockname(). Fill in what the endpoint lacks, if the kernel tells. */
void ask_remote(int fd, struct endpoint *endpoint);
void ask_local_port(int fd, struct endpoint *endpoint);

/*
 * Returns true if the kernel can read these `length` bytes, 4 to 4096. Two setsockopt() of a
 * timeout of four bytes, which is too short: the kernel copies them before it refuses, also for
 * Multipath TCP. One more setsockopt() per process detects an emulator that answers for the kernel.
 */
bool ask_is_readable(int fd, const void *at, size_t length);

#endif
