/* Sockets and errors as short pieces of text: for the victims and for the drivers that run them. */
#include "hooks/describe.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>

#include "lib/samples.h"

enum { PARTS_MAX = 5 };

struct part {
	const char *before;
	int level;
	int name;
};

static struct description describe_parts(int fd, const struct part *parts, int count)
{
	struct description result = { "" };
	size_t used = 0;

	for (int i = 0; i < count; i++) {
		char *to = result.text + used;
		size_t room = sizeof result.text - used;
		int value = 0;
		socklen_t length = sizeof value;

		if (getsockopt(fd, parts[i].level, parts[i].name, &value, &length))
			used += (size_t)snprintf(to, room, "%s-", parts[i].before);
		else
			used += (size_t)snprintf(to, room, "%s%d", parts[i].before, value);
	}
	return result;
}

struct description describe(int fd)
{
	static const struct part parts[PARTS_MAX] = {
		{ "", SOL_SOCKET, SO_KEEPALIVE },       { " ", IPPROTO_TCP, TCP_KEEPIDLE },
		{ "/", IPPROTO_TCP, TCP_KEEPINTVL },    { "/", IPPROTO_TCP, TCP_KEEPCNT },
		{ " ", IPPROTO_TCP, TCP_USER_TIMEOUT },
	};

	return describe_parts(fd, parts, PARTS_MAX);
}

struct description describe_others(int fd, bool connection)
{
	struct description result = { "" };
	size_t used = 0;

	for (size_t i = SAMPLES_NAMED; i < samples_count; i++) {
		struct part part = { " ", samples[i].level, samples[i].name };

		if (!connection || samples[i].reads == READS_ANYWHERE)
			used += (size_t)snprintf(result.text + used, sizeof result.text - used,
						 ", %s%s", samples[i].key,
						 describe_parts(fd, &part, 1).text);
	}
	return result;
}

const char *error_name(int error)
{
#define NAME(error)                                                                                \
	{                                                                                          \
		error, #error                                                                      \
	}
	static const struct {
		int number;
		const char *name;
	} names[] = {
		NAME(EACCES),          NAME(EAFNOSUPPORT), NAME(EAGAIN),
		NAME(EALREADY),        NAME(EBADF),        NAME(ECONNREFUSED),
		NAME(EFAULT),          NAME(EINPROGRESS),  NAME(EINTR),
		NAME(EINVAL),          NAME(EISCONN),      NAME(EMFILE),
		NAME(EPIPE),           NAME(ENOPROTOOPT),  NAME(ENOSYS),
		NAME(ENOTSOCK),        NAME(EOPNOTSUPP),   NAME(EPERM),
		NAME(EPROTONOSUPPORT), NAME(EPROTOTYPE),   NAME(ESOCKTNOSUPPORT),
		NAME(ENOENT),          NAME(EADDRINUSE),   NAME(EADDRNOTAVAIL),
		NAME(ENOTCONN),        NAME(ECONNABORTED), NAME(ENOMEM),
	};
#undef NAME
	static char number[16];

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].number == error)
			return names[i].name;
	snprintf(number, sizeof number, "error %d", error);
	return number;
}
