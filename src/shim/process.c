/* What the program was started with. */
#define _GNU_SOURCE
#include "shim/process.h"

#include <stddef.h>
#include <sys/auxv.h>
#include <unistd.h>

/* Weak: see libc.c. */
#pragma weak getauxval
#pragma weak environ

/* The start of the arguments, from glibc's loader. */
extern void *__libc_stack_end;
#pragma weak __libc_stack_end

/*
 * Returns the environment as the kernel laid it out: after the number of arguments, the arguments
 * and a NULL. For hooks that are called before the C library has set its own pointer.
 */
static char *const *environment_of_kernel(void)
{
	const long *arguments = &__libc_stack_end ? __libc_stack_end : NULL;

	return arguments ? (char *const *)(arguments + 1 + *arguments + 1) : NULL;
}

char *const *environment_variables(void)
{
	/* Without getauxval() the mode may be secure. */
	if (!getauxval || getauxval(AT_SECURE))
		return NULL;
	return &environ && environ ? environ : environment_of_kernel();
}

const char *program_as_called(void)
{
	return getauxval ? (const char *)getauxval(AT_EXECFN) : NULL;
}

unsigned int user_at_start(void)
{
	return getauxval ? (unsigned int)getauxval(AT_EUID) : USER_UNKNOWN;
}
