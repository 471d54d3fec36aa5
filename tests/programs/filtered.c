/*
 * filtered ACTION [CALL...]: a program in a sandbox that libseccomp makes. ACTION is done with
 * system calls that are not listed: those that it makes itself are, and CALLs. Prints SO_KEEPALIVE
 * of a socket that it makes in there.
 */
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
	const char *word;
	uint32_t action;
} actions[] = {
	{ "allow", SCMP_ACT_ALLOW },        { "log", SCMP_ACT_LOG },
	{ "errno", SCMP_ACT_ERRNO(EPERM) }, { "trap", SCMP_ACT_TRAP },
	{ "kill", SCMP_ACT_KILL },          { "kill-process", SCMP_ACT_KILL_PROCESS },
};

static const char *const own[] = { "socket", "getsockopt", "write", "exit_group", "socketcall" };

static uint32_t action_of(const char *word)
{
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (!strcmp(word, actions[i].word))
			return actions[i].action;
	return SCMP_ACT_ALLOW;
}

/* A call that is unknown on this machine need not be allowed. */
static void allow(scmp_filter_ctx filter, const char *name)
{
	seccomp_rule_add(filter, SCMP_ACT_ALLOW, seccomp_syscall_resolve_name(name), 0);
}

int main(int count, char **words)
{
	scmp_filter_ctx filter = seccomp_init(action_of(words[1]));
	int fd, value = -1;
	socklen_t length = sizeof value;
	char text[16];
	ssize_t written;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		allow(filter, own[i]);
	for (int i = 2; i < count; i++)
		allow(filter, words[i]);
	if (seccomp_load(filter))
		return 77;
	fd = socket(AF_INET, SOCK_STREAM, 0);
	getsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &value, &length);
	written = write(STDOUT_FILENO, text, (size_t)snprintf(text, sizeof text, "%d\n", value));
	_exit(written != 2);
}
