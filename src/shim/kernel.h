/* System calls, in assembly on machines that are listed here: no C library is needed for them. */
#ifndef KEEPALIVE_KERNEL_H
#define KEEPALIVE_KERNEL_H

#include <asm/posix_types.h>
#include <errno.h>
#include <stddef.h>

/* A time for system calls that use the size of a pointer. */
struct kernel_time {
	__kernel_long_t seconds, nanoseconds;
};

#if (defined(__x86_64__) && !defined(__ILP32__)) || defined(__i386__) || defined(__aarch64__)

/* Returns the result; a negative errno value on failure. */
static inline long kernel_call(long number, long a, long b, long c, long d, long e)
{
#if defined(__x86_64__)
	register long fourth __asm__("r10") = d;
	register long fifth __asm__("r8") = e;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(fourth), "r"(fifth)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__i386__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c), "S"(d), "D"(e)
			 : "memory");
	return result;
#else
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;

	__asm__ volatile("svc 0"
			 : "+r"(x0)
			 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4)
			 : "memory");
	return x0;
#endif
}

#else

/* On other machines, the C library's syscall() if there is one. */
long syscall(long number, ...);
#pragma weak syscall
int *__errno_location(void);
#pragma weak __errno_location

static inline long kernel_call(long number, long a, long b, long c, long d, long e)
{
	long result = syscall ? syscall(number, a, b, c, d, e) : -1;

	return result != -1 ? result : syscall && __errno_location ? -*__errno_location() : -ENOSYS;
}

#endif
#endif
