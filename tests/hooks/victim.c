/*
 * victim SUBCOMMAND...: does with sockets what no stock program does, and reports the outcome line
 * by line. It knows nothing of the library: the drivers run it with and without.
 */
#define _GNU_SOURCE
#include "hooks/victim.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hooks/describe.h"

enum { BACKLOG = 16, SKIPPED = 77, REPORT_MAX = 64 * 1024 };

/* Kept in memory: a victim may have closed every descriptor that it was given. */
static struct {
	size_t length;
	char *text;
} report;

int errno_at_main;

void flush_report(void)
{
	const char *path = getenv("VICTIM_REPORT");
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666) : STDOUT_FILENO;

	if (fd < 0 || write(fd, report.text, report.length) != (ssize_t)report.length)
		_exit(1);
	if (path)
		close(fd);
	report.length = 0;
}

__attribute__((format(printf, 1, 0))) static void add(const char *format, va_list arguments)
{
	size_t room = REPORT_MAX - report.length;
	int length = -1;

	if (!report.text)
		report.text = malloc(REPORT_MAX);
	if (report.text)
		length = vsnprintf(report.text + report.length, room, format, arguments);
	if (length < 0 || (size_t)length + 1 >= room)
		_exit(1);
	report.length += (size_t)length;
	report.text[report.length++] = '\n';
}

void say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(format, arguments);
	va_end(arguments);
}

void say_socket(const char *name, int fd)
{
	say("%s: %s", name, fd < 0 ? error_name(errno) : describe(fd).text);
}

void say_call(const char *name, long result)
{
	if (result == -1)
		say("%s: %s", name, error_name(errno));
	else if (result < 0)
		say("%s: result %ld", name, result);
	else
		say("%s: ok%s%s", name, errno == SENTINEL ? "" : ", and errno is ",
		    errno == SENTINEL ? "" : error_name(errno));
}

void skip(const char *format, ...)
{
	va_list arguments;

	report.length = 0;
	va_start(arguments, format);
	add(format, arguments);
	va_end(arguments);
	flush_report();
	exit(SKIPPED);
}

int need(int result, const char *what)
{
	if (result < 0) {
		say("%s: %s", what, error_name(errno));
		flush_report();
		exit(1);
	}
	return result;
}

int raw_socket(int domain, int type, int protocol)
{
	return (int)syscall(SYS_socket, domain, type, protocol);
}

int raw_connect(int fd, const struct sockaddr *address, socklen_t length)
{
	return (int)syscall(SYS_connect, fd, address, length);
}

int raw_listen(int fd, int backlog)
{
	return (int)syscall(SYS_listen, fd, backlog);
}

int raw_accept(int fd)
{
	return (int)syscall(SYS_accept4, fd, NULL, NULL, 0);
}

void set(int fd, int level, int name, int value)
{
	need(setsockopt(fd, level, name, &value, sizeof value), "setsockopt");
}

struct place place_of(int fd)
{
	struct place place = { .length = sizeof place.address };

	need(getsockname(fd, (struct sockaddr *)&place.address, &place.length), "getsockname");
	return place;
}

void bind_loopback(int fd, int family)
{
	struct sockaddr_in ipv4 = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	if (family == AF_INET6)
		need(bind(fd, (struct sockaddr *)&ipv6, sizeof ipv6), "bind");
	else
		need(bind(fd, (struct sockaddr *)&ipv4, sizeof ipv4), "bind");
}

/* IPv4 where the machine has no address for IPv6. */
static int usable(int family)
{
	struct sockaddr_in6 ipv6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = raw_socket(family, SOCK_STREAM, 0);

	if (family == AF_INET6 && bind(fd, (struct sockaddr *)&ipv6, sizeof ipv6))
		family = AF_INET;
	if (fd >= 0)
		close(fd);
	return family;
}

int listener(int family)
{
	int fd = need(socket(usable(family), SOCK_STREAM, 0), "socket");

	bind_loopback(fd, usable(family));
	need(listen(fd, BACKLOG), "listen");
	return fd;
}

static int raw_listener_of(int family, int backlog)
{
	int fd = need(raw_socket(usable(family), SOCK_STREAM, 0), "socket");

	bind_loopback(fd, usable(family));
	need(raw_listen(fd, backlog), "listen");
	return fd;
}

int raw_listener(int family)
{
	return raw_listener_of(family, BACKLOG);
}

