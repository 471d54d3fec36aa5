/* The processes of a unit of systemd: those in its control group, and in the groups beneath it. */
#ifndef KEEPALIVE_UNIT_PROCESSES_H
#define KEEPALIVE_UNIT_PROCESSES_H

#include "cli/base/pids.h"

enum unit_error {
	UNIT_FINE,
	UNIT_NO_ANSWER, /* systemctl is missing, or systemd does not answer it */
	UNIT_UNKNOWN,   /* systemd has no such unit */
	UNIT_NOT_RUNNING,
	UNIT_EMPTY,      /* it is active, without any process: a wrapper of others, such as
			    postgresql.service */
	UNIT_UNREADABLE, /* its control group cannot be read; errno says why */
};

/*
 * Asks systemd for the control group of a unit (a whole name: nginx.service), and puts its path
 * below the root of the control groups into *group, to be freed. It stays the same as long as the
 * unit's Slice= does. Waits for systemctl.
 */
enum unit_error unit_control_group(const char *unit, char **group);

/*
 * Appends the ids of all processes in that group to *pids. UNIT_NOT_RUNNING if there are none, or
 * no such group. Processes outside of our own PID namespace have no id here, and are left out.
 */
enum unit_error control_group_processes(const char *group, struct pids *pids);

/* The same for the group whose directory is open as `fd`. */
enum unit_error control_group_processes_at(int fd, struct pids *pids);

/* Both in one. */
enum unit_error unit_processes(const char *unit, struct pids *pids);

/* The error in words that follow the unit's name and a colon: "unit not running". */
const char *unit_error_words(enum unit_error error);

#endif
