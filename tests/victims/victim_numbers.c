/* Descriptors whose number another socket had before, and values that happen to be the library's. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "victims/victim.h"

/* A listener made past the C library, under the number of a socket of that kind. */
static void say_successor(const char *name, int domain, int type)
{
	int before = need(socket(domain, type, 0), "socket"), listening, client;

	close(before);
	listening = raw_listener(AF_INET);
	need(listening == before ? 0 : -1, "the same number");
	client = raw_client_of(listening);
	say_socket(name, accept(listening, NULL, NULL));
	close(client);
	close(listening);
}

/* successor: what is accepted from listeners that came under the number of something else. */
void victim_successor(char **arguments)
{
	(void)arguments;
	say_successor("after udp", AF_INET, SOCK_DGRAM);
	say_successor("after unix", AF_UNIX, SOCK_STREAM);
	say_successor("after tcp", AF_INET, SOCK_STREAM);
}

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
