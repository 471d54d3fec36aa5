/*
 * Says what the library notices of setsockopt(), fcntl(), sendmsg() and prctl(), under
 * KEEPALIVE_IDLE=60 and override. Built for times of 64 bits on a machine of 32, it calls them by
 * other names.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int idle_of(int fd)
{
	int value = -1;
	socklen_t length = sizeof value;

	getsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, &length);
	return value;
}

int main(void)
{
	struct sock_filter allow_all[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, allow_all };
	int fd = socket(AF_INET, SOCK_STREAM, 0), value = 300;
	int past = (int)syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, sizeof value);
	printf("set: %d\n", idle_of(fd));
	printf("copied: %d\n", idle_of(fcntl(fd, F_DUPFD_CLOEXEC, 10)));
	sendmsg(past, &(struct msghdr){ 0 }, MSG_FASTOPEN);
	printf("sent: %d\n", idle_of(past));
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		return 1;
	printf("sandboxed: %d\n", idle_of(socket(AF_INET, SOCK_STREAM, 0)));
	return 0;
}
