/* Accepting threads, and children that are made while a line is being logged. */
#define _GNU_SOURCE
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hooks/describe.h"
#include "hooks/victim.h"

enum { ACCEPTORS = 4, CROWDS = 60, WAITING = 40, COMING = 20, CHILDREN = 250 };

static struct {
	int listening;
	struct description wanted;
	atomic_int accepted, different;
} crowd;

/* Until there are no more, which shows at a listener that does not block. */
static void *accept_all(void *unused)
{
	while (crowd.accepted < WAITING + COMING) {
		struct pollfd ask = { crowd.listening, POLLIN, 0 };
		int fd;

		poll(&ask, 1, 10);
		fd = accept4(crowd.listening, NULL, NULL, SOCK_CLOEXEC);
		if (fd < 0)
			continue;
		atomic_fetch_add(&crowd.accepted, 1);
		if (strcmp(describe(fd).text, crowd.wanted.text))
			atomic_fetch_add(&crowd.different, 1);
		close(fd);
	}
	return unused;
}

/* A listener from elsewhere with a full queue, and more connections while it is emptied. */
static void accept_crowd(void)
{
	int clients[WAITING + COMING];
	pthread_t threads[ACCEPTORS];

	crowd.listening = handed_over(raw_listener_for(WAITING + COMING));
	crowd.accepted = 0;
	for (int i = 0; i < WAITING; i++)
		clients[i] = raw_client_of(crowd.listening);
	for (int i = 0; i < ACCEPTORS; i++)
		need(-pthread_create(&threads[i], NULL, accept_all, NULL), "pthread_create");
	for (int i = WAITING; i < WAITING + COMING; i++)
		clients[i] = raw_client_of(crowd.listening);
	for (int i = 0; i < ACCEPTORS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < WAITING + COMING; i++)
		close(clients[i]);
	close(crowd.listening);
}

/* crowd [TIMES]: a received listener whose connections are accepted by several threads. */
void victim_crowd(char **arguments)
{
	int like = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	int times = *arguments ? atoi(*arguments) : CROWDS;

	crowd.wanted = describe(like);
	say_socket("wanted", like);
	for (int i = 0; i < times; i++)
		accept_crowd();
	say("%d different", crowd.different);
}

static atomic_bool enough;

/* Each socket is a line in the log, where there is one. */
static void *make_sockets(void *unused)
{
	while (!enough)
		close(socket(AF_INET, SOCK_STREAM, 0));
	return unused;
}

/* How many descriptors this process has of files whose names look like a log's. */
static int count_files(void)
{
	DIR *open_ones = opendir("/proc/self/fd");
	struct dirent *entry;
	int count = 0;
	char path[300], target[300];
	ssize_t length;

	while (open_ones && (entry = readdir(open_ones))) {
		snprintf(path, sizeof path, "/proc/self/fd/%s", entry->d_name);
		length = readlink(path, target, sizeof target - 1);
		if (length <= 0)
			continue;
		target[length] = 0;
		count += strstr(target, ".log") != NULL;
	}
	if (open_ones)
		closedir(open_ones);
	return count;
}

/* Time for the others, between the last hook of a library and the child. */
static void pause_before_fork(void)
{
	poll(NULL, 0, 1);
}

/* logged: makes children while another thread makes sockets; what files they were born with. */
void victim_logged(char **arguments)
{
	int with_log = 0, status = -1, before = count_files();
	pthread_t thread;

	(void)arguments;
	need(-pthread_atfork(pause_before_fork, NULL, NULL), "pthread_atfork");
	need(-pthread_create(&thread, NULL, make_sockets, NULL), "pthread_create");
	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = need(fork(), "fork");

		if (!pid)
			_exit(count_files() != before);
		need(waitpid(pid, &status, 0), "waitpid");
		with_log += status != 0;
	}
	enough = true;
	pthread_join(thread, NULL);
	say("%d with a log of their own", with_log);
}

enum { TRIES = 10, MAY_TAKE_MS = 30 };

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void make_socket(void)
{
	close(socket(AF_INET, SOCK_STREAM, 0));
}

static void make_child(void)
{
	pid_t pid = need(fork(), "fork");

	if (!pid)
		_exit(0);
	need(waitpid(pid, NULL, 0), "waitpid");
}

/* A busy machine makes one of them slow, and not all. */
static void say_speed(const char *name, void (*act)(void))
{
	bool quick = false;

	for (int i = 0; i < TRIES; i++) {
		long begin = milliseconds();

		act();
		quick |= milliseconds() - begin < MAY_TAKE_MS;
	}
	say("%s: %s", name, quick ? "quick" : "slow");
}

static void *say_sockets(void *unused)
{
	say_speed("sockets after", make_socket);
	return unused;
}

static jmp_buf before_fork;
static bool leaves_fork;

static void leave_fork(void)
{
	if (leaves_fork)
		longjmp(before_fork, 1);
}

/*
 * left: is anything slow where sockets are made within fork(), and after a fork() that did not come
 * to its end?
 */
void victim_left(char **arguments)
{
	pthread_t thread;

	(void)arguments;
	need(-pthread_atfork(leave_fork, NULL, NULL), "pthread_atfork");
	need(-pthread_atfork(make_socket, make_socket, make_socket), "pthread_atfork");
	say_speed("sockets within", make_child);
	leaves_fork = true;
	if (!setjmp(before_fork))
		make_child();
	need(-pthread_create(&thread, NULL, say_sockets, NULL), "pthread_create");
	need(-pthread_join(thread, NULL), "pthread_join");
}

/* replaced: its executable is another file now, and it has started itself anew. */
void victim_replaced(char **arguments)
{
	if (*arguments) {
		say_socket("replaced", socket(AF_INET, SOCK_STREAM, 0));
		return;
	}
	need(unlink(getenv("VICTIM_ITSELF")), "unlink");
	execl("/proc/self/exe", "victim", "replaced", "again", NULL);
	need(-1, "exec");
}
