/* Why the kernel refuses BPF programs: by errno, and by its release. */
#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/groups/reason.h"
#include "lib/harness.h"

static const char *release;

/* In place of the C library's. */
int uname(struct utsname *name)
{
	memset(name, 0, sizeof *name);
	strncpy(name->release, release, sizeof name->release - 1);
	return 0;
}

static const struct row {
	const char *release;
	const char *(*reason)(int error);
	int error;
	const char *says;
} rows[] = {
	{ "5.8.0-1-amd64", reason_not_loaded, EINVAL,
	  "this kernel is Linux 5.8; 5.9 or later is needed" },
	{ "4.19.0-27-amd64", reason_not_seen, EINVAL,
	  "this kernel is Linux 4.19; 5.9 or later is needed" },
	{ "4.4.302", reason_not_loaded, EPERM, "this kernel is Linux 4.4; 5.9 or later is needed" },
	{ "4.4.302", reason_not_loaded, ENOSYS, "this kernel has no bpf()" },
	{ "6.1.0", reason_not_seen, ENOSYS, "this kernel has no bpf()" },
	{ "5.10.0-32-amd64", reason_not_loaded, EPERM,
	  "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root has them), "
	  "and before Linux 5.11 a larger RLIMIT_MEMLOCK, or CAP_SYS_RESOURCE to raise it; a "
	  "security module (LSM) or a seccomp filter may refuse them, too" },
	{ "5.10.0-32-amd64", reason_not_loaded, EACCES,
	  "the kernel does not accept the BPF programs: Linux 5.10 needs CAP_PERFMON, too, for them "
	  "(root has it)" },
	{ "5.11.0", reason_not_loaded, EPERM,
	  "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root has them), "
	  "and a security module (LSM) or a seccomp filter may refuse them" },
	{ "5.10.0-32-amd64", reason_not_loaded, ENOMEM,
	  "the kernel has no memory for BPF programs, or RLIMIT_MEMLOCK is too small" },
	{ "6.18.0", reason_not_loaded, E2BIG,
	  "the kernel does not accept the BPF programs: Argument list too long" },
	{ "odd", reason_not_loaded, EACCES,
	  "the kernel does not accept the BPF programs: Permission denied" },
	{ "6.1.0", reason_not_attached, EPERM,
	  "the kernel refuses: CAP_NET_ADMIN is needed, or a program of somebody else on this "
	  "control group, or one above it, allows no others" },
	{ "6.1.0", reason_not_attached, EINVAL,
	  "this kernel is built without BPF programs for control groups (CONFIG_CGROUP_BPF)" },
	{ "6.1.0", reason_not_attached, E2BIG, "it has as many programs as the kernel allows" },
	{ "6.1.0", reason_not_attached, ENOMEM, "Cannot allocate memory" },
	{ "6.1.0", reason_not_seen, EPERM,
	  "its programs cannot be seen: CAP_BPF and CAP_NET_ADMIN are needed, and CAP_SYS_ADMIN if "
	  "it has any" },
};

START_TEST(names_the_reason)
{
	release = rows[_i].release;
	ck_assert_str_eq(rows[_i].reason(rows[_i].error), rows[_i].says);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reason");
	TCase *tcase = harness_case(suite, "reason", 10);

	tcase_add_loop_test(tcase, names_the_reason, 0, sizeof rows / sizeof *rows);
	release = "6.1.0";
	return harness_run(suite);
}
