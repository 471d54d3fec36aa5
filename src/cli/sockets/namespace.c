/* Asks the kernel from within another network namespace. */
#include "cli/sockets/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sockets/proc.h"

ino_t namespace_id(pid_t pid)
{
	struct stat file;

	return stat(pid ? proc_path(pid, "ns/net").at : "/proc/self/ns/net", &file) ? 0
										    : file.st_ino;
}

/* Enters the user namespace first if our user owns it, as that of a rootless container. */
static bool enter(pid_t pid)
{
	int net = open(proc_path(pid, "ns/net").at, O_RDONLY | O_CLOEXEC);
	int user = open(proc_path(pid, "ns/user").at, O_RDONLY | O_CLOEXEC);

	return net >= 0 &&
	       (!setns(net, CLONE_NEWNET) ||
		(user >= 0 && !setns(user, CLONE_NEWUSER) && !setns(net, CLONE_NEWNET)));
}

static void tell_from_there(pid_t pid, void (*tell)(void *, FILE *), void *context, int to)
{
	FILE *stream = enter(pid) ? fdopen(to, "w") : NULL;

	if (!stream)
		_exit(EXIT_FAILURE);
	tell(context, stream);
	_exit(fclose(stream) ? EXIT_FAILURE : EXIT_SUCCESS);
}

bool namespace_ask(pid_t pid, void (*tell)(void *context, FILE *to),
		   bool (*take)(void *context, FILE *from), void *context)
{
	int ends[2], status = 0;
	FILE *stream;
	pid_t child;
	bool told;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	/* A namespace of users, once entered, cannot be left: somebody else goes. */
	child = fork();
	if (!child)
		tell_from_there(pid, tell, context, ends[1]);
	close(ends[1]);
	stream = child > 0 ? fdopen(ends[0], "r") : NULL;
	told = stream && take(context, stream);
	if (stream)
		fclose(stream);
	else
		close(ends[0]);
	return child > 0 && waitpid(child, &status, 0) == child && !status && told;
}
