/* Why the kernel refuses BPF programs, as half a sentence for errno. */
#include "cli/groups/reason.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* bpf_setsockopt() knows the options of keepalive from this release on. */
enum { MAJOR = 5, MINOR = 9 };

/* Before this one, memory of BPF programs counts against RLIMIT_MEMLOCK, and EPERM says so. */
enum { FREE_MAJOR = 5, FREE_MINOR = 11 };

/* Tried without CAP_PERFMON, with success; 5.10 does not let a program compare pointers then. */
enum { SURE_MAJOR = 6, SURE_MINOR = 1 };

/* The kernel is asked for the programs of a group first: it answers so in each function below. */
static const char without_groups[] =
	"this kernel is built without BPF programs for control groups (CONFIG_CGROUP_BPF)";
static const char gone[] = "the control group has been removed";

/* Fills in the release, and returns true if it is known and older than that one. */
static bool is_older(int than_major, int than_minor, int *major, int *minor)
{
	struct utsname name;

	return !uname(&name) && sscanf(name.release, "%d.%d", major, minor) == 2 &&
	       (*major < than_major || (*major == than_major && *minor < than_minor));
}

bool kernel_reads_options(void)
{
	int major, minor;

	return !is_older(SURE_MAJOR, SURE_MINOR, &major, &minor);
}

static const char *if_old(void)
{
	static char words[256];
	int major, minor;

	if (!is_older(MAJOR, MINOR, &major, &minor))
		return NULL;
	snprintf(words, sizeof words, "this kernel is Linux %d.%d; %d.%d or later is needed", major,
		 minor, MAJOR, MINOR);
	return words;
}

/* What EPERM means. */
static const char *refused(void)
{
	int major, minor;

	if (is_older(FREE_MAJOR, FREE_MINOR, &major, &minor))
		return "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed "
		       "(root has them), and before Linux 5.11 a larger RLIMIT_MEMLOCK, or "
		       "CAP_SYS_RESOURCE to raise it; a security module (LSM) or a seccomp filter "
		       "may refuse them, too";
	return "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root has "
	       "them), and a security module (LSM) or a seccomp filter may refuse them";
}

const char *reason_not_loaded(int error)
{
	static char words[256];
	const char *old = if_old();
	int major, minor;

	if (error == ENOSYS)
		return "this kernel has no bpf()";
	if (old)
		return old;
	if (error == EPERM)
		return refused();
	if (error == EACCES && is_older(SURE_MAJOR, SURE_MINOR, &major, &minor))
		return "the kernel does not accept the BPF programs: Linux 5.10 needs CAP_PERFMON, "
		       "too, for them (root has it)";
	if (error == ENOMEM)
		return "the kernel has no memory for BPF programs, or RLIMIT_MEMLOCK is too small";
	snprintf(words, sizeof words, "the kernel does not accept the BPF programs: %s",
		 strerror(error));
	return words;
}

const char *reason_not_attached(int error)
{
	static char words[256];

	if (error == EPERM)
		return "the kernel refuses: CAP_NET_ADMIN is needed, or a program of somebody else "
		       "on this control group, or one above it, allows no others";
	if (error == EINVAL)
		return without_groups;
	if (error == ENOENT)
		return gone;
	if (error == E2BIG)
		return "it has as many programs as the kernel allows";
	snprintf(words, sizeof words, "%s", strerror(error));
	return words;
}

const char *reason_not_seen(int error)
{
	static char words[256];
	const char *old = if_old();

	if (error == ENOSYS)
		return "this kernel has no bpf()";
	if (old)
		return old;
	if (error == EPERM)
		return "its programs cannot be seen: CAP_BPF and CAP_NET_ADMIN are needed, and "
		       "CAP_SYS_ADMIN if it has any (root has them); a security module (LSM) or a "
		       "seccomp filter may refuse it, too";
	if (error == EINVAL)
		return without_groups;
	if (error == ENOENT)
		return gone;
	snprintf(words, sizeof words, "its programs cannot be seen: %s", strerror(error));
	return words;
}
