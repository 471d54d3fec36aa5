/*
 * Runs a program under a seccomp filter that refuses one system call, as the usual ones of
 * containers do: refuse EPERM|ENOSYS pidfd_getfd|pidfd_open|socket|sendto PROGRAM ARGUMENT...
 */
#include <err.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned int number_of(const char *call)
{
	if (!strcmp(call, "socket"))
		return __NR_socket;
	if (!strcmp(call, "sendto"))
		return __NR_sendto;
	return !strcmp(call, "pidfd_open") ? __NR_pidfd_open : __NR_pidfd_getfd;
}

int main(int argc, char **argv)
{
	const unsigned int error = argc > 3 && !strcmp(argv[1], "ENOSYS") ? ENOSYS : EPERM;
	const unsigned int call = number_of(argc > 3 ? argv[2] : "");
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | error),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof filter / sizeof *filter, filter };

	if (argc < 4)
		errx(EXIT_FAILURE, "no program");
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		err(EXIT_FAILURE, "seccomp");
	execv(argv[3], argv + 3);
	err(EXIT_FAILURE, "%s", argv[3]);
}
