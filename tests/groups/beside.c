/* Our BPF programs beside others, older ones and no rights; the kernel tells what sockets have. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "cli/cli.h"
#include "groups/room.h"
#include "hooks/drive.h"
#include "lib/harness.h"

static const char *plain(void)
{
	return public_copy("tests/groups/host");
}

static void prints(const char *words, const char *expected)
{
	expect_text(host(plain(), words), expected, words);
}

/* Starts the host program, which is to wait at its first `wait`. */
static struct process start(const char *words)
{
	const char *argv[16] = { plain() };
	struct process process;
	int count = 1;

	for (char *word = strtok(strdup(words), " "); word; word = strtok(NULL, " "))
		argv[count++] = word;
	process = process_start(&(struct command){ .argv = argv });
	ck_assert(wait_for_word(process.output, "ready", 100));
	return process;
}

/* Lets it go on; what it has printed in all. */
static const char *finish(struct process *process)
{
	ck_assert_int_eq(write(process->input, "\n", 1), 1);
	close(process->input);
	process->input = -1;
	ck_assert_int_eq(process_wait(process, 100), 0);
	return read_whole(process->output);
}

/* Programs that were there before: what they had set, and what connects or listens from now on. */
START_TEST(older_sockets)
{
	static const char *const words[] = {
		"tcp4 wait connect",       "tcp4 set:idle=99 wait connect",
		"tcp4 listen wait accept", "tcp4 set:keepalive=1 set:idle=99 listen wait accept",
		"tcp4 connect wait show",
	};
	static const char *const prints[] = {
		"connect: 1 61/75/9 0", "connect: 1 99/75/9 0", "accept: 1 61/75/9 0",
		"accept: 1 99/75/9 0",  "show: 0 7200/75/9 0",
	};
	/* What the kernel does not tell: an older value is replaced, an older listener stays. */
	static const char *const blind[] = { NULL, "connect: 1 61/75/9 0",
					     "accept: 0 7200/75/9 0" };
	struct process process[COUNT(words)];

	ENTER_ROOM();
	for (size_t i = 0; i < COUNT(words); i++)
		process[i] = start(words[i]);
	expect_says(keepalive("attach --idle 61 %s", room_group()),
		    "3 listeners and 1 connection existed before");
	for (size_t i = 0; i < COUNT(words); i++)
		expect_says(finish(&process[i]), !kernel_is(6, 1) && i < COUNT(blind) && blind[i]
							 ? blind[i]
							 : prints[i]);
}
END_TEST

/* Settings that were known before a replacement win after it; a listener's connections change. */
START_TEST(replaced)
{
	struct process own, accepting;

	ENTER_ROOM();
	keepalive("attach --idle 61 %s", room_group());
	own = start("tcp4 set:idle=7200 wait connect");
	accepting = start("tcp4 set:count=3 listen wait accept");
	keepalive("attach --idle 62 %s", room_group());
	expect_says(finish(&own), "connect: 1 7200/75/9 0");
	expect_says(finish(&accepting), "accept: 1 62/75/3 0");
	prints("tcp4 connect", "connect: 1 62/75/9 0\n");
}
END_TEST

/* A listener may be older than several replacements; the program's own values stay, whatever they
 * are. */
static const struct replacement {
	const char *words, *attached[4], *accepted;
} replacements[] = {
	{ "tcp4 listen wait accept", { "--idle 61", "--idle 62", "--idle 63" }, "1 63/75/9 0" },
	{ "tcp4 listen wait accept", { "--idle 61", "--idle 62", "--count 3" }, "1 7200/75/3 0" },
	{ "tcp4 listen set:idle=61 wait accept", { "--idle 61", "--idle 62" }, "1 61/75/9 0" },
	{ "tcp4 listen set:idle=7200 wait accept", { "--idle 61", "--idle 62" }, "1 7200/75/9 0" },
	{ "tcp4 listen wait accept", { "--idle 61", "--idle 62 --override=on" }, "1 62/75/9 0" },
	{ "tcp4 listen wait accept", { "--idle 61 --override=on", "--idle 62" }, "1 62/75/9 0" },
	{ "tcp4 listen wait accept",
	  { "--idle 61", "--idle 62 --override=on", "--idle 63" },
	  "1 63/75/9 0" },
	{ "tcp4 connect wait show", { "--idle 61", "--idle 62" }, "1 61/75/9 0" },
};

