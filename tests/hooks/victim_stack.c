/* stack [exactly]: how much of a thread's stack the calls take; coroutines have small ones. */
#define _GNU_SOURCE
#include <netinet/in.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "hooks/victim.h"

/* OWN is what the functions here and the C library's take, generously. */
enum { STACK_SIZE = 256 * 1024, PAINTED = 32 * 1024, PAINT = 0xa5, OWN = 256, FEW = 512 };

static struct {
	int own, past, listening, past_listening, idle;
	struct place place;
} sockets;

static void call_socket(void)
{
	socket(AF_INET, SOCK_STREAM, 0);
}

static void call_connect(void)
{
	connect(sockets.own, (struct sockaddr *)&sockets.place.address, sockets.place.length);
}

static void call_connect_of_past(void)
{
	connect(sockets.past, (struct sockaddr *)&sockets.place.address, sockets.place.length);
}

static void call_sendto(void)
{
	sendto(sockets.idle, "", 1, MSG_NOSIGNAL, NULL, 0);
}

static void call_fast_open(void)
{
	sendto(sockets.past, "", 1, MSG_FASTOPEN, (struct sockaddr *)&sockets.place.address,
	       sockets.place.length);
}

static void call_listen(void)
{
	listen(sockets.listening, 5);
}

static void call_listen_of_past(void)
{
	listen(raw_socket(AF_INET, SOCK_STREAM, 0), 5);
}

static void call_accept(void)
{
	accept(sockets.listening, NULL, NULL);
}

static void call_accept_of_past(void)
{
	accept4(sockets.past_listening, NULL, NULL, SOCK_CLOEXEC);
}

static void call_setsockopt(void)
{
	int off = 0;

	setsockopt(sockets.idle, SOL_SOCKET, SO_KEEPALIVE, &off, sizeof off);
}

static void call_close(void)
{
	close(dup(sockets.idle));
}

static const struct call {
	const char *name;
	void (*make)(void);
} calls[] = {
	{ "socket", call_socket },
	{ "connect", call_connect },
	{ "connect of past", call_connect_of_past },
	{ "sendto", call_sendto },
	{ "fast open of past", call_fast_open },
	{ "listen", call_listen },
	{ "listen of past", call_listen_of_past },
	{ "accept", call_accept },
	{ "accept of past", call_accept_of_past },
	{ "setsockopt", call_setsockopt },
	{ "close", call_close },
};

static void prepare(void)
{
	sockets.listening = listener(AF_INET);
	sockets.place = place_of(sockets.listening);
	sockets.past_listening = raw_listener(AF_INET);
	for (int i = 0; i < 3; i++)
		raw_client_of(sockets.listening), raw_client_of(sockets.past_listening);
	sockets.own = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
	sockets.past = need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket");
	sockets.idle = need(socket(AF_INET, SOCK_STREAM, 0), "socket");
}

/* How many bytes below this frame the call has touched. */
static void *measure(void *argument)
{
	const struct call *call = argument;
	volatile unsigned char *here = __builtin_frame_address(0), *lowest = here - PAINTED;

	/* The loader looks a function up at its first call, and that needs much. */
	prepare();
	call->make();
	prepare();
	for (volatile unsigned char *at = lowest; at < here - OWN; at++)
		*at = PAINT;
	call->make();
	while (*lowest == PAINT)
		lowest++;
	return (void *)(uintptr_t)(here - lowest);
}

void victim_stack(char **arguments)
{
	pthread_attr_t attributes;

	if (getenv("TEST_UNOPTIMISED"))
		skip("a library that is not optimised may take more");
	pthread_attr_init(&attributes);
	need(-pthread_attr_setstacksize(&attributes, STACK_SIZE), "stack size");
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		const struct call *call = &calls[i];
		pthread_t thread;
		void *used;

		need(-pthread_create(&thread, &attributes, measure, (void *)(uintptr_t)call),
		     "pthread_create");
		pthread_join(thread, &used);
		if ((uintptr_t)used <= OWN + FEW && !*arguments)
			say("%s: little", call->name);
		else
			say("%s: %zu bytes", call->name, (size_t)(uintptr_t)used);
	}
}
