/* The calling thread. Without a system call; may be called at any time. */
#ifndef KEEPALIVE_THREAD_H
#define KEEPALIVE_THREAD_H

#include <stdint.h>

/* The thread's errno, kept over what the shim does of itself. 0 where there is no C library. */
int errno_get(void);
void errno_set(int value);

/* A number that no other living thread of the process has, found without a system call. */
uintptr_t thread_number(void);

#endif
