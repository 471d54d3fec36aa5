/* The BPF programs of a control group: attaching, replacing, detaching, and finding them. */
#include "cli/groups/programs.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "cli/groups/older.h"
#include "cli/groups/reason.h"
#include "keepalive.skel.h"

/* How many programs of one kind are looked at: the kernel limits them to 64 in each group. */
enum { MOST = 256 };

/* The two kinds of programs, and how the names of ours begin. */
static const struct kind {
	enum bpf_attach_type type;
	const char *name;
} kinds[] = {
	/* Detached in this order: without the second, the first would not know of own settings. */
	{ BPF_CGROUP_SOCK_OPS, "keepalive_ops" },
	{ BPF_CGROUP_SETSOCKOPT, "keepalive_set" },
};

/* Levels of the sock_ops programs; see src/bpf. */
enum { KINDS = sizeof kinds / sizeof *kinds, LEVELS = 3 };

#ifndef SO_NETNS_COOKIE
#define SO_NETNS_COOKIE 71
#endif

/* Our programs of one kind in a group, by descriptor. */
struct ours {
	int fd[MOST];
	int count;
};

static void close_ours(struct ours *ours)
{
	while (ours->count)
		close(ours->fd[--ours->count]);
}

static bool is_ours(int fd, const struct kind *kind)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof info;

	return !bpf_obj_get_info_by_fd(fd, &info, &size) &&
	       !strncmp(info.name, kind->name, strlen(kind->name));
}

/* Flags: 0, or BPF_F_QUERY_EFFECTIVE. Returns false and errno on failure. */
static bool find_ours(const struct group *group, const struct kind *kind, uint32_t flags,
		      struct ours *ours)
{
	uint32_t ids[MOST], count = MOST;

	ours->count = 0;
	if (bpf_prog_query(group->fd, kind->type, flags, NULL, ids, &count))
		return false;
	for (uint32_t i = 0; i < count; i++) {
		int fd = bpf_prog_get_fd_by_id(ids[i]), error = errno;

		if (fd < 0 && error == ENOENT)
			continue;
		if (fd < 0) {
			close_ours(ours);
			errno = error;
			return false;
		}
		if (is_ours(fd, kind))
			ours->fd[ours->count++] = fd;
		else
			close(fd);
	}
	return true;
}

static bool find_all(const struct group *group, struct ours ours[KINDS])
{
	for (int i = 0; i < KINDS; i++)
		if (!find_ours(group, &kinds[i], 0, &ours[i])) {
			while (i--)
				close_ours(&ours[i]);
			return false;
		}
	return true;
}

/* Detaches and closes them. Returns false and errno on failure. */
static bool detach_all(const struct group *group, struct ours ours[KINDS])
{
	int error = 0;

	for (int i = 0; i < KINDS; i++) {
		for (int j = 0; j < ours[i].count; j++)
			if (bpf_prog_detach2(ours[i].fd[j], group->fd, kinds[i].type) &&
			    errno != ENOENT)
				error = errno;
		close_ours(&ours[i]);
	}
	errno = error;
	return !error;
}

static int silent(enum libbpf_print_level level, const char *format, va_list arguments)
{
	(void)level;
	(void)format;
	(void)arguments;
	return 0;
}

bool programs_open(struct programs *programs, struct failure *failure)
{
	libbpf_set_print(silent);
	programs->skeleton = NULL;
	programs->plan = calloc(1, sizeof *programs->plan);
	return programs->plan || fail(failure, "%s", strerror(errno));
}

void programs_close(struct programs *programs)
{
	keepalive_bpf__destroy(programs->skeleton);
	free(programs->plan);
	*programs = (struct programs){ 0 };
}

/* The new programs use the map of the old ones: it says what processes have set by themselves. */
static void keep_map(struct keepalive_bpf *skeleton, const struct ours *ours)
{
	for (int i = 0; i < ours->count; i++) {
		int map =
			older_map(ours->fd[i], BPF_MAP_TYPE_SK_STORAGE, sizeof(struct plan_socket));

		if (map < 0)
			continue;
		bpf_map__reuse_fd(skeleton->maps.sockets, map);
		close(map);
	}
}

/* The number by which the kernel knows our network namespace; 0 before Linux 5.14. */
static uint64_t own_network(void)
{
	uint64_t cookie = 0;
	socklen_t size = sizeof cookie;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0 || getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &size))
		cookie = 0;
	if (fd >= 0)
		close(fd);
	return cookie;
}

