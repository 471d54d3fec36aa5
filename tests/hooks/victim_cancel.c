/* Threads that are cancelled: which of the hooked calls end them, and which must not. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "hooks/victim.h"

/* What a thread is to do, and what became of it. */
struct job {
	int (*call)(struct job *job);
	int fd;
	struct place there; /* where connect() is to go */
	bool pending;  /* it is cancelled before the call, and then not for as long as it may be */
	bool disabled; /* cancellation is off while it calls */
	atomic_int thread; /* its id, once it is about to call */
	bool cleaned, returned;
	int result;
};

static int call_accept(struct job *job)
{
	return accept(job->fd, NULL, NULL);
}

static int call_accept4(struct job *job)
{
	return accept4(job->fd, NULL, NULL, SOCK_CLOEXEC);
}

static int call_connect(struct job *job)
{
	return connect(job->fd, (struct sockaddr *)&job->there.address, job->there.length);
}

/* With MSG_FASTOPEN where there is a place to connect to. */
static int call_sendto(struct job *job)
{
	const int flags = MSG_NOSIGNAL | (job->there.length ? MSG_FASTOPEN : 0);

	return (int)sendto(job->fd, "x", 1, flags, (struct sockaddr *)&job->there.address,
			   job->there.length);
}

static int call_sendmsg(struct job *job)
{
	struct iovec part = { (char[]){ 'x' }, 1 };
	struct msghdr message = { .msg_name = &job->there.address,
				  .msg_namelen = job->there.length,
				  .msg_iov = &part,
				  .msg_iovlen = 1 };

	return (int)sendmsg(job->fd, &message,
			    MSG_NOSIGNAL | (job->there.length ? MSG_FASTOPEN : 0));
}

static int call_socket(struct job *job)
{
	(void)job;
	return socket(AF_INET, SOCK_STREAM, 0);
}

static int call_listen(struct job *job)
{
	return listen(job->fd, 1);
}

static void clean_up(void *job)
{
	((struct job *)job)->cleaned = true;
}

static void *run_job(void *argument)
{
	struct job *job = argument;
	int before;

	pthread_cleanup_push(clean_up, job);
	pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
	if (job->pending)
		pthread_cancel(pthread_self());
	if (!job->disabled)
		pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
	atomic_store(&job->thread, (int)syscall(SYS_gettid));
	job->result = job->call(job);
	job->returned = true;
	pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &before);
	if (job->pending)
		pthread_testcancel();
	pthread_cleanup_pop(0);
	return NULL;
}

static pthread_t start_job(struct job *job)
{
	pthread_t thread;

	need(-pthread_create(&thread, NULL, run_job, job), "pthread_create");
	while (!atomic_load(&job->thread))
		usleep(100);
	return thread;
}

static void say_job(const char *name, pthread_t thread, struct job *job)
{
	void *end = NULL;

	need(-pthread_join(thread, &end), "pthread_join");
	say("%s: %s%s, %s", name, job->returned ? "returned, " : "",
	    end == PTHREAD_CANCELED ? "cancelled" : "ended",
	    job->cleaned ? "cleaned up" : "no clean-up");
}

static void cancel_blocked(const char *name, struct job job)
{
	pthread_t thread = start_job(&job);

	while (!is_blocked(job.thread))
		usleep(100);
	need(-pthread_cancel(thread), "pthread_cancel");
	say_job(name, thread, &job);
}

static void call_with_pending(const char *name, struct job job)
{
	pthread_t thread;

	job.pending = true;
	thread = start_job(&job);
	say_job(name, thread, &job);
}

/* Cancellation is off: the call goes on until it has what it waits for. */
static void cancel_disabled(const char *name, struct job job)
{
	pthread_t thread;

	job.disabled = true;
	thread = start_job(&job);
	while (!is_blocked(job.thread))
		usleep(100);
	need(-pthread_cancel(thread), "pthread_cancel");
	client_of(job.fd);
	say_job(name, thread, &job);
}

/* A listener that answers nobody any more: its queue is full. */
static struct place full_place(void)
{
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	struct place place;
	int client;

	bind_loopback(fd, AF_INET);
	need(listen(fd, 0), "listen");
	place = place_of(fd);
	client_of(fd);
	/* The next one, or the one after it, is let in no more. */
	for (int i = 0; i < 3; i++) {
		client = need(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), "socket");
		connect(client, (struct sockaddr *)&place.address, place.length);
	}
	return place;
}

static int tcp(void)
{
	return need(socket(AF_INET, SOCK_STREAM, 0), "socket");
}

static int bound(int fd)
{
	bind_loopback(fd, AF_INET);
	return fd;
}

void victim_cancel(char **arguments)
{
	struct place full = full_place();
	int past = raw_listener(AF_INET), waiting = listener(AF_INET);

	(void)arguments;
	cancel_blocked("accept", (struct job){ .call = call_accept, .fd = listener(AF_INET) });
	cancel_blocked("accept4", (struct job){ .call = call_accept4, .fd = listener(AF_INET) });
	cancel_blocked("accept of past", (struct job){ .call = call_accept, .fd = past });
	cancel_blocked("accept4 of past", (struct job){ .call = call_accept4, .fd = past });
	cancel_blocked("connect", (struct job){ .call = call_connect, .fd = tcp(), .there = full });
	cancel_blocked("connect of past", (struct job){ .call = call_connect,
							.fd = raw_socket(AF_INET, SOCK_STREAM, 0),
							.there = full });

	call_with_pending("socket, pending", (struct job){ .call = call_socket });
	call_with_pending("listen, pending",
			  (struct job){ .call = call_listen, .fd = bound(tcp()) });
	call_with_pending("listen of past, pending",
			  (struct job){ .call = call_listen,
					.fd = bound(raw_socket(AF_INET, SOCK_STREAM, 0)) });
	call_with_pending("sendto, pending", (struct job){ .call = call_sendto, .fd = tcp() });
	call_with_pending("sendmsg, pending", (struct job){ .call = call_sendmsg, .fd = tcp() });
	client_of(waiting);
	call_with_pending("accept, pending", (struct job){ .call = call_accept, .fd = waiting });
	need(fcntl(waiting, F_SETFL, O_NONBLOCK), "fcntl");
	CALL("the connection that waited", accept(waiting, NULL, NULL));

	cancel_disabled("accept, disabled",
			(struct job){ .call = call_accept, .fd = listener(AF_INET) });
	cancel_disabled("accept of past, disabled",
			(struct job){ .call = call_accept, .fd = raw_listener(AF_INET) });
}

/* fastopen-cancel: the same of clients that wait for a connection which MSG_FASTOPEN is to make. */
void victim_fastopen_cancel(char **arguments)
{
	static const struct {
		const char *name;
		int (*call)(struct job *job);
		bool past;
	} rows[] = {
		{ "sendto", call_sendto, false },
		{ "sendto of past", call_sendto, true },
		{ "sendmsg", call_sendmsg, false },
		{ "sendmsg of past", call_sendmsg, true },
	};
	struct place full = full_place();

	(void)arguments;
	if (fastopen_is_off(AF_INET))
		skip("TCP Fast Open is off here");
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cancel_blocked(rows[i].name,
			       (struct job){ .call = rows[i].call,
					     .fd = rows[i].past
							   ? raw_socket(AF_INET, SOCK_STREAM, 0)
							   : tcp(),
					     .there = full });
}