START_TEST(replaced_again)
{
	const struct replacement *row = &replacements[_i];
	char expected[64];
	struct process process;

	ENTER_ROOM();
	keepalive("attach %s %s", row->attached[0], room_group());
	process = start(row->words);
	for (size_t i = 1; i < COUNT(row->attached) && row->attached[i]; i++)
		keepalive("attach %s %s", row->attached[i], room_group());
	snprintf(expected, sizeof expected, "%s: %s\n",
		 strstr(row->words, "accept") ? "accept" : "show", row->accepted);
	expect_says(finish(&process), expected);
}
END_TEST

/* What the program sets on a listener after we came is its own, also the value that it had. */
START_TEST(own_on_older_listener)
{
	struct process process;

	ENTER_ROOM();
	process = start("tcp4 listen wait set:keepalive=0 set:count=9 accept");
	keepalive("attach --idle 61 --count 3 %s", room_group());
	expect_says(finish(&process),
		    kernel_is(6, 1) ? "accept: 0 61/75/9 0" : "accept: 0 7200/75/9 0");
}
END_TEST

/* No connection is without settings while the programs are replaced again and again. */
START_TEST(replaced_under_load)
{
	struct process process;

	ENTER_ROOM();
	keepalive("attach --idle 61 %s", room_group());
	process = start("loop");
	for (int i = 0; i < 12; i++)
		keepalive("attach --idle %d %s", 70 + i, room_group());
	expect_says(finish(&process), "loop: 0 lack it\n");
	keepalive("detach %s", room_group());
	process = start("loop"); /* the control */
	ck_assert_ptr_null(strstr(finish(&process), "loop: 0 lack it"));
	expect_says(keepalive_fails("detach %s", room_group()), "nothing");
}
END_TEST

/* The inner group's values hold, also for connections, and with override in the outer one. */
START_TEST(nested)
{
	ENTER_ROOM();
	keepalive("attach --idle 61 --override=on %s", room_group());
	room_enter_inner();
	prints("tcp4 set:idle=99 connect tcp4 listen accept",
	       "set:idle=99: done\nconnect: 1 61/75/9 0\nlisten: 1 61/75/9 0\naccept: 1 61/75/9 0\n");
	keepalive("attach --count 3 %s", room_group());
	prints("tcp4 connect tcp4 listen accept tcp4 set:idle=99 connect set:idle=98 show",
	       "connect: 1 7200/75/3 0\nlisten: 1 7200/75/3 0\naccept: 1 7200/75/3 0\n"
	       "set:idle=99: done\nconnect: 1 99/75/3 0\nset:idle=98: done\nshow: 1 98/75/3 0\n");
	keepalive("detach %s", room_group());
	prints("tcp4 connect", "connect: 1 61/75/9 0\n");
	room_leave_inner();
}
END_TEST

static int bpf_call(int command, union bpf_attr *attributes)
{
	return (int)syscall(SYS_bpf, command, attributes, sizeof *attributes);
}

static int load(enum bpf_prog_type type, enum bpf_attach_type attach, const struct bpf_insn *code,
		size_t count)
{
	union bpf_attr attributes = { .prog_type = type,
				      .expected_attach_type = attach,
				      .insns = (uintptr_t)code,
				      .insn_cnt = (uint32_t)count,
				      .license = (uintptr_t) "GPL" };
	int fd = bpf_call(BPF_PROG_LOAD, &attributes);

	ck_assert_int_ge(fd, 0);
	return fd;
}

static void attach_foreign(int program, enum bpf_attach_type type, const char *path)
{
	int group = open(path, O_RDONLY | O_DIRECTORY);
	union bpf_attr attributes = { .target_fd = (uint32_t)group,
				      .attach_bpf_fd = (uint32_t)program,
				      .attach_type = type,
				      .attach_flags = BPF_F_ALLOW_MULTI };

	ck_assert_int_eq(bpf_call(BPF_PROG_ATTACH, &attributes), 0);
	close(group);
}

