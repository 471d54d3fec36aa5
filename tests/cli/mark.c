/*
 * mark ... FILE: makes an empty file, and says whether keepalive is on at a new socket. What stands
 * before the file is that of the scripts whose interpreter it is.
 */
#include <stdio.h>
#include <sys/socket.h>

int main(int argc, char **argv)
{
	int value = -1, fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE *file = argc > 1 ? fopen(argv[argc - 1], "w") : NULL;
	socklen_t length = sizeof value;

	if (!file || fclose(file) || getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length))
		return 1;
	printf("keepalive %d\n", value);
	return 0;
}
