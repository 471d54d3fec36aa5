/* The system calls that the hooks make: for strace to write down, and for a filter to judge. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "hooks/victim.h"

/* Seen in a trace by its name: what follows belongs to `name`. */
static void mark(const char *name)
{
	char path[64];

	snprintf(path, sizeof path, "mark: %s", name);
	access(path, F_OK);
}

static struct sockaddr_un automatic = { .sun_family = AF_UNIX };

void victim_calls(char **arguments)
{
	struct place place, past_place;
	int listening, client, fresh, udp, unix_listening, past, past_listening;

	(void)arguments;
	mark("socket");
	listening = socket(AF_INET, SOCK_STREAM, 0);
	mark("socket of ipv6");
	socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
	mark("socket of udp");
	udp = socket(AF_INET, SOCK_DGRAM, 0);
	mark("socket of unix");
	unix_listening = socket(AF_UNIX, SOCK_STREAM, 0);
	mark("socket of netlink");
	socket(AF_NETLINK, SOCK_RAW, 0);
	mark("socket of nothing");
	socket(-1, 0, 0);
	mark("between");
	bind_loopback(listening, AF_INET);
	place = place_of(listening);
	mark("listen");
	listen(listening, 5);
	mark("between");
	client = socket(AF_INET, SOCK_STREAM, 0);
	fresh = socket(AF_INET, SOCK_STREAM, 0);
	mark("connect");
	connect(client, (struct sockaddr *)&place.address, place.length);
	mark("accept");
	accept(listening, NULL, NULL);
	mark("between");
	raw_client_of(listening);
	mark("accept4");
	accept4(listening, NULL, NULL, SOCK_CLOEXEC);
	mark("connect of udp");
	connect(udp, (struct sockaddr *)&place.address, place.length);
	past = raw_socket(AF_INET, SOCK_DGRAM, 0);
	mark("sendto");
	sendto(past, "x", 1, 0, (struct sockaddr *)&place.address, place.length);
	mark("sendmsg");
	sendmsg(past, &(struct msghdr){ 0 }, 0);
	mark("fast open");
	sendto(fresh, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&place.address, place.length);
	mark("between");
	bind(unix_listening, (struct sockaddr *)&automatic, sizeof(sa_family_t));
	mark("listen of unix");
	listen(unix_listening, 5);
	mark("between");
	place = place_of(unix_listening);
	client = socket(AF_UNIX, SOCK_STREAM, 0);
	mark("connect of unix");
	connect(client, (struct sockaddr *)&place.address, place.length);
	mark("accept of unix");
	accept(unix_listening, NULL, NULL);
	mark("between");
	past_listening = raw_listener(AF_INET);
	past_place = place_of(past_listening);
	past = raw_socket(AF_INET, SOCK_STREAM, 0);
	mark("connect of past");
	connect(past, (struct sockaddr *)&past_place.address, past_place.length);
	mark("accept of past");
	accept(past_listening, NULL, NULL);
	mark("between");
	past = raw_socket(AF_INET, SOCK_DGRAM, 0);
	mark("connect of past udp");
	connect(past, (struct sockaddr *)&past_place.address, past_place.length);
	mark("connect again");
	connect(past, (struct sockaddr *)&past_place.address, past_place.length);
	mark("end");
}

#if __has_include(<linux/seccomp.h>)
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* What this program calls itself, and the two that the library may add. */
static const int allowed[] = {
	SYS_socket,
	SYS_bind,
	SYS_listen,
	SYS_connect,
	SYS_accept4,
	SYS_getsockname,
	SYS_getsockopt,
	SYS_setsockopt,
	SYS_openat,
	SYS_write,
	SYS_close,
	SYS_exit_group,
	SYS_dup,
	SYS_dup3,
	SYS_fcntl,
#ifdef SYS_accept
	SYS_accept,
#endif
#ifdef SYS_dup2
	SYS_dup2,
#endif
#ifdef SYS_socketcall
	SYS_socketcall,
#endif
	/* The last ones are for fork() of C libraries old and new alone. */
	SYS_clone,
	SYS_wait4,
	SYS_set_robust_list,
	SYS_rt_sigprocmask,
	SYS_rseq,
};
enum { CALLS_OF_FORK = 5, CALLS = sizeof allowed / sizeof *allowed };

