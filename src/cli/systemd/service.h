/* A service or socket of systemd: what its files say that concerns preloading and BPF programs. */
#ifndef KEEPALIVE_SERVICE_H
#define KEEPALIVE_SERVICE_H

#include "cli/base/root.h"
#include "cli/systemd/assignments.h"

struct service {
	const struct root *root;
	const char *name;
	char *preload;                 /* LD_PRELOAD before our drop-in, or NULL */
	struct assignments later;      /* of Environment= after our drop-in */
	struct assignments resets;     /* where Environment= is emptied after it; no words */
	struct assignments pre_resets; /* the same of ExecStartPre= */
	struct assignments from_files; /* in the files of EnvironmentFile= */
	struct assignments unset;      /* the words of UnsetEnvironment=: NAME or NAME=VALUE */
	struct assignments commands;   /* the values of ExecStart= as they are written */
	struct assignments settings;   /* of all other keys of [Service] or [Socket] */
};

#endif
