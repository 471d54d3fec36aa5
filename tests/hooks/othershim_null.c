/* A library in whose presence dlsym() finds nothing. */
#include <dlfcn.h>
#include <stddef.h>

#include "hooks/othershim.h"

static int asked;

void *dlsym(void *restrict handle, const char *restrict name)
{
	(void)handle, (void)name;
	asked = 1;
	return NULL;
}

__attribute__((destructor)) static void report(void)
{
	report_line(asked ? "other: dlsym was asked\n" : "other: nobody asked\n");
}
