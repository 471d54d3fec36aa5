/*
 * A host program: does what the words of its command line say, one after the other, and prints what
 * came of each. It is built in every way that the library cannot reach.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "lib/samples.h"

#ifdef HAVE_LIBURING
#include <liburing.h>
#endif

enum { MULTIPATH = 262, LONG = 8000, OP_SOCKET = 45 };

/* The socket that words are about, and one that listens for its connections. */
static int current = -1, listening = -1;
static struct sockaddr_in6 place;
static socklen_t place_size;
static bool by_ring;

static void say(const char *word, const char *what)
{
	printf("%s: %s\n", word, what);
	fflush(stdout);
}

static void say_result(const char *word, int result)
{
	say(word, result < 0 ? error_name(errno) : "done");
}

static void say_socket(const char *word, int fd)
{
	say(word, fd < 0 ? error_name(errno) : describe(fd).text);
}

#ifdef HAVE_LIBURING
static int submit(void prepare(struct io_uring_sqe *sqe))
{
	struct io_uring ring;
	struct io_uring_cqe *done;
	int result = io_uring_queue_init(4, &ring, 0);

	if (!result) {
		prepare(io_uring_get_sqe(&ring));
		io_uring_submit(&ring);
		result = io_uring_wait_cqe(&ring, &done);
		if (!result)
			result = done->res;
		io_uring_queue_exit(&ring);
	}
	errno = result < 0 ? -result : errno;
	return result < 0 ? -1 : result;
}

static void prepare_socket(struct io_uring_sqe *sqe)
{
	io_uring_prep_rw(OP_SOCKET, sqe, AF_INET, NULL, 0, SOCK_STREAM);
}

static void prepare_connect(struct io_uring_sqe *sqe)
{
	io_uring_prep_connect(sqe, current, (struct sockaddr *)&place, place_size);
}

static void prepare_accept(struct io_uring_sqe *sqe)
{
	io_uring_prep_accept(sqe, listening, NULL, NULL, 0);
}
#endif

static int make_socket(int family, int type, int protocol)
{
#ifdef HAVE_LIBURING
	if (by_ring) {
		int fd = submit(prepare_socket);

		if (fd >= 0 || errno != EINVAL) /* before Linux 5.19 */
			return fd;
	}
#endif
	return socket(family, type, protocol);
}

static int do_connect(void)
{
#ifdef HAVE_LIBURING
	if (by_ring)
		return submit(prepare_connect);
#endif
	return connect(current, (struct sockaddr *)&place, place_size);
}

static int do_accept(void)
{
#ifdef HAVE_LIBURING
	if (by_ring)
		return submit(prepare_accept);
#endif
	return accept(listening, NULL, NULL);
}

/* A socket that listens everywhere, for IPv4 too, at a port; 0: the kernel picks it. */
static void serve(const char *port)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6 };
	socklen_t size = sizeof address;

	address.sin6_port = htons((unsigned short)atoi(port));
	listening = socket(AF_INET6, SOCK_STREAM, 0);
	if (bind(listening, (struct sockaddr *)&address, size) || listen(listening, 128) ||
	    getsockname(listening, (struct sockaddr *)&place, &size))
		say_result("serve", -1);
}

/* The address, as the family of the current socket needs it, with the port of what listens. */
static void find_place(const char *address)
{
	struct sockaddr_in *four = (void *)&place;
	struct sockaddr_in6 local;
	socklen_t size = sizeof local;

	getsockname(listening, (struct sockaddr *)&local, &size);
	memset(&place, 0, sizeof place);
	if (inet_pton(AF_INET6, address, &place.sin6_addr) == 1) {
		place.sin6_family = AF_INET6;
		place.sin6_port = local.sin6_port;
		place_size = sizeof place;
	} else {
		inet_pton(AF_INET, *address ? address : "127.0.0.1", &four->sin_addr);
		four->sin_family = AF_INET;
		four->sin_port = local.sin6_port;
		place_size = sizeof *four;
	}
}

static void word_connect(const char *word, const char *address)
{
	if (listening < 0)
		serve("0");
	find_place(address);
	if (do_connect())
		say_result(word, -1);
	else
		say_socket(word, current);
}

static void word_listen(const char *word, const char *port)
{
	struct sockaddr_in address = { .sin_family = AF_INET };

	address.sin_port = htons((unsigned short)atoi(port));
	if (bind(current, (struct sockaddr *)&address, sizeof address) || listen(current, 128))
		say_result(word, -1);
	listening = current;
	say_socket(word, listening);
}

/* Accepts a connection from that address. */
static void word_accept(const char *word, const char *from)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int client = socket(AF_INET, SOCK_STREAM, 0);

	inet_pton(AF_INET, *from ? from : "127.0.0.1", &address.sin_addr);
	find_place("");
	if (bind(client, (struct sockaddr *)&address, sizeof address) ||
	    connect(client, (struct sockaddr *)&place, place_size))
		say_result(word, -1);
	current = do_accept();
	say_socket(word, current);
}

static void word_set(const char *word, const char *what)
{
	size_t length = strcspn(what, "=");
	int number = atoi(what + length + 1);

	for (size_t i = 0; i < samples_count; i++)
		if (strlen(samples[i].key) == length && !strncmp(samples[i].key, what, length))
			say_result(word, setsockopt(current, samples[i].level, samples[i].name,
						    &number, sizeof number));
}

static void word_value(const char *word, const char *key)
{
	char number[16];

	for (size_t i = 0; i < samples_count; i++) {
		int value = 0;
		socklen_t size = sizeof value;

		if (strcmp(samples[i].key, key))
			continue;
		if (getsockopt(current, samples[i].level, samples[i].name, &value, &size)) {
			say_result(word, -1);
			continue;
		}
		snprintf(number, sizeof number, "%d", value);
		say(word, number);
	}
}

