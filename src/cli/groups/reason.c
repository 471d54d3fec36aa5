/* Why the kernel refuses BPF programs, as half a sentence for errno. */
#include "cli/groups/reason.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* bpf_setsockopt() knows the options of keepalive from this release on. */
enum { MAJOR = 5, MINOR = 9 };

static const char *if_old(void)
{
	static char words[256];
	struct utsname name;
	int major, minor;

	if (uname(&name) || sscanf(name.release, "%d.%d", &major, &minor) != 2 || major > MAJOR ||
	    (major == MAJOR && minor >= MINOR))
		return NULL;
	snprintf(words, sizeof words, "this kernel is Linux %d.%d; %d.%d or later is needed", major,
		 minor, MAJOR, MINOR);
	return words;
}

const char *reason_not_loaded(int error)
{
	static char words[256];
	const char *old = if_old();

	if (error == ENOSYS)
		return "this kernel has no bpf()";
	if (old)
		return old;
	if (error == EPERM)
		return "the kernel refuses BPF programs: CAP_BPF and CAP_NET_ADMIN are needed (root "
		       "has them), and a security module (LSM) or a seccomp filter may refuse them";
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
		return "this kernel is built without BPF programs for control groups "
		       "(CONFIG_CGROUP_BPF)";
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
		return "its programs cannot be seen: CAP_SYS_ADMIN and CAP_NET_ADMIN are needed";
	snprintf(words, sizeof words, "its programs cannot be seen: %s", strerror(error));
	return words;
}