/* What a dynamic program calls before its main(), and what ends it. */
static const int allowed_at_start[] = {
	SYS_execve,     SYS_brk,
	SYS_mmap,       SYS_openat,
	SYS_read,       SYS_pread64,
	SYS_close,      SYS_mprotect,
	SYS_munmap,     SYS_set_tid_address,
	SYS_prlimit64,  SYS_set_robust_list,
	SYS_getrandom,  SYS_exit_group,
	SYS_faccessat,
#ifdef SYS_fstat
	SYS_fstat,
#endif
#ifdef SYS_newfstatat
	SYS_newfstatat,
#endif
#ifdef SYS_access
	SYS_access,
#endif
#ifdef SYS_arch_prctl
	SYS_arch_prctl,
#endif
#ifdef SYS_rseq
	SYS_rseq,
#endif
};

static void install(struct sock_filter *filter, unsigned short length)
{
	struct sock_fprog program = { length, filter };

	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program))
		skip("no seccomp filter can be had here");
}

#define LOAD(member) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, member))
#define UNLESS(value, skipped) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skipped))
#define RETURN(action) BPF_STMT(BPF_RET | BPF_K, (action))

/* From here on any other system call is the end of the process. */
static void install_filter(const int *calls, size_t count)
{
	enum { MOST = 40 };
	struct sock_filter filter[2 * MOST + 2] = { LOAD(nr) }, *next = filter + 1;

	need(count <= MOST ? 0 : -1, "too many calls");
	for (size_t i = 0; i < count; i++) {
		*next++ = (struct sock_filter)UNLESS((unsigned int)calls[i], 1);
		*next++ = (struct sock_filter)RETURN(SECCOMP_RET_ALLOW);
	}
	*next++ = (struct sock_filter)RETURN(SECCOMP_RET_KILL_PROCESS);
	install(filter, (unsigned short)(next - filter));
}

/* From here on SO_KEEPALIVE cannot be set. */
static void install_refusal(void)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		UNLESS(SYS_setsockopt, 5),
		LOAD(args[1]),
		UNLESS(SOL_SOCKET, 3),
		LOAD(args[2]),
		UNLESS(SO_KEEPALIVE, 1),
		RETURN(SECCOMP_RET_ERRNO | EPERM),
		RETURN(SECCOMP_RET_ALLOW),
	};

	install(filter, sizeof filter / sizeof *filter);
}

/* Every hook that gives numbers up and copies them, and those that meet the copies. */
static void use_copies(void)
{
	int fd = need(socket(AF_INET, SOCK_STREAM, 0), "socket"), copy = 100;

	set(fd, SOL_SOCKET, SO_KEEPALIVE, 0);
	fd = need(dup(fd), "dup");
	need(dup2(fd, copy), "dup2");
	need(dup3(fd, copy + 1, O_CLOEXEC), "dup3");
	need(fcntl(fd, F_DUPFD_CLOEXEC, copy), "fcntl");
	need(fcntl(fd, F_GETFD), "fcntl");
	close(copy);
	need(raw_socket(AF_INET, SOCK_STREAM, 0), "socket");
	CALL("connect of a closed one", connect(copy, NULL, 0));
	CALL("connect of a copy", connect(copy + 1, NULL, 0));
}

static void use_child(void)
{
	int status = -1;
	pid_t pid = need(fork(), "fork");

	if (!pid) {
		socket(AF_INET, SOCK_STREAM, 0);
		_exit(0);
	}
	need(waitpid(pid, &status, 0), "waitpid");
	say("child: %d", status);
}