/* Refuses setsockopt() of level 999, and lets all else pass: r0 = (level != 999). */
static void add_foreign_set(const char *path)
{
	const struct bpf_insn code[] = {
		{ BPF_LDX | BPF_MEM | BPF_W, 2, 1, offsetof(struct bpf_sockopt, level), 0 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1 },
		{ BPF_JMP | BPF_JNE | BPF_K, 2, 0, 1, 999 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 0 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};

	attach_foreign(load(BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, code, COUNT(code)),
		       BPF_CGROUP_SETSOCKOPT, path);
}

/* Answers "-1" to all, as many do that want no events; returns 1. */
static void add_foreign_ops(const char *path)
{
	const struct bpf_insn code[] = {
		{ BPF_ST | BPF_MEM | BPF_W, 1, 0, offsetof(struct bpf_sock_ops, reply), -1 },
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1 },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	const struct bpf_insn by_register[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 2, 0, 0, -1 },
		{ BPF_STX | BPF_MEM | BPF_W, 1, 2, offsetof(struct bpf_sock_ops, reply), 0 },
		code[1],
		code[2],
	};

	attach_foreign(load(BPF_PROG_TYPE_SOCK_OPS, 0, by_register, COUNT(by_register)),
		       BPF_CGROUP_SOCK_OPS, path);
}

/* Other people's programs on the group itself (0: before ours, 1: after), or (2) above it. */
START_TEST(foreign_programs)
{
	static const char words[] = "tcp4 bytes:999:1:4 set:idle=99 connect tcp4 listen accept";
	static const char result[] =
		"bytes:999:1:4: EPERM\nset:idle=99: done\nconnect: 1 99/75/9 0\n"
		"listen: 1 61/75/9 0\naccept: 1 61/75/9 0\n";
	const char *above;

	ENTER_ROOM();
	prints("tcp4 bytes:999:1:4", "bytes:999:1:4: ENOPROTOOPT\n");
	above = strdup(room_group());
	if (_i == 2)
		room_enter_inner();
	if (_i == 1)
		keepalive("attach --idle 61 %s", room_group());
	add_foreign_set(above);
	add_foreign_ops(above);
	if (_i != 1)
		keepalive("attach --idle 61 %s", room_group());
	prints(words, result);
	keepalive("attach --idle 61 %s", room_group());
	prints(words, result);
	keepalive("detach %s", room_group());
	prints("tcp4 bytes:999:1:4 connect", "bytes:999:1:4: EPERM\nconnect: 0 7200/75/9 0\n");
	if (_i == 2)
		room_leave_inner();
}
END_TEST

/* The kernel has room for 64 programs of each kind. If ours do not fit, none of them stays. */
START_TEST(no_room)
{
	enum { ROOM = 64 };

	ENTER_ROOM();
	for (int i = 0; i < ROOM; i++)
		add_foreign_ops(room_group());
	expect_says(keepalive_fails("attach %s", room_group()),
		    ": it has as many programs as the kernel allows");
	expect_says(keepalive_fails("detach %s", room_group()), "has attached nothing to it");
}
END_TEST

/* What the library has set counts as the program's own. */
START_TEST(library_and_kernel)
{
	const char *const argv[] = { plain(), "tcp4", "connect", "tcp4", "listen", "accept", NULL };
	struct command command = { .argv = argv,
				   .preload = shim_path(),
				   .environment = { "KEEPALIVE_IDLE=61" } };
	int status;

	if (access("/lib64/ld-linux-x86-64.so.2", X_OK))
		SKIP("no dynamic programs here");
	ENTER_ROOM();
	keepalive("attach --idle 62 --count 3 %s", room_group());
	expect_text(process_run(&command, &status),
		    "connect: 1 61/75/3 0\nlisten: 1 61/75/3 0\naccept: 1 61/75/3 0\n", "both");
}
END_TEST

/* A program that runs as its owner, another user, whose environment the loader does not trust. */
START_TEST(set_user_id)
{
	char path[128];

	ENTER_ROOM();
	snprintf(path, sizeof path, "%s", scratch_path("set-user-id"));
	run_tool((const char *const[]){ "cp", plain(), path, NULL }, NULL);
	ck_assert_int_eq(chown(path, 12345, 12345), 0);
	ck_assert_int_eq(chmod(path, 06755), 0);
	keepalive("attach --idle 61 %s", room_group());
	expect_text(host(path, "tcp4 connect tcp4 listen accept"),
		    "connect: 1 61/75/9 0\nlisten: 1 61/75/9 0\naccept: 1 61/75/9 0\n",
		    "set-user-ID");
}
END_TEST