/* "LEVEL:NAME:SIZE": setsockopt() with so many bytes, all of them 1. */
static void word_bytes(const char *word, const char *what)
{
	static unsigned char bytes[LONG];
	int level = 0, name = 0, size = 0;

	sscanf(what, "%d:%d:%d", &level, &name, &size);
	memset(bytes, 1, sizeof bytes);
	say_result(word, setsockopt(current, level, name, bytes, (socklen_t)size));
}

/* A network namespace of its own, with other values of the kernel's. */
static void word_net(const char *word, const char *idle)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	FILE *file;
	int fd;

	if (unshare(CLONE_NEWNET)) {
		say_result(word, -1);
		return;
	}
	fd = socket(AF_INET, SOCK_DGRAM, 0);
	ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	file = *idle ? fopen("/proc/sys/net/ipv4/tcp_keepalive_time", "w") : NULL;
	if (file) {
		fputs(idle, file);
		fclose(file);
	}
	listening = -1;
}

static void word_fork(void)
{
	int status;
	pid_t child = fork();

	if (child <= 0)
		return;
	waitpid(child, &status, 0);
	exit(status != 0);
}

static void word_wait(const char *word)
{
	char byte;

	say(word, "ready");
	while (read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n')
		continue;
}

/* Connects until its input ends; how many connections had no keepalive. */
static void word_loop(const char *word)
{
	int lack = 0, rounds = 0, on, flags = 1;
	char text[64], byte;
	socklen_t size = sizeof on;

	serve("0");
	find_place("");
	say(word, "ready");
	ioctl(STDIN_FILENO, FIONBIO, &flags);
	while (read(STDIN_FILENO, &byte, 1) < 0) {
		struct linger reset = { 1, 0 };

		current = socket(AF_INET, SOCK_STREAM, 0);
		on = 0;
		if (connect(current, (struct sockaddr *)&place, place_size) ||
		    getsockopt(current, SOL_SOCKET, SO_KEEPALIVE, &on, &size) || !on)
			lack++;
		rounds++;
		setsockopt(current, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
		close(current);
		close(accept(listening, NULL, NULL));
	}
	snprintf(text, sizeof text, "%d lack it%s", lack, rounds > 100 ? "" : ", of too few");
	say(word, text);
}

/* The timer of the current connection, as /proc/net/tcp has it: 2 is that of keepalive. */
static void word_timer(const char *word)
{
	struct sockaddr_in local = { 0 };
	socklen_t size = sizeof local;
	FILE *file = fopen("/proc/net/tcp", "r");
	char line[256], number[16];
	unsigned int port, far, timer;

	getsockname(current, (struct sockaddr *)&local, &size);
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "%*d: %*x:%x %*x:%x %*x %*x:%*x %x:", &port, &far, &timer) == 3 &&
		    port == ntohs(local.sin_port)) {
			snprintf(number, sizeof number, "%u", timer);
			say(word, number);
		}
}

static void word_unix(const char *word)
{
	int pair[2], on = 1;

	say_result(word, socketpair(AF_UNIX, SOCK_STREAM, 0, pair));
	current = pair[0];
	say_result(word, setsockopt(current, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on));
}

static void open_socket(const char *word)
{
	if (!strcmp(word, "tcp4"))
		current = make_socket(AF_INET, SOCK_STREAM, 0);
	else if (!strcmp(word, "tcp6"))
		current = make_socket(AF_INET6, SOCK_STREAM, 0);
	else if (!strcmp(word, "mptcp"))
		current = make_socket(AF_INET, SOCK_STREAM, MULTIPATH);
	else if (!strcmp(word, "sctp"))
		current = make_socket(AF_INET, SOCK_STREAM, IPPROTO_SCTP);
	else if (!strcmp(word, "raw"))
		current = make_socket(AF_INET, SOCK_RAW, IPPROTO_TCP);
	else if (!strcmp(word, "udp"))
		current = make_socket(AF_INET, SOCK_DGRAM, 0);
	else
		return;
	if (current < 0)
		say_result(word, -1);
}

/* What follows a colon, or "". */
static const char *rest_of(const char *word)
{
	const char *colon = strchr(word, ':');

	return colon ? colon + 1 : "";
}

static bool is(const char *word, const char *name)
{
	return !strncmp(word, name, strlen(name)) && strchr(":", word[strlen(name)]);
}

static void do_word(const char *word)
{
	const char *rest = rest_of(word);

	if (is(word, "ring"))
		by_ring = true;
	else if (is(word, "serve"))
		serve(rest);
	else if (is(word, "connect"))
		word_connect(word, rest);
	else if (is(word, "listen"))
		word_listen(word, rest);
	else if (is(word, "accept"))
		word_accept(word, rest);
	else if (is(word, "set"))
		word_set(word, rest);
	else if (is(word, "value"))
		word_value(word, rest);
	else if (is(word, "bytes"))
		word_bytes(word, rest);
	else if (is(word, "show"))
		say_socket(word, current);
	else if (is(word, "net"))
		word_net(word, rest);
	else if (is(word, "fork"))
		word_fork();
	else if (is(word, "wait"))
		word_wait(word);
	else if (is(word, "loop"))
		word_loop(word);
	else if (is(word, "timer"))
		word_timer(word);
	else if (is(word, "unix"))
		word_unix(word);
	else
		open_socket(word);
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "exec")) {
			argv[i] = argv[0];
			execv("/proc/self/exe", argv + i);
			return 1;
		}
		do_word(argv[i]);
	}
	return 0;
}
