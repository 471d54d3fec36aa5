/* Why the kernel refuses BPF programs, by errno and release: also what no machine here would say.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#include "cli/groups/reason.h"
#include "lib/harness.h"

static const char *release;

/* In place of that of the C library. */
int uname(struct utsname *name)
{
	if (!release)
		return -1;
	memset(name, 0, sizeof *name);
	snprintf(name->release, sizeof name->release, "%s", release);
	return 0;
}

typedef const char *reason(int error);

static const struct {
	reason *why;
	int error;
	const char *release, *words;
} rows[] = {
	{ reason_not_loaded, ENOSYS, "6.1.0", "this kernel has no bpf()" },
	{ reason_not_loaded, EPERM, "5.8.18-generic",
	  "this kernel is Linux 5.8; 5.9 or later is needed" },
	{ reason_not_loaded, EPERM, "4.19.0", "this kernel is Linux 4.19; 5.9 or later is needed" },
	{ reason_not_loaded, EPERM, "5.10.0-28-amd64",
	  "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root has them), "
	  "and before Linux 5.11 a larger RLIMIT_MEMLOCK, or CAP_SYS_RESOURCE to raise it; a "
	  "security module (LSM) or a seccomp filter may refuse them, too" },
	{ reason_not_loaded, EPERM, "5.11.0",
	  "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root has them), "
	  "and a security module (LSM) or a seccomp filter may refuse them" },
	{ reason_not_loaded, EACCES, "5.10.0",
	  "the kernel does not accept the BPF programs: Linux 5.10 needs CAP_PERFMON, too, for "
	  "them (root has it)" },
	{ reason_not_loaded, EACCES, "6.1.0",
	  "the kernel does not accept the BPF programs: Permission denied" },
	{ reason_not_loaded, EACCES, NULL,
	  "the kernel does not accept the BPF programs: Permission denied" },
	{ reason_not_loaded, ENOMEM, "6.12.0",
	  "the kernel has no memory for BPF programs, or RLIMIT_MEMLOCK is too small" },
	{ reason_not_loaded, E2BIG, "6.18.0",
	  "the kernel does not accept the BPF programs: Argument list too long" },
	{ reason_not_attached, EPERM, "6.12.0",
	  "the kernel refuses: CAP_NET_ADMIN is needed, or a program of somebody else on this "
	  "control group, or one above it, allows no others" },
	{ reason_not_attached, E2BIG, "6.12.0", "it has as many programs as the kernel allows" },
	{ reason_not_attached, EINVAL, "6.12.0",
	  "this kernel is built without BPF programs for control groups (CONFIG_CGROUP_BPF)" },
	{ reason_not_attached, ENOENT, "6.12.0", "the control group has been removed" },
	{ reason_not_attached, ENODEV, "6.12.0", "No such device" },
	{ reason_not_seen, ENOSYS, "6.12.0", "this kernel has no bpf()" },
	{ reason_not_seen, EINVAL, "4.9.0", "this kernel is Linux 4.9; 5.9 or later is needed" },
	{ reason_not_seen, EINVAL, "6.12.0",
	  "this kernel is built without BPF programs for control groups (CONFIG_CGROUP_BPF)" },
	{ reason_not_seen, ENOENT, "6.12.0", "the control group has been removed" },
	{ reason_not_seen, EPERM, "6.12.0",
	  "its programs cannot be seen: CAP_BPF and CAP_NET_ADMIN are needed, and CAP_SYS_ADMIN if "
	  "it has any (root has them); a security module (LSM) or a seccomp filter may refuse it, "
	  "too" },
	{ reason_not_seen, ENODEV, NULL, "its programs cannot be seen: No such device" },
};

START_TEST(words)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		release = rows[i].release;
		ck_assert_str_eq(rows[i].why(rows[i].error), rows[i].words);
	}
}
END_TEST

START_TEST(reading)
{
	static const struct {
		const char *release;
		bool reads;
	} kernels[] = { { "5.19.17", false }, { "6.0", false }, { "6.1.0-rc1", true },
			{ "7.0.0", true },    { NULL, true },   { "unknown", true } };

	for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
		release = kernels[i].release;
		ck_assert_msg(kernel_reads_options() == kernels[i].reads, "%s", release);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("reason");
	TCase *tests = harness_case(suite, "reason", 10);

	tcase_add_test(tests, words);
	tcase_add_test(tests, reading);
	return harness_run(suite);
}