START_TEST(programs_of_go)
{
	static const struct {
		const char *word, *flags, *prints;
	} cases[] = {
		{ "OWN", "--idle 61 --count 3", "client: 1 15/15/3 0\nserver: 1 15/15/3 0\n" },
		{ "OFF", "--idle 61", "client: 1 61/75/9 0\nserver: 1 61/75/9 0\n" },
		{ "OWN", "--idle 61 --interval 11 --override=on",
		  "client: 1 61/11/9 0\nserver: 1 61/11/9 0\n" },
	};
	const char *program = public_copy("tests/groups/client");
	struct stat file;

	ENTER_ROOM();
	if (stat(program, &file) || !file.st_size)
		SKIP("go is missing");
	expect_text(host(program, "OWN"), "client: 1 15/15/9 0\nserver: 1 15/15/9 0\n", "control");
	expect_text(host(program, "OFF"), "client: 0 7200/75/9 0\nserver: 0 7200/75/9 0\n",
		    "control");
	for (size_t i = 0; i < COUNT(cases); i++) {
		keepalive("attach %s %s", cases[i].flags, room_group());
		expect_text(host(program, cases[i].word), cases[i].prints, cases[i].flags);
		keepalive("detach %s", room_group());
	}
}
END_TEST

/* In a network namespace with other defaults they do not look like somebody's choice. */
START_TEST(other_defaults)
{
	ENTER_ROOM();
	keepalive("attach --idle 61 %s", room_group());
	prints("net:600 tcp4 connect tcp4 listen accept tcp4 set:idle=99 connect",
	       "connect: 1 61/75/9 0\nlisten: 1 61/75/9 0\naccept: 1 61/75/9 0\n"
	       "set:idle=99: done\nconnect: 1 99/75/9 0\n");
}
END_TEST

/* Where nothing can be remembered with a socket, it stays as the program has it. */
START_TEST(no_memory_for_options)
{
	FILE *file;

	ENTER_ROOM();
	keepalive("attach --idle 61 --override=on %s", room_group());
	prints("tcp4 connect", "connect: 1 61/75/9 0\n");
	file = fopen("/proc/sys/net/core/optmem_max", "we");
	if (!file)
		SKIP("this kernel has one optmem_max for all network namespaces");
	fputs("0", file);
	ck_assert_int_eq(fclose(file), 0);
	prints("tcp4 connect tcp4 set:idle=99 connect tcp4 listen accept",
	       "connect: 0 7200/75/9 0\nset:idle=99: done\nconnect: 0 99/75/9 0\n"
	       "listen: 0 7200/75/9 0\naccept: 0 7200/75/9 0\n");
}
END_TEST

/* Every user may lock a directory that all may read: that stops nobody. */
START_TEST(locked_by_others)
{
	enum { SECONDS_LOCKED = 200, SECONDS_MOST = 100 };
	struct process process;
	time_t begin;

	ENTER_ROOM();
	if (!have_program("flock"))
		SKIP("flock is missing");
	process = process_start(
		&(struct command){ .argv = (const char *const[]){ "flock", room_group(), "sh", "-c",
								  "echo ready; exec sleep \"$0\"",
								  word_of(SECONDS_LOCKED), NULL },
				   .user = "nobody" });
	ck_assert(wait_for_word(process.output, "ready", 20));
	begin = time(NULL);
	keepalive("attach --idle 61 %s", room_group());
	prints("tcp4 connect", "connect: 1 61/75/9 0\n");
	ck_assert_int_lt(time(NULL) - begin, SECONDS_MOST);
	keepalive("detach %s", room_group());
	process_stop(&process);
}
END_TEST

/* No rights but these, also for programs that this process starts. */
enum { NET_ADMIN = 12, SETPCAP = 8, PERFMON = 38, BPF = 39, LAST = 40 };

static void drop_all_but(int one, int other, int third)
{
	for (int i = 0; i <= LAST; i++)
		if (i != one && i != other && i != third && i != SETPCAP)
			prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
}

