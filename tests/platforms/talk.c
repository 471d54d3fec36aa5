/*
 * talk: listens, connects to itself, accepts, and keeps all of it; for where no program as it comes
 * can be had. It asks for no keepalive.
 */
#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

int main(void)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	struct sockaddr *place = (struct sockaddr *)&address;
	socklen_t length = sizeof address;
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(listener, place, length) || listen(listener, 8) ||
	    getsockname(listener, place, &length) || connect(client, place, length) ||
	    accept(listener, NULL, NULL) < 0) {
		perror("talk");
		return 1;
	}
	for (;;)
		pause();
}
