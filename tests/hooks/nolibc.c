/*
 * A dynamic program without a C library. Linked with a library of its own it opens a socket by it,
 * and says whether it got one; without, it says only that it is there.
 */
#include "hooks/nolibc.h"

#include <sys/socket.h>

static void print(const char *text, long length)
{
	system_call(SYS_write, 1, (long)text, length);
}

/* Where the kernel enters the program, with a stack that is not aligned as in a function. */
void _start(void);
#if defined(__x86_64__) || defined(__i386__)
__attribute__((force_align_arg_pointer))
#endif
void _start(void)
{
	print("alive\n", 6);
#ifdef WITH_LIBRARY
	if (socket(AF_INET, SOCK_STREAM, 0) >= 0)
		print("got a socket\n", 13);
	else
		print("got none\n", 9);
#endif
	system_call(SYS_exit_group, 0, 0, 0);
	__builtin_trap();
}
