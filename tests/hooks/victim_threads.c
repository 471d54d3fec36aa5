/* The hooks in many threads, in signal handlers, and in children of every kind. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

enum { THREADS = 8, ROUNDS = 40, INTERRUPTIONS = 200, TICK_MICROSECONDS = 300 };

/* How a socket has to be, and how many were, and were not. */
static struct {
	struct description wanted;
	atomic_int alike, different;
} tally;

/* Ends a connection without leaving it in TIME_WAIT. */
static void drop(int fd)
{
	struct linger at_once = { 1, 0 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(fd);
}

static void count(int fd)
{
	int keepalive = 0;
	socklen_t length = sizeof keepalive;

	/* In a signal handler too, where describe() has no business. */
	if (!getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keepalive, &length) &&
	    keepalive == tally.wanted.text[0] - '0')
		atomic_fetch_add(&tally.alike, 1);
	else
		atomic_fetch_add(&tally.different, 1);
}

static void count_all_of_it(int fd)
{
	bool same = !strcmp(describe(fd).text, tally.wanted.text);

	atomic_fetch_add(same ? &tally.alike : &tally.different, 1);
}

static pthread_barrier_t all_there;

static void *work(void *unused)
{
	pthread_barrier_wait(&all_there);
	for (int round = 0; round < ROUNDS; round++) {
		int listening = listener(round % 2 ? AF_INET : AF_INET6);
		int client = client_of(listening);
		int fd = round % 3 ? accept(listening, NULL, NULL)
				   : accept4(listening, NULL, NULL, SOCK_CLOEXEC);

		count_all_of_it(listening);
		count_all_of_it(client);
		count_all_of_it(fd);
		drop(client);
		close(fd);
		close(listening);
	}
	return unused;
}

void victim_threads(char **arguments)
{
	int first = socket(AF_INET, SOCK_STREAM, 0);
	pthread_t threads[THREADS];

	(void)arguments;
	tally.wanted = describe(first);
	say_socket("first", first);
	pthread_barrier_init(&all_there, NULL, THREADS);
	for (int i = 0; i < THREADS; i++)
		need(-pthread_create(&threads[i], NULL, work, NULL), "pthread_create");
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	say("%d of %d alike, %d different", tally.alike, 3 * THREADS * ROUNDS, tally.different);
}

/* What a signal handler needs, made before the first signal. */
static struct {
	int listening;
	struct place place;
	atomic_int interruptions, errors;
} handler;

static void interrupt(int signal)
{
	int saved = errno;
	int client = socket(AF_INET, SOCK_STREAM, 0);
	int past = raw_socket(AF_INET, SOCK_STREAM, 0);
	int fd;

	(void)signal;
	if (connect(client, (struct sockaddr *)&handler.place.address, handler.place.length) ||
	    (fd = accept(handler.listening, NULL, NULL)) < 0 || listen(handler.listening, 16) ||
	    connect(past, NULL, 0) != -1) {
		atomic_fetch_add(&handler.errors, 1);
	} else {
		count(client);
		count(fd);
		close(fd);
	}
	drop(client);
	close(past);
	atomic_fetch_add(&handler.interruptions, 1);
	errno = saved;
}

static void start_interruptions(void)
{
	struct sigaction action = { .sa_handler = interrupt, .sa_flags = SA_RESTART };
	struct itimerval every = { { 0, TICK_MICROSECONDS }, { 0, TICK_MICROSECONDS } };

	sigaddset(&action.sa_mask, SIGALRM);
	sigaddset(&action.sa_mask, SIGPROF);
	need(sigaction(SIGALRM, &action, NULL), "sigaction");
	need(sigaction(SIGPROF, &action, NULL), "sigaction");
	need(setitimer(ITIMER_REAL, &every, NULL), "setitimer");
	need(setitimer(ITIMER_PROF, &every, NULL), "setitimer");
}

static void stop_interruptions(void)
{
	struct itimerval never = { 0 };

	setitimer(ITIMER_REAL, &never, NULL);
	setitimer(ITIMER_PROF, &never, NULL);
	signal(SIGALRM, SIG_IGN);
	signal(SIGPROF, SIG_IGN);
}

/* Hooks that are interrupted by hooks, until that has happened often enough. */
void victim_signals(char **arguments)
{
	int disturbed = 0;

	(void)arguments;
	handler.listening = listener(AF_INET);
	handler.place = place_of(handler.listening);
	tally.wanted = describe(handler.listening);
	say_socket("first", handler.listening);
	start_interruptions();
	while (handler.interruptions < INTERRUPTIONS) {
		int listening, client, fd;

		errno = SENTINEL;
		listening = listener(AF_INET);
		client = client_of(listening);
		fd = accept(listening, NULL, NULL);
		disturbed += errno != SENTINEL;
		count_all_of_it(client);
		count_all_of_it(fd);
		drop(client);
		close(fd);
		close(listening);
	}
	stop_interruptions();
	say("%d different, %d errors, errno disturbed %d times", tally.different, handler.errors,
	    disturbed);
}

/* Not in every C library. */
#pragma weak _Fork
pid_t _Fork(void);

static void reap(pid_t pid)
{
	int status = -1;

	need(waitpid(pid, &status, 0), "waitpid");
	say("status %d", status);
	flush_report();
}

static void child_of_fork(const char *name, pid_t (*fork_it)(void))
{
	pid_t pid;

	flush_report();
	pid = need(fork_it(), name);
	if (!pid) {
		int listening = listener(AF_INET);

		say_socket("forked", listening);
		client_of(listening);
		say_socket("forked, accepted", accept(listening, NULL, NULL));
		flush_report();
		_exit(0);
	}
	reap(pid);
}

/*
 * The child of vfork() runs in our memory: it calls the hooks, and leaves the socket to the
 * program that it becomes.
 */
static void child_of_vfork(int listening)
{
	struct place place = place_of(listening);
	int lowest = dup(listening);
	char number[16];
	volatile int fd;
	pid_t pid;

	close(lowest);
	snprintf(number, sizeof number, "%d", lowest);
	pid = vfork();
	if (!pid) {
		fd = socket(AF_INET, SOCK_STREAM, 0);
		if (fd == lowest && !connect(fd, (struct sockaddr *)&place.address, place.length))
			execl("/proc/self/exe", "victim", "describe", number, NULL);
		_exit(1);
	}
	need(pid, "vfork");
	reap(pid);
}

static void child_of_spawn(void)
{
	char name[] = "victim", subcommand[] = "socket";
	char *arguments[] = { name, subcommand, NULL };
	extern char **environ;
	pid_t pid;

	need(-posix_spawn(&pid, "/proc/self/exe", NULL, NULL, arguments, environ), "posix_spawn");
	reap(pid);
}

void victim_children(char **arguments)
{
	int listening = listener(AF_INET);

	(void)arguments;
	child_of_fork("fork", fork);
	child_of_fork("_Fork", _Fork ? _Fork : fork);
	child_of_vfork(listening);
	child_of_spawn();
	say_socket("parent", socket(AF_INET, SOCK_STREAM, 0));
	client_of(listening);
	say_socket("parent, accepted", accept(listening, NULL, NULL));
}
