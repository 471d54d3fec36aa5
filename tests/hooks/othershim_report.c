/* For the libraries that are preloaded besides: what they share. */
#include "hooks/othershim.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void report_line(const char *line)
{
	const char *path = getenv("VICTIM_REPORT");
	int fd = path ? open(path, O_WRONLY | O_APPEND | O_CLOEXEC) : dup(STDOUT_FILENO);

	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		_exit(1);
	close(fd);
}
