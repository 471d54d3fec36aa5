/* To whom a process belongs, by the names of its control groups: a unit of systemd, a container. */
#ifndef KEEPALIVE_OWNER_H
#define KEEPALIVE_OWNER_H

#include <stdbool.h>
#include <sys/types.h>

enum owner_kind {
	OWNER_NONE,      /* neither: a kernel without systemd, or a group of another kind */
	OWNER_UNIT,      /* a service or scope of the system's manager */
	OWNER_USER_UNIT, /* of a user's own manager */
	OWNER_SESSION,   /* a login: session-3.scope */
	OWNER_CONTAINER, /* of docker, podman, Kubernetes, LXC, systemd-nspawn */
};

struct owner {
	enum owner_kind kind;
	char name[256]; /* of the unit; of a container the name or the first 12 digits of its id */
	char unit[256]; /* the unit that the container is in, if systemd knows one; else empty */
	/* The path of its control group of version 2; empty: none, longer, or not below ours. */
	char group[512];
};

/*
 * Fills in the owner of a process from /proc/PID/cgroup; OWNER_NONE if there is none, or if the
 * process has ended. Escapes in names stay as systemd writes them; what may not reach a terminal
 * or JSON is a question mark, but for the group.
 */
void owner_of_process(struct owner *owner, pid_t pid);

/* The same from the path of a control group. */
void owner_of_group(struct owner *owner, const char *path);

#endif
