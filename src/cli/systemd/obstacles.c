/* Reports what keeps the library, or BPF programs, out of a service. */
#include "cli/systemd/obstacles.h"

#include <err.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/base/memory.h"

void obstacle(struct obstacles *obstacles, unsigned int ways, const struct assignment *assignment,
	      const char *format, ...)
{
	va_list arguments;
	char *text;

	if (ways & CERTAIN)
		obstacles->open &= ~ways;
	obstacles->hopeless |= ways == (WAYS | CERTAIN);
	if (!(ways & obstacles->told))
		return;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) < 0)
		text = NULL;
	va_end(arguments);
	expect_memory(text);
	if (assignment)
		warnx("%s:%u: %s", assignment->file, assignment->line, text);
	else
		warnx("%s", text);
	free(text);
}
