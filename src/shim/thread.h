/* The calling thread. Makes no system call; may be called at any time. */
#ifndef KEEPALIVE_THREAD_H
#define KEEPALIVE_THREAD_H

#include <stdint.h>

/* The thread's errno, which the library saves and restores; 0 without a C library. */
int errno_get(void);
void errno_set(int value);

/* Returns a number that no other living thread of the process has. */
uintptr_t thread_number(void);

#endif
