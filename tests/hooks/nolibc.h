/* What programs without a C library do for themselves: system calls. */
#ifndef TESTS_NOLIBC_H
#define TESTS_NOLIBC_H

#include <sys/syscall.h>

/* Defined where this file knows the machine's way to the kernel. */
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
#define NOLIBC_MACHINE 1
#endif

/* The result, or the error as a negative number. */
static inline long system_call(long number, long a, long b, long c)
{
#if defined(__x86_64__)
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return result;
#elif defined(__i386__)
	long result;

	__asm__ volatile("int $0x80"
			 : "=a"(result)
			 : "a"(number), "b"(a), "c"(b), "d"(c)
			 : "memory");
	return result;
#elif defined(__aarch64__)
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;

	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
	return x0;
#else
	(void)number, (void)a, (void)b, (void)c;
	return -1;
#endif
}

#endif