/* The sock_ops program of a level. */
static struct bpf_program *ops_of(const struct programs *programs, int level)
{
	char name[32];

	snprintf(name, sizeof name, "%s%d", kinds[0].name, level);
	return bpf_object__find_program_by_name(programs->skeleton->obj, name);
}

/* Returns false and errno if the kernel does not accept the programs of that level. */
static bool load_level(struct programs *programs, const struct ours *old, int level)
{
	int error;

	keepalive_bpf__destroy(programs->skeleton);
	programs->skeleton = keepalive_bpf__open();
	if (!programs->skeleton)
		return false;
	memcpy((void *)(uintptr_t)&programs->skeleton->bss->plan, programs->plan,
	       sizeof *programs->plan);
	keep_map(programs->skeleton, old);
	for (int other = 0; other < LEVELS; other++)
		bpf_program__set_autoload(ops_of(programs, other), other == level);
	error = keepalive_bpf__load(programs->skeleton);
	errno = -error;
	return !error;
}

/* Loads those of the highest level that works here. */
static bool load(struct programs *programs, const struct ours *old)
{
	int level = LEVELS;
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	programs->plan->number = (uint32_t)(now.tv_sec ^ now.tv_nsec) | 1;
	programs->plan->network = own_network();
	for (int i = 0; i < old->count; i++)
		older_plan(old->fd[i], programs->plan);
	while (level-- > 0)
		if (load_level(programs, old, level)) {
			programs->ops = bpf_program__fd(ops_of(programs, level));
			return true;
		}
	return false;
}

static bool attach_new(const struct programs *programs, const struct group *group)
{
	/* The one that remembers comes first. */
	int set = bpf_program__fd(programs->skeleton->progs.keepalive_set), error;

	if (bpf_prog_attach(set, group->fd, BPF_CGROUP_SETSOCKOPT, BPF_F_ALLOW_MULTI))
		return false;
	if (!bpf_prog_attach(programs->ops, group->fd, BPF_CGROUP_SOCK_OPS, BPF_F_ALLOW_MULTI))
		return true;
	error = errno;
	bpf_prog_detach2(set, group->fd, BPF_CGROUP_SETSOCKOPT);
	errno = error;
	return false;
}

static bool load_and_attach(struct programs *programs, const struct group *group,
			    struct ours old[KINDS], struct failure *failure)
{
	if (!load(programs, &old[1]))
		return fail(failure, "%s", reason_not_loaded(errno));
	if (!attach_new(programs, group))
		return fail(failure, "%s: %s", group->path, reason_not_attached(errno));
	return true;
}

bool programs_attach(struct programs *programs, const struct group *group, bool *replaced,
		     struct failure *failure)
{
	struct ours old[KINDS];

	group_take_turn(group);
	if (!find_all(group, old))
		return fail(failure, "%s: %s", group->path, reason_not_seen(errno));
	*replaced = old[0].count + old[1].count > 0;
	if (!load_and_attach(programs, group, old, failure)) {
		close_ours(&old[0]);
		close_ours(&old[1]);
		return false;
	}
	if (!detach_all(group, old))
		return fail(failure, "%s: the programs that it had could not be detached: %s",
			    group->path, strerror(errno));
	return true;
}

bool programs_detach(const struct group *group, bool *found, struct failure *failure)
{
	struct ours old[KINDS];

	group_take_turn(group);
	if (!find_all(group, old))
		return fail(failure, "%s: %s", group->path, reason_not_seen(errno));
	*found = old[0].count + old[1].count > 0;
	return detach_all(group, old) ||
	       fail(failure, "%s: %s", group->path, reason_not_attached(errno));
}

static enum programs_state look(const struct group *group, uint32_t flags, struct failure *failure)
{
	struct ours ours;
	bool any;

	if (!find_ours(group, &kinds[0], flags, &ours)) {
		fail(failure, "%s", reason_not_seen(errno));
		return PROGRAMS_UNKNOWN;
	}
	any = ours.count > 0;
	close_ours(&ours);
	return any ? PROGRAMS_ATTACHED : PROGRAMS_NONE;
}

enum programs_state programs_look(const struct group *group, struct failure *failure)
{
	return look(group, 0, failure);
}

enum programs_state programs_reach(const struct group *group, struct failure *failure)
{
	return look(group, BPF_F_QUERY_EFFECTIVE, failure);
}
