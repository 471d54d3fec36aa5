/*
 * A library whose constructor opens connections, as EARLY in the environment says: plainly, in a
 * signal handler, after a child of vfork(), in a thread, after many threads at once, or while a
 * thread makes children without a pause. Constructors of a program's libraries run before those of
 * a library that is preloaded.
 */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/early.h"

struct description early_client, early_accepted;

static int listening, client;

static void open_connection(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof address;

	listening = socket(AF_INET, SOCK_STREAM, 0);
	client = socket(AF_INET, SOCK_STREAM, 0);
	if (bind(listening, (struct sockaddr *)&address, length) || listen(listening, 1) ||
	    getsockname(listening, (struct sockaddr *)&address, &length) ||
	    connect(client, (struct sockaddr *)&address, length))
		_exit(1);
}

static void handle(int number)
{
	(void)number;
	open_connection();
}

static void *run(void *unused)
{
	open_connection();
	return unused;
}

static atomic_bool go;

static void *race(void *unused)
{
	while (!atomic_load(&go))
		continue;
	close(socket(AF_INET, SOCK_STREAM, 0));
	return unused;
}

static void in_vfork_child(void)
{
	pid_t pid = vfork();

	if (!pid) {
		socket(AF_INET, SOCK_STREAM, 0);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

/* All of them are the first at once: whoever is not passes through. */
static void in_many_threads(void)
{
	enum { THREADS = 8 };
	pthread_t threads[THREADS];

	for (int i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, race, NULL))
			_exit(1);
	atomic_store(&go, true);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
}

int early_children, early_without;
static int children_wanted;
static pthread_t forking;
static atomic_bool begun;

/* Ends with 0 if a socket of the child's has keepalive. */
_Noreturn static void be_child(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0), keepalive = 0;
	socklen_t length = sizeof keepalive;

	_exit(getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &keepalive, &length) || !keepalive);
}

static void *make_children(void *unused)
{
	int status;

	for (; early_children < children_wanted; early_children++) {
		pid_t pid = fork();

		if (!pid)
			be_child();
		if (pid < 0)
			_exit(1);
		atomic_store(&begun, true);
	}
	while (waitpid(-1, &status, 0) > 0)
		early_without += status != 0;
	return unused;
}

/* Joined by main(), so that the start-up of what is preloaded falls into it. */
static void start_making_children(void)
{
	if (pthread_create(&forking, NULL, make_children, NULL))
		_exit(1);
	while (!atomic_load(&begun))
		continue;
}

void early_wait(void)
{
	if (atomic_load(&begun))
		pthread_join(forking, NULL);
}

__attribute__((constructor)) static void construct(void)
{
	const char *how = getenv("EARLY");
	pthread_t thread;

	if (!strcmp(how, "signal")) {
		signal(SIGALRM, handle);
		raise(SIGALRM);
	} else if (!strcmp(how, "thread")) {
		pthread_create(&thread, NULL, run, NULL);
		pthread_join(thread, NULL);
	} else {
		if (!strcmp(how, "vfork"))
			in_vfork_child();
		if (!strcmp(how, "threads"))
			in_many_threads();
		if (sscanf(how, "%d children", &children_wanted) == 1) {
			start_making_children();
			return;
		}
		open_connection();
	}
	early_client = describe(client);
	early_accepted = describe(accept(listening, NULL, NULL));
}
