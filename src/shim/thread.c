/* The calling thread: its errno, whose address is also the thread's number. */
#include "shim/thread.h"

#include <errno.h>

/* Weak: see libc.c. */
#pragma weak __errno_location

int errno_get(void)
{
	return __errno_location ? *__errno_location() : 0;
}

void errno_set(int value)
{
	if (__errno_location)
		*__errno_location() = value;
}

/* Each thread has its own errno. */
uintptr_t thread_number(void)
{
	return __errno_location ? (uintptr_t)__errno_location() : 1;
}