int raw_listener_for(int backlog)
{
	int fd = raw_listener_of(AF_INET, backlog);

	need(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
	return fd;
}

int connect_to(int fd, int listening)
{
	struct place place = place_of(listening);

	return connect(fd, (struct sockaddr *)&place.address, place.length);
}

int client_of(int listening)
{
	int fd = need(socket(place_of(listening).address.ss_family, SOCK_STREAM, 0), "socket");

	need(connect_to(fd, listening), "connect");
	return fd;
}

int raw_client_of(int listening)
{
	struct place place = place_of(listening);
	int fd = need(raw_socket(place.address.ss_family, SOCK_STREAM, 0), "socket");

	need(raw_connect(fd, (struct sockaddr *)&place.address, place.length), "connect");
	return fd;
}

bool is_blocked(int thread)
{
	char path[64], line[256];
	FILE *file;
	char state = 0;

	snprintf(path, sizeof path, "/proc/self/task/%d/stat", thread);
	file = fopen(path, "r");
	if (file && fgets(line, sizeof line, file))
		sscanf(line, "%*d (%*[^)]) %c", &state);
	if (file)
		fclose(file);
	return state == 'S';
}

/* One socket, its number, and whether the program runs in secure mode. */
static void victim_socket(char **arguments)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	(void)arguments;
	say_socket("socket", fd);
	say("descriptor: %d", fd);
	say("secure mode: %lu", getauxval(AT_SECURE));
}

/* A descriptor that whoever started the victim has opened. */
static void victim_describe(char **arguments)
{
	say_socket("given", *arguments ? atoi(*arguments) : 0);
}

/* Says that it is there, and stays until its input ends. */
static void victim_rest(char **arguments)
{
	char byte;

	(void)arguments;
	say("ready");
	flush_report();
	while (read(STDIN_FILENO, &byte, 1) > 0)
		continue;
}

int main(int argc, char **argv)
{
	int at_begin = errno;
	static const struct {
		const char *name;
		void (*run)(char **arguments);
	} subcommands[] = {
		{ "socket", victim_socket },
		{ "describe", victim_describe },
		{ "rest", victim_rest },
		{ "kinds", victim_kinds },
		{ "raw", victim_raw },
		{ "errors", victim_errors },
		{ "addresses", victim_addresses },
		{ "flags", victim_flags },
		{ "options", victim_options },
		{ "inherit", victim_inherit },
		{ "own", victim_own },
		{ "threads", victim_threads },
		{ "signals", victim_signals },
		{ "children", victim_children },
		{ "cancel", victim_cancel },
		{ "reuse", victim_reuse },
		{ "closed", victim_closed },
		{ "background", victim_background },
		{ "limits", victim_limits },
		{ "beyond", victim_beyond },
		{ "foreign", victim_foreign },
		{ "backlog", victim_backlog },
		{ "received", victim_received },
		{ "duplicated", victim_duplicated },
		{ "activated", victim_activated },
		{ "chosen-later", victim_chosen_later },
		{ "destination", victim_destination },
		{ "fastopen", victim_fastopen },
		{ "fastopen-cancel", victim_fastopen_cancel },
		{ "fastopen-errors", victim_fastopen_errors },
		{ "fastopen-nowhere", victim_fastopen_nowhere },
		{ "multipath", victim_multipath },
		{ "override", victim_override },
		{ "cancel-log", victim_cancel_log },
		{ "log-end", victim_log_end },
		{ "matrix", victim_matrix },
		{ "same", victim_same },
		{ "chosen", victim_chosen },
		{ "vforked", victim_vforked },
		{ "muted_late", victim_muted_late },
		{ "reused_number", victim_reused_number },
		{ "uring", victim_uring },
		{ "calls", victim_calls },
		{ "filter", victim_filter },
		{ "refused", victim_refused },
		{ "sandboxed", victim_sandboxed },
		{ "own-sandbox", victim_own_sandbox },
		{ "stack", victim_stack },
		{ "crowd", victim_crowd },
		{ "left", victim_left },
		{ "logged", victim_logged },
		{ "replaced", victim_replaced },
		{ "overrule", victim_overrule },
		{ "pending", victim_pending },
		{ "values", victim_values },
		{ "handed", victim_handed },
		{ "put-over", victim_put_over },
		{ "mask", victim_mask },
	};

	errno_at_main = at_begin;
	for (size_t i = 0; argc > 1 && i < sizeof subcommands / sizeof *subcommands; i++) {
		if (strcmp(argv[1], subcommands[i].name))
			continue;
		subcommands[i].run(argv + 2);
		flush_report();
		return 0;
	}
	fprintf(stderr, "usage: victim SUBCOMMAND...\n");
	return 2;
}
