/* Asks the kernel from within another network namespace. */
#include "cli/sockets/namespace.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/sockets/proc.h"

enum { DESCRIPTORS_MAX = 8 };

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

/* A message with descriptors in it, and one byte, without which there is no message. */
struct parcel {
	char byte;
	struct iovec part;
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
	struct msghdr message;
};

static void prepare(struct parcel *parcel, size_t count)
{
	*parcel = (struct parcel){ .byte = 0 };
	parcel->part = (struct iovec){ &parcel->byte, sizeof parcel->byte };
	parcel->message = (struct msghdr){ .msg_iov = &parcel->part,
					   .msg_iovlen = 1,
					   .msg_control = parcel->control,
					   .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
}

static void open_and_send(pid_t pid, bool (*open_there)(int *), size_t count, int to)
{
	int descriptors[DESCRIPTORS_MAX];
	struct parcel parcel;
	struct cmsghdr *header;

	if (!enter(pid) || !open_there(descriptors))
		_exit(EXIT_FAILURE);
	prepare(&parcel, count);
	header = CMSG_FIRSTHDR(&parcel.message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(header), descriptors, count * sizeof(int));
	_exit(sendmsg(to, &parcel.message, MSG_NOSIGNAL) == 1 ? EXIT_SUCCESS : EXIT_FAILURE);
}

static bool receive(int from, int *descriptors, size_t count)
{
	struct parcel parcel;
	struct cmsghdr *header;

	prepare(&parcel, count);
	if (recvmsg(from, &parcel.message, MSG_CMSG_CLOEXEC) != 1)
		return false;
	header = CMSG_FIRSTHDR(&parcel.message);
	if (!header || header->cmsg_len != CMSG_LEN(count * sizeof(int)))
		return false;
	memcpy(descriptors, CMSG_DATA(header), count * sizeof(int));
	return true;
}

bool namespace_open(pid_t pid, bool (*open_there)(int *descriptors), int *descriptors, size_t count)
{
	bool received;
	int ends[2];
	pid_t child;

	if (count > DESCRIPTORS_MAX || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		return false;
	child = fork();
	if (!child)
		open_and_send(pid, open_there, count, ends[1]);
	close(ends[1]);
	received = child > 0 && receive(ends[0], descriptors, count);
	close(ends[0]);
	if (child > 0)
		waitpid(child, NULL, 0);
	return received;
}