/* Programs of a group that a namespace hides act all the same, and are seen. */
START_TEST(above_a_namespace)
{
	const char *path = strdup(scratch_path("hiding"));
	struct process process;
	struct called called;

	ENTER_ROOM();
	ck_assert_int_eq(mkdir(path, 0755), 0);
	keepalive("attach --idle 61 %s", room_group());
	room_enter_inner();
	process = start("tcp4 listen wait");
	ck_assert_int_eq(unshare(CLONE_NEWNS | CLONE_NEWCGROUP), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(umount2("/sys/fs/cgroup", MNT_DETACH), 0);
	ck_assert_int_eq(mount("none", path, "cgroup2", 0, NULL), 0);
	called = CALL("show", "-rno", "idle,reach", word_of(process.pid));
	ck_assert_str_eq(called.output, "61 kernel\n");
	process_stop(&process);
}
END_TEST

/* Nothing is said of processes that cannot be looked at, but that there are some. */
START_TEST(hidden_processes)
{
	const char *argv[] = {
		"unshare",    "--pid", "--fork", "--mount-proc", build_path("keepalive"), "attach",
		room_group(), NULL,    NULL
	};
	struct command command = { .argv = argv };
	char *errors, *line;
	int status;

	ENTER_ROOM();
	ck_assert_int_gt(asprintf(&line,
				  "sleep 100 | '%s' tcp4 listen wait >'%s' &\n"
				  "until grep -q ready '%s'; do sleep 0.05; done\n"
				  "'%s' attach '%s'",
				  plain(), scratch_path("ready"), scratch_path("ready"),
				  build_path("keepalive"), room_group()),
			 0);
	if (!have_program("unshare"))
		SKIP("unshare is missing");
	process_run_both(&command, &status, &errors);
	ck_assert_int_eq(status, 0);
	expect_says(errors, "not all processes can be inspected: if listeners or");
	argv[7] = "--existing";
	process_run_both(&command, &status, &errors);
	ck_assert_int_eq(status, 1);
	expect_says(errors, "cannot be inspected from this PID namespace");
	/* The listener of one that can be seen. */
	argv[4] = "sh", argv[5] = "-c", argv[6] = line, argv[7] = NULL;
	process_run_both(&command, &status, &errors);
	expect_says(errors, ": at least 1 listener existed before and keeps its values");
}
END_TEST

/* A socket that several processes have is one socket. */
START_TEST(shared_listener)
{
	struct process process;

	ENTER_ROOM();
	process = start("tcp4 listen fork wait");
	expect_says(keepalive("attach %s", room_group()),
		    ": 1 listener existed before and keeps its values");
	finish(&process);
}
END_TEST

/* Without the right to look at a process, its sockets stay, and that is no success. */
START_TEST(closed_processes)
{
	ENTER_ROOM();
	drop_all_but(BPF, NET_ADMIN, kernel_is(6, 1) ? -1 : PERFMON);
	expect_says(keepalive_fails("attach --existing %s", room_group()), word_of(getpid()));
}
END_TEST

/* The threads of a process are in the group, and the process in the one above. */
START_TEST(group_of_threads)
{
	const char *path;
	FILE *type;

	ENTER_ROOM();
	path = strdup(joined(room_group(), "/inner"));
	ck_assert_int_eq(mkdir(path, 0755), 0);
	type = fopen(joined(path, "/cgroup.type"), "we");
	if (!type || fputs("threaded", type) < 0 || fclose(type))
		SKIP("this kernel has no groups of threads");
	expect_says(keepalive("attach %s", path), "not all processes can be inspected: if");
	expect_says(keepalive_fails("attach %s --existing", path),
		    joined("/inner: its processes: ", strerror(EOPNOTSUPP)));
	expect_text(keepalive("attach %s", room_group()), "", "the group above");
}
END_TEST

START_TEST(rights)
{
	const char *says;

	ENTER_ROOM();
	/* Linux 5.10 does not let a program compare pointers without CAP_PERFMON. */
	drop_all_but(BPF, NET_ADMIN, kernel_is(6, 1) ? -1 : PERFMON);
	keepalive("attach --idle 61 %s", room_group());
	prints("tcp4 connect tcp4 listen accept",
	       "connect: 1 61/75/9 0\nlisten: 1 61/75/9 0\naccept: 1 61/75/9 0\n");
	says = keepalive_fails("attach --idle 61 %s", room_group());
	expect_says(says, "CAP_SYS_ADMIN if it has any");
}
END_TEST

START_TEST(no_rights)
{
	static const struct {
		int one;
		const char *says;
	} cases[] = { { -1, "CAP_NET_ADMIN" }, { NET_ADMIN, "CAP_BPF" }, { BPF, "CAP_NET_ADMIN" } };

	ENTER_ROOM();
	drop_all_but(cases[_i].one, -1, -1);
	expect_says(keepalive_fails("attach --idle 61 %s", room_group()), cases[_i].says);
	prints("tcp4 connect", "connect: 0 7200/75/9 0\n");
}
END_TEST

/* A mount namespace without control groups, and a namespace of them with a root of its own. */
START_TEST(no_groups)
{
	ENTER_ROOM();
	ck_assert_int_eq(unshare(CLONE_NEWNS), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	ck_assert_int_eq(umount2("/sys/fs/cgroup", MNT_DETACH), 0);
	expect_says(keepalive_fails("attach --self"),
		    "control groups of version 2 (cgroup2) are not mounted here");
}
END_TEST

START_TEST(root_of_a_namespace)
{
	static const char *const names[] = { "/.", "//", "/inner/..", "./", "/inner/../../.." };
	const char *path = strdup(scratch_path("control groups"));
	const char *own = strdup(scratch_path("groups"));

	ENTER_ROOM();
	ck_assert_int_eq(mkdir(path, 0755), 0);
	ck_assert_int_eq(unshare(CLONE_NEWNS | CLONE_NEWCGROUP), 0);
	ck_assert_int_eq(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	/* From now on the machine's own root is out of reach. */
	ck_assert_int_eq(umount2("/sys/fs/cgroup", MNT_DETACH), 0);
	ck_assert_int_eq(mount("none", path, "cgroup2", 0, NULL), 0);
	expect_says(keepalive_fails("attach --idle 61 --self"), "--all takes it all the same");
	ck_assert_int_eq(mkdir(joined(path, "/inner"), 0755), 0);
	for (size_t i = 0; i < COUNT(names); i++)
		ck_assert_ptr_nonnull(keepalive_fails("attach --idle 61 %s", names[i]));
	expect_says(keepalive_fails("detach inner/../inner/."), "/inner: keepalive has attached");
	prints("tcp4 connect", "connect: 0 7200/75/9 0\n");
	keepalive("attach --idle 61 --self --all");
	prints("tcp4 connect", "connect: 1 61/75/9 0\n");
	keepalive("detach --self");
	/* In a namespace in it, the mount shows more than the namespace. */
	room_mount(path);
	room_enter_inner();
	ck_assert_int_eq(unshare(CLONE_NEWCGROUP), 0);
	expect_says(keepalive_fails("attach --self --all"), "are not those of this namespace");
	prints("tcp4 connect", "connect: 0 7200/75/9 0\n");
	/* Its own mount does not show what is above. */
	ck_assert_int_eq(mkdir(own, 0755), 0);
	ck_assert_int_eq(mount("none", own, "cgroup2", 0, NULL), 0);
	room_leave_inner();
	expect_says(keepalive_fails("attach --self --all"),
		    "its control group is outside of the ones that are visible here");
}
END_TEST

static Suite *suite(void)
{
	Suite *suite = suite_create("beside");
	TCase *tcase = harness_case(suite, "beside", ROOM_SECONDS);

	tcase_add_test(tcase, older_sockets);
	tcase_add_test(tcase, replaced);
	tcase_add_loop_test(tcase, replaced_again, 0, (int)COUNT(replacements));
	tcase_add_test(tcase, own_on_older_listener);
	tcase_add_test(tcase, replaced_under_load);
	tcase_add_test(tcase, nested);
	tcase_add_loop_test(tcase, foreign_programs, 0, 3);
	tcase_add_test(tcase, no_room);
	tcase_add_test(tcase, library_and_kernel);
	tcase_add_test(tcase, set_user_id);
	tcase_add_test(tcase, programs_of_go);
	tcase_add_test(tcase, other_defaults);
	tcase_add_test(tcase, no_memory_for_options);
	tcase_add_test(tcase, locked_by_others);
	tcase_add_test(tcase, above_a_namespace);
	tcase_add_test(tcase, hidden_processes);
	tcase_add_test(tcase, shared_listener);
	tcase_add_test(tcase, closed_processes);
	tcase_add_test(tcase, group_of_threads);
	tcase_add_test(tcase, rights);
	tcase_add_loop_test(tcase, no_rights, 0, 3);
	tcase_add_test(tcase, no_groups);
	tcase_add_test(tcase, root_of_a_namespace);
	return suite;
}

int main(void)
{
	return room_run(suite);
}
