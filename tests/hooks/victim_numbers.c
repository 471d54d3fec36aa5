/* What the program has set, and where the library could lose sight of it. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/describe.h"

#include "hooks/victim.h"
#include "lib/samples.h"

static void set_own(int fd)
{
	set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 61);
}

/* same: the program sets what the library has set, before a rule comes to hold. */
void victim_same(char **arguments)
{
	int listening = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int client = need(socket(AF_INET, SOCK_STREAM, 0), "socket");

	(void)arguments;
	set_own(listening);
	set_own(client);
	bind_loopback(listening, AF_INET);
	need(listen(listening, 5), "listen");
	need(connect_to(client, listening), "connect");
	say_socket("listener", listening);
	say_socket("client", client);
	say_socket("accepted", accept(listening, NULL, NULL));
}

/*
 * A child that closes what it does not need, puts a socket in the place of its input, and what is
 * no socket in the place of another one.
 */
static void vfork_and_close(int kept, int replaced)
{
	pid_t pid = vfork();

	if (!pid) {
		dup2(kept, STDIN_FILENO);
		dup2(STDERR_FILENO, replaced);
		for (int fd = STDERR_FILENO + 1; fd < 64; fd++)
			close(fd);
		_exit(0);
	}
	need(pid, "vfork");
	need(waitpid(pid, NULL, 0), "waitpid");
}

/* vforked: what is done with sockets after a child of vfork() has given up its copies of them. */
void victim_vforked(char **arguments)
{
	int listening = listener(AF_INET), muted = listener(AF_INET);
	int unused = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int with_idle = need(socket(AF_INET, SOCK_STREAM, 0), "socket"), accepted;

	(void)arguments;
	set(muted, SOL_SOCKET, SO_KEEPALIVE, 0);
	set(with_idle, IPPROTO_TCP, TCP_KEEPIDLE, 61);
	client_of(listening);
	accepted = need(accept(listening, NULL, NULL), "accept");
	vfork_and_close(accepted, muted);
	need(connect_to(unused, listening), "connect");
	need(connect_to(with_idle, listening), "connect");
	say_socket("unused", unused);
	say_socket("with idle", with_idle);
	say_socket("accepted later", accept(listening, NULL, NULL));
	client_of(muted);
	say_socket("accepted of muted", accept(muted, NULL, NULL));
	set(accepted, IPPROTO_TCP, TCP_KEEPIDLE, 300);
	say_socket("accepted before", accepted);
}

static void vfork_and_close_one(int fd)
{
	pid_t pid = vfork();

	if (!pid) {
		close(fd);
		_exit(0);
	}
	need(pid, "vfork");
	need(waitpid(pid, NULL, 0), "waitpid");
}

/* muted_late: keepalive is switched off between two such children, on sockets of two kinds. */
void victim_muted_late(char **arguments)
{
	int listening = listener(AF_INET), fd[2];

	(void)arguments;
	fd[0] = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	fd[1] = need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket");
	for (int i = 0; i < 2; i++) {
		vfork_and_close_one(fd[i]);
		set(fd[i], SOL_SOCKET, SO_KEEPALIVE, 0);
		vfork_and_close_one(fd[i]);
		need(connect_to(fd[i], listening), "connect");
		say_socket(i ? "past" : "made", fd[i]);
	}
}

static int accepting;       /* the descriptor on which the thread waits */
static atomic_int acceptor; /* its id */

static void *accept_one(void *unused)
{
	(void)unused;
	atomic_store(&acceptor, (int)syscall(SYS_gettid));
	say_socket("accepted", accept(accepting, NULL, NULL));
	return NULL;
}

/*
 * reused_number: a listener is closed while a thread waits in accept(), and its number is another
 * socket's when the connection comes.
 */
void victim_reused_number(char **arguments)
{
	int listening = listener(AF_INET),
	    peer = need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket");
	struct place place;
	pthread_t thread;
	int own;

	(void)arguments;
	accepting = raw_listener(AF_INET);
	place = place_of(accepting);
	need(-pthread_create(&thread, NULL, accept_one, NULL), "pthread_create");
	while (!acceptor || !is_blocked(acceptor))
		usleep(100);
	close(accepting);
	own = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	need(own == accepting ? 0 : -1, "the same number");
	set(own, IPPROTO_TCP, TCP_KEEPIDLE, 7200);
	need(connect_to(own, listening), "connect");
	need(raw_connect(peer, (struct sockaddr *)&place.address, place.length), "connect");
	need(-pthread_join(thread, NULL), "pthread_join");
	say_socket("own", own);
}

static void say_option(const char *name, int value, const char *whose, int fd,
		       const struct sample *choice)
{
	int number = -1;
	socklen_t length = sizeof number;

	if (getsockopt(fd, choice->level, choice->name, &number, &length))
		say("%s %d, %s: %s", name, value, whose, error_name(errno));
	else
		say("%s %d, %s: %d", name, value, whose, number);
}

/* Sets the option with the C library, as `copied` by another descriptor; false if it is refused. */
static int opened_with(const struct sample *choice, int value, int copied)
{
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket"), copy;

	if (setsockopt(fd, choice->level, choice->name, &value, sizeof value))
		say("%s %d: %s", choice->key, value, error_name(errno));
	if (!copied)
		return fd;
	copy = need(copied == 1 ? dup(fd) : fcntl(fd, F_DUPFD_CLOEXEC, 200), "copy");
	close(fd);
	return copy;
}

static void try_choice(const struct sample *choice, int value, int copied)
{
	int listening = opened_with(choice, value, copied);
	int client = opened_with(choice, value, copied), accepted;

	bind_loopback(listening, AF_INET);
	need(listen(listening, 5), "listen");
	need(connect_to(client, listening), "connect");
	need((int)write(client, "x", 1), "write"); /* a deferred listener waits for it */
	accepted = need(accept(listening, NULL, NULL), "accept");
	say_option(choice->key, value, "listener", listening, choice);
	/* The kernel rounds a connection's window to segments, whose size may be another here. */
	if (choice->name != TCP_WINDOW_CLAMP || choice->level != IPPROTO_TCP) {
		say_option(choice->key, value, "client", client, choice);
		say_option(choice->key, value, "accepted", accepted, choice);
	}
	close(client);
	close(accepted);
	close(listening);
}

/* chosen: each option in turn is the program's choice, on the socket or by a copy of it. */
void victim_chosen(char **arguments)
{
	(void)arguments;
	for (size_t i = 0; i < samples_count; i++)
		for (int copied = 0; copied < 3; copied++) {
			try_choice(&samples[i], samples[i].configured, copied);
			try_choice(&samples[i], samples[i].fresh, copied);
			try_choice(&samples[i], samples[i].own, copied);
		}
}
