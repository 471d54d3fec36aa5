/*
 * serve PORT receive|send: accepts one TCP connection, and says what becomes of it, as hang.py
 * does. Compiled by a test, statically.
 */
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

static void say(const char *words)
{
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	printf("%s %.3f\n", words, (double)time.tv_sec + (double)time.tv_nsec / 1e9);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int listener = socket(AF_INET, SOCK_STREAM, 0), line;
	char bytes[99];
	ssize_t size;

	if (argc != 3)
		return 2;
	address.sin_port = htons((uint16_t)atoi(argv[1]));
	if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1))
		return 1;
	say("listening");
	line = accept(listener, NULL, NULL);
	say("accepted");
	if (!strcmp(argv[2], "send") && fgets(bytes, sizeof bytes, stdin) &&
	    send(line, "x", 1, MSG_NOSIGNAL) == 1)
		say("sent");
	size = recv(line, bytes, sizeof bytes, 0);
	say(size > 0             ? "freed received"
	    : size == 0          ? "freed end-of-file"
	    : errno == ETIMEDOUT ? "freed ETIMEDOUT"
				 : "freed by another error");
	return 0;
}