/* sandboxed PROGRAM...: runs it under a filter that allows what every dynamic program calls. */
void victim_sandboxed(char **arguments)
{
	int status = -1;
	pid_t pid;

	flush_report();
	pid = need(fork(), "fork");
	if (!pid) {
		install_filter(allowed_at_start,
			       sizeof allowed_at_start / sizeof *allowed_at_start);
		execv(*arguments, arguments);
		_exit(1);
	}
	need(waitpid(pid, &status, 0), "waitpid");
	if (WIFSIGNALED(status))
		say("killed by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) == 77)
		skip("no seccomp filter can be had here");
	else
		say("ended with %d", WEXITSTATUS(status));
}

/*
 * own-sandbox [raw]: has a filter of its own that kills who sets an option, or asks for one that
 * this program does not ask for. Installed by prctl(), or past the C library; a filter that the
 * kernel refuses comes first.
 */
void victim_own_sandbox(char **arguments)
{
	struct sock_filter filter[] = {
		LOAD(nr),
		UNLESS(SYS_setsockopt, 1),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		UNLESS(SYS_getsockopt, 5),
		LOAD(args[1]),
		UNLESS(SOL_SOCKET, 3),
		LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SO_KEEPALIVE, 1, 0),
		RETURN(SECCOMP_RET_KILL_PROCESS),
		RETURN(SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
	int listening = listener(AF_INET), past = raw_listener(AF_INET);

	need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs");
	CALL("refused filter", prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL));
	say_socket("before", client_of(listening));
	if (*arguments ? syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)
		       : prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		skip("no seccomp filter can be had here");
	say_socket("client", client_of(listening));
	say_socket("accepted", accept(listening, NULL, NULL));
	raw_client_of(past);
	say_socket("accepted of past", accept4(past, NULL, NULL, SOCK_CLOEXEC));
	say_socket("past", past);
	CALL("listen", listen(past, 5));
}

/* filter [forbidden]: lives under the filter; does what the filter forbids, where asked to. */
void victim_filter(char **arguments)
{
	int listening, past;
	bool child = *arguments && !strcmp(*arguments, "child");

	say("allocated"); /* the report's memory */
	install_filter(allowed, child ? CALLS : CALLS - CALLS_OF_FORK);
	if (child) {
		use_child();
		return;
	}
	listening = listener(AF_INET);
	past = raw_listener(AF_INET);
	say_socket("client", client_of(listening));
	say_socket("accepted", accept(listening, NULL, NULL));
	raw_client_of(past);
	say_socket("accepted of past", accept4(past, NULL, NULL, SOCK_CLOEXEC));
	say_socket("past", past);
	say_socket("udp", socket(AF_INET, SOCK_DGRAM, 0));
	CALL("connect of past udp", connect(raw_socket(AF_INET, SOCK_DGRAM, 0), NULL, 0));
	use_copies();
	if (*arguments)
		getppid();
}
/* refused: one option cannot be set; the others can. */
void victim_refused(char **arguments)
{
	int listening, client;

	(void)arguments;
	install_refusal();
	CALL("socket", client = socket(AF_INET, SOCK_STREAM, 0));
	say_socket("made", client);
	CALL("past", client = raw_socket(AF_INET, SOCK_STREAM, 0));
	listening = listener(AF_INET);
	CALL("connect", connect_to(client, listening));
	say_socket("connected", client);
	say_socket("accepted", accept(listening, NULL, NULL));
}
#else
void victim_filter(char **arguments)
{
	(void)arguments;
	skip("built without the kernel's headers");
}

void victim_refused(char **arguments)
{
	victim_filter(arguments);
}

void victim_sandboxed(char **arguments)
{
	victim_filter(arguments);
}

void victim_own_sandbox(char **arguments)
{
	victim_filter(arguments);
}
#endif
