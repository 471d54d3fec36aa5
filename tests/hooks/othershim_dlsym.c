/*
 * A library that hooks dlsym() and passes the question on: RTLD_NEXT is then what comes after
 * *it*, so that who is preloaded next and asks for the next function gets its own. It allocates
 * memory on the way, and leaves something in errno, as a real dlsym() may.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>

#include "hooks/othershim.h"

static int asked;

static void *(*real_dlsym(void))(void *, const char *)
{
	/* In the order of their age: of the newest glibc, and of each architecture's first. */
	static const char *const versions[] = { "GLIBC_2.34", "GLIBC_2.2.5", "GLIBC_2.17",
						"GLIBC_2.27", "GLIBC_2.0" };
	void *found = NULL;

	for (size_t i = 0; !found && i < sizeof versions / sizeof *versions; i++)
		found = dlvsym(RTLD_NEXT, "dlsym", versions[i]);
	return (void *(*)(void *, const char *))found;
}

void *dlsym(void *restrict handle, const char *restrict name)
{
	/* Kept, so that the call is no jump: RTLD_NEXT goes by the return address. */
	void *volatile found;
	void *volatile block = malloc(100);

	free(block);
	asked = 1;
	found = real_dlsym()(handle, name);
	errno = EDOM;
	return found;
}

__attribute__((destructor)) static void report(void)
{
	report_line(asked ? "other: dlsym was asked\n" : "other: nobody asked\n");
}
