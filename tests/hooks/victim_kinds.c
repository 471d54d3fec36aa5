/* Sockets of every kind: which of them are configured, and which stay as they were made. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

#ifndef IPPROTO_MPTCP
#define IPPROTO_MPTCP 262
#endif
#ifndef AF_VSOCK
#define AF_VSOCK 40
#endif
#ifndef AF_SMC
#define AF_SMC 43
#endif

enum { UDPLITE = 136, NETLINK_ROUTE = 0, SOCK_KIND_DCCP = 6, NO_PROTOCOL = 255 };

struct kind {
	const char *name;
	int domain, type, protocol;
};

static const struct kind kinds[] = {
	{ "ipv4", AF_INET, SOCK_STREAM, 0 },
	{ "ipv4 tcp", AF_INET, SOCK_STREAM, IPPROTO_TCP },
	{ "ipv6", AF_INET6, SOCK_STREAM, 0 },
	{ "ipv6 tcp", AF_INET6, SOCK_STREAM, IPPROTO_TCP },
	{ "ipv4 mptcp", AF_INET, SOCK_STREAM, IPPROTO_MPTCP },
	{ "ipv6 mptcp", AF_INET6, SOCK_STREAM, IPPROTO_MPTCP },
	{ "closed at exec", AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0 },
	{ "nonblocking", AF_INET, SOCK_STREAM | SOCK_NONBLOCK, IPPROTO_TCP },
	{ "both", AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0 },

	{ "udp", AF_INET, SOCK_DGRAM, 0 },
	{ "udp ipv6", AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, IPPROTO_UDP },
	{ "udplite", AF_INET, SOCK_DGRAM, UDPLITE },
	{ "ping", AF_INET, SOCK_DGRAM, IPPROTO_ICMP },
	{ "unix stream", AF_UNIX, SOCK_STREAM, 0 },
	{ "unix seqpacket", AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0 },
	{ "unix dgram", AF_UNIX, SOCK_DGRAM, 0 },
	{ "netlink", AF_NETLINK, SOCK_RAW, NETLINK_ROUTE },
	{ "vsock", AF_VSOCK, SOCK_STREAM, 0 },
	{ "smc", AF_SMC, SOCK_STREAM, 0 },
	{ "sctp stream", AF_INET, SOCK_STREAM, IPPROTO_SCTP },
	{ "sctp seqpacket", AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP },
	{ "dccp", AF_INET, SOCK_KIND_DCCP, IPPROTO_DCCP },

	{ "no domain", -1, SOCK_STREAM, 0 },
	{ "huge domain", 0x7fffffff, SOCK_STREAM, 0 },
	{ "no type", AF_INET, 0, 0 },
	{ "huge type", AF_INET, 15, 0 },
	{ "unknown flag", AF_INET, SOCK_STREAM | 0x100, 0 },
	{ "negative type", AF_INET, -1, 0 },
	{ "stream of udp", AF_INET, SOCK_STREAM, IPPROTO_UDP },
	{ "dgram of tcp", AF_INET, SOCK_DGRAM, IPPROTO_TCP },
	{ "seqpacket of tcp", AF_INET, SOCK_SEQPACKET, IPPROTO_TCP },
	{ "negative protocol", AF_INET, SOCK_STREAM, -1 },
	{ "unknown protocol", AF_INET, SOCK_STREAM, NO_PROTOCOL },
	{ "huge protocol", AF_INET, SOCK_STREAM, 0x10000 + IPPROTO_TCP },
	{ "unix with tcp", AF_UNIX, SOCK_STREAM, IPPROTO_TCP },
};

static const struct kind raw_kinds[] = {
	{ "raw icmp", AF_INET, SOCK_RAW, IPPROTO_ICMP },
	{ "raw tcp", AF_INET, SOCK_RAW, IPPROTO_TCP },
	{ "raw tcp ipv6", AF_INET6, SOCK_RAW, IPPROTO_TCP },
	{ "raw raw", AF_INET, SOCK_RAW, IPPROTO_RAW },
	{ "packet", AF_PACKET, SOCK_RAW, 0 },
};

static void say_kind(const struct kind *kind, int fd)
{
	if (fd < 0) {
		say_socket(kind->name, fd);
		return;
	}
	say("%s: %s%s%s", kind->name, describe(fd).text,
	    fcntl(fd, F_GETFD) & FD_CLOEXEC ? ", closed at exec" : "",
	    fcntl(fd, F_GETFL) & O_NONBLOCK ? ", nonblocking" : "");
}

/* An address that no kind of socket takes: the call fails, but only after the hook. */
static void try_to_connect(int fd)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };

	if (fd >= 0 && !connect(fd, &nowhere, 0))
		say("connected to nowhere");
}

static void say_kinds(const struct kind *kind, size_t count, int (*make)(int, int, int))
{
	for (; count--; kind++) {
		int fd = make(kind->domain, kind->type, kind->protocol);

		if (fd >= 0 || make == raw_socket)
			try_to_connect(fd);
		/* Stays open: the library need not notice that a number is given anew. */
		say_kind(kind, fd);
	}
}

/*
 * kinds [past]: socket() with each row of the table; `past` the C library, so that it is connect()
 * that meets the socket first.
 */
void victim_kinds(char **arguments)
{
	int ends[2];

	say_kinds(kinds, sizeof kinds / sizeof *kinds, *arguments ? raw_socket : socket);
	need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), "socketpair");
	try_to_connect(ends[0]);
	say_socket("one of a pair", ends[0]);
	say_socket("the other", ends[1]);
}

/* raw [past]: the same for what takes privileges, in a namespace of its own where need be. */
void victim_raw(char **arguments)
{
	if (geteuid() != 0 && unshare(CLONE_NEWUSER | CLONE_NEWNET))
		skip("neither root nor allowed to make a user namespace");
	say_kinds(raw_kinds, sizeof raw_kinds / sizeof *raw_kinds,
		  *arguments ? raw_socket : socket);
}
