/*
 * Functions that compilers call on some processors, and that their static library lacks or
 * implements with calls into a C library; hidden in the library.
 */
#if defined(__ARM_EABI__)

void __aeabi_unwind_cpp_pr0(void);
void __aeabi_unwind_cpp_pr1(void);
void __aeabi_unwind_cpp_pr2(void);
int __aeabi_idiv0(int result);
long long __aeabi_ldiv0(long long result);

/*
 * Unwind tables refer to these so that they are linked. Nobody calls them: unwinders use their own,
 * which the tables select by number.
 */
void __aeabi_unwind_cpp_pr0(void)
{
}

void __aeabi_unwind_cpp_pr1(void)
{
}

void __aeabi_unwind_cpp_pr2(void)
{
}

/*
 * Called for a division by zero, which we never make; that of the static library would call
 * raise().
 */
int __aeabi_idiv0(int result)
{
	return result;
}

long long __aeabi_ldiv0(long long result)
{
	return result;
}

#elif defined(__riscv) && !defined(__clang__)

/* GCC before 13 has these only in libatomic, and __sync_* in libgcc.a. */

unsigned short __atomic_fetch_or_2(volatile void *at, unsigned short bits, int order);
unsigned short __atomic_fetch_and_2(volatile void *at, unsigned short bits, int order);

unsigned short __atomic_fetch_or_2(volatile void *at, unsigned short bits, int order)
{
	(void)order;
	return __sync_fetch_and_or((volatile unsigned short *)at, bits);
}

unsigned short __atomic_fetch_and_2(volatile void *at, unsigned short bits, int order)
{
	(void)order;
	return __sync_fetch_and_and((volatile unsigned short *)at, bits);
}

#endif
