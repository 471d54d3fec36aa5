/*
 * early [preinit]: reports how sockets read that were made before main(), in it, and after it; or
 * how many of the children that were made meanwhile had no keepalive.
 */
#include "hooks/early.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SENTINEL = 4321 };

static struct description constructed;
static int errno_after_first = SENTINEL;

static int tcp(void)
{
	return socket(AF_INET, SOCK_STREAM, 0);
}

/* The very first function of the program, before the C library itself has been initialised. */
static void preinitialise(int argc, char **argv, char **environment)
{
	(void)argv, (void)environment;
	if (argc > 1) {
		errno = SENTINEL;
		tcp();
		errno_after_first = errno;
	}
}

__attribute__((section(".preinit_array"),
	       used)) static void (*const preinit)(int, char **, char **) = preinitialise;

__attribute__((constructor)) static void construct(void)
{
	constructed = describe(tcp());
}

__attribute__((destructor)) static void destruct(void)
{
	printf("destructor: %s\n", describe(tcp()).text);
	fflush(stdout);
}

int main(void)
{
	const char *report = getenv("VICTIM_REPORT");

	if (report && !freopen(report, "a", stdout))
		return 1;
	early_wait();
	if (early_children) {
		printf("%d of %d without\n", early_without, early_children);
		fflush(stdout);
		_exit(0);
	}
	printf("library: %s\n", early_client.text);
	printf("library, accepted: %s\n", early_accepted.text);
	printf("constructor: %s\n", constructed.text);
	printf("main: %s\n", describe(tcp()).text);
	printf("errno: %s\n", errno_after_first == SENTINEL ? "kept" : "lost");
	return 0;
}
