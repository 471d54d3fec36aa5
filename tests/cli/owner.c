/* To whom a process belongs, by the paths of control groups as systemd and engines name them. */
#include "cli/groups/owner.h"

#include "lib/harness.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* 240 characters. */
#define FORTY "0123456789-0123456789-0123456789-0123456"
#define LONG FORTY FORTY FORTY FORTY FORTY FORTY

static const struct {
	const char *path;
	enum owner_kind kind;
	const char *name, *unit;
} row[] = {
	{ "/", OWNER_NONE, "", "" },
	{ "", OWNER_NONE, "", "" },
	{ "/system.slice", OWNER_NONE, "", "" },
	{ "/.service", OWNER_NONE, "", "" },
	{ "/init.scope", OWNER_UNIT, "init.scope", "init.scope" },
	{ "/system.slice/nginx.service", OWNER_UNIT, "nginx.service", "nginx.service" },
	{ "/system.slice/system-postgresql.slice/postgresql@15-main.service", OWNER_UNIT,
	  "postgresql@15-main.service", "postgresql@15-main.service" },
	{ "/system.slice/nginx.service/worker", OWNER_UNIT, "nginx.service", "nginx.service" },
	{ "/user.slice/user-1000.slice/session-3.scope", OWNER_SESSION, "session-3.scope",
	  "session-3.scope" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service", OWNER_USER_UNIT,
	  "sync.service", "sync.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/init.scope", OWNER_USER_UNIT, "init.scope",
	  "init.scope" },
	{ "/docker/" ID, OWNER_CONTAINER, "0123456789ab", "" },
	{ "/system.slice/docker-" ID ".scope", OWNER_CONTAINER, "0123456789ab",
	  "docker-" ID ".scope" },
	{ "/machine.slice/libpod-" ID ".scope/container", OWNER_CONTAINER, "0123456789ab",
	  "libpod-" ID ".scope" },
	{ "/libpod_parent/libpod-" ID, OWNER_CONTAINER, "0123456789ab", "" },
	{ "/kubepods/burstable/pod1b2c/" ID, OWNER_CONTAINER, "0123456789ab", "" },
	{ "/kubepods.slice/kubepods-pod1.slice/cri-containerd-" ID ".scope", OWNER_CONTAINER,
	  "0123456789ab", "cri-containerd-" ID ".scope" },
	/* What a container's own systemd starts belongs to the container. */
	{ "/docker/" ID "/system.slice/nginx.service", OWNER_CONTAINER, "0123456789ab", "" },
	{ "/machine.slice/systemd-nspawn@web.service/payload/system.slice/nginx.service",
	  OWNER_CONTAINER, "web", "systemd-nspawn@web.service" },
	{ "/machine.slice/machine-web.scope/payload", OWNER_CONTAINER, "web", "machine-web.scope" },
	{ "/lxc.payload.web/system.slice/nginx.service", OWNER_CONTAINER, "web", "" },
	/* So do groups that a service makes for itself, whatever it calls them. */
	{ "/system.slice/web.service/sshd.service", OWNER_UNIT, "web.service", "web.service" },
	{ "/system.slice/web.service/user@0.service/sshd.service", OWNER_UNIT, "web.service",
	  "web.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/sync.service/sshd.service",
	  OWNER_USER_UNIT, "sync.service", "sync.service" },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope/container",
	  OWNER_CONTAINER, "0123456789ab", "libpod-" ID ".scope" },
	/* A unit's name has up to 255 characters. */
	{ "/system.slice/" LONG ".service", OWNER_UNIT, LONG ".service", LONG ".service" },
	/* What is not fit for a terminal or JSON: an escape, half a character. */
	{ "/system.slice/a\033]0;b.service", OWNER_UNIT, "a?]0;b.service", "a?]0;b.service" },
	{ "/lxc.payload.a\377b", OWNER_CONTAINER, "a?b", "" },
	{ "/system.slice/caf\303\251.service", OWNER_UNIT, "caf\303\251.service",
	  "caf\303\251.service" },
	/* As it is seen from within another container. */
	{ "/../../system.slice/nginx.service", OWNER_UNIT, "nginx.service", "nginx.service" },
	{ "/../" ID, OWNER_CONTAINER, "0123456789ab", "" },
	/* An id has 64 digits. */
	{ "/docker/0" ID, OWNER_NONE, "", "" },
	{ "/system.slice/docker-0123456789abcdef.scope", OWNER_UNIT,
	  "docker-0123456789abcdef.scope", "docker-0123456789abcdef.scope" },
};

START_TEST(paths)
{
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct owner owner;

		owner_of_group(&owner, row[i].path);
		ck_assert_msg(owner.kind == row[i].kind, "%s: kind %d", row[i].path, owner.kind);
		ck_assert_str_eq(owner.name, row[i].name);
		ck_assert_str_eq(owner.unit, row[i].unit);
	}
}
END_TEST

/* The group that has the name, without those that are inside of it. */
START_TEST(named_group)
{
	static const struct {
		const char *path, *group;
	} groups[] = {
		{ "/system.slice/nginx.service/worker", "/system.slice/nginx.service" },
		{ "/docker/" ID "/system.slice/nginx.service", "/docker/" ID },
		{ "/machine.slice/libpod-" ID ".scope/container",
		  "/machine.slice/libpod-" ID ".scope" },
		{ "/user.slice", "" },
		/* No path leads there from the directory of our control groups. */
		{ "/../" ID, "" },
		{ "/../../system.slice/nginx.service", "" },
	};

	for (size_t i = 0; i < sizeof groups / sizeof *groups; i++) {
		struct owner owner;

		owner_of_group(&owner, groups[i].path);
		ck_assert_str_eq(owner.group, groups[i].group);
	}
}
END_TEST

START_TEST(process)
{
	struct owner owner = { .kind = OWNER_UNIT };

	/* No process has this id. */
	owner_of_process(&owner, 1 << 30);
	ck_assert_int_eq(owner.kind, OWNER_NONE);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("owner");
	TCase *tcase = harness_case(suite, "owner", 10);

	tcase_add_test(tcase, paths);
	tcase_add_test(tcase, named_group);
	tcase_add_test(tcase, process);
	return harness_run(suite);
}
