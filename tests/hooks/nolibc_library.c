/* All the library that a program without a C library has. */
#include "hooks/nolibc.h"

#include <sys/socket.h>

int socket(int domain, int type, int protocol)
{
	long result = system_call(SYS_socket, domain, type, protocol);

	return result < 0 ? -1 : (int)result;
}
