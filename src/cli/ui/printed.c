/* Whether standard output was written. */
#include "cli/ui/printed.h"

#include <err.h>
#include <stdio.h>

#include "cli/verb.h"

/* A full disk is an error too. */
int printed(int status)
{
	if (fflush(stdout) || ferror(stdout)) {
		warn("standard output");
		return STATUS_FAILED;
	}
	return status;
}
