/* How often some things happened in a network namespace, from the kernel's counters. */
#include "cli/sockets/counters.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { NETSTAT, SNMP, SNMP6, TEXT_SIZE = 32 * 1024 };

void counters_open(int files[COUNTERS_FILES])
{
	static const char *const path[COUNTERS_FILES] = { "/proc/self/net/netstat",
							  "/proc/self/net/snmp",
							  "/proc/self/net/snmp6" };

	for (int i = 0; i < COUNTERS_FILES; i++)
		files[i] = open(path[i], O_RDONLY | O_CLOEXEC);
}

void counters_close(int files[COUNTERS_FILES])
{
	for (int i = 0; i < COUNTERS_FILES; i++)
		if (files[i] >= 0)
			close(files[i]);
}

/* Returns false if there is no such file. */
static bool read_all(int file, char text[TEXT_SIZE])
{
	size_t length = 0;
	ssize_t more;

	while ((more = pread(file, text + length, TEXT_SIZE - 1 - length, (off_t)length)) > 0)
		length += (size_t)more;
	text[length] = 0;
	return length > 0;
}

/* Returns the words of a line, from the first digit or letter after `skip` words on. */
static const char *word_at(const char *line, int skip)
{
	while (skip-- && *line != '\n' && *line) {
		line += strcspn(line, " \n");
		line += strspn(line, " ");
	}
	return line;
}

/* Finds a number in two lines, "Tcp: NAME NAME..." and "Tcp: 1 2...". Returns false if not. */
static bool find_number(const char *text, const char *group, const char *name, long *number)
{
	size_t length = strlen(group);
	const char *names = text, *values;

	while (names && strncmp(names, group, length))
		names = strchr(names, '\n') ? strchr(names, '\n') + 1 : NULL;
	values = names ? strchr(names, '\n') : NULL;
	for (int i = 1; values; i++) {
		const char *word = word_at(names, i);
		size_t size = strcspn(word, " \n");

		if (!size)
			return false;
		if (size == strlen(name) && !strncmp(word, name, size)) {
			*number = strtol(word_at(values + 1, i), NULL, 10);
			return true;
		}
	}
	return false;
}

/* The same in lines of a name and a number each. */
static long find_line(const char *text, const char *name)
{
	const char *at = strstr(text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : 0;
}

struct counters counters_read(const int files[COUNTERS_FILES])
{
	static char text[TEXT_SIZE];
	struct counters counters = { .known = read_all(files[NETSTAT], text) };

	counters.known = counters.known &&
			 find_number(text, "TcpExt:", "TCPAbortOnTimeout", &counters.timeouts) &&
			 find_number(text, "TcpExt:", "TCPAbortOnClose", &counters.closed_unread) &&
			 read_all(files[SNMP], text) &&
			 find_number(text, "Tcp:", "AttemptFails", &counters.failed_attempts) &&
			 find_number(text, "Tcp:", "EstabResets", &counters.resets) &&
			 find_number(text, "Icmp:", "InDestUnreachs", &counters.unreachable);
	/* Without IPv6 there is no such file. */
	if (counters.known && read_all(files[SNMP6], text))
		counters.unreachable += find_line(text, "Icmp6InDestUnreachs");
	return counters;
}

struct counters counters_since(const struct counters *before, const struct counters *after)
{
	return (struct counters){
		.known = before->known && after->known,
		.timeouts = after->timeouts - before->timeouts,
		.failed_attempts = after->failed_attempts - before->failed_attempts,
		.resets = after->resets - before->resets,
		.unreachable = after->unreachable - before->unreachable,
		.closed_unread = after->closed_unread - before->closed_unread,
	};
}
