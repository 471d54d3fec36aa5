/* Values of the program's own that happen to be the library's. */
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include "victims/victim.h"

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
