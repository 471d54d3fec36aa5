/* The systemd that runs on this machine, asked by systemctl. */
#ifndef KEEPALIVE_SYSTEMCTL_H
#define KEEPALIVE_SYSTEMCTL_H

#include <stdbool.h>

/* From now on the manager of the user who calls is asked, not the one of the system. */
void systemctl_ask_user_manager(void);

/* True if it runs here at all. */
bool systemd_runs(void);

/*
 * The properties (with commas between them) of a unit, a line NAME=VALUE each; to be freed. NULL
 * where it does not answer, be it because it has none of a template.
 */
char *systemctl_show(const char *unit, const char *properties);

/* Has it read its units again; false, after a message, if that failed. */
bool systemctl_reload(void);

/* Restarts a unit, or starts it; false, after a message, if that failed. */
bool systemctl_restart(const char *unit);

/* Prints the command by which a change of a unit, or of all instances of a template, takes effect.
 */
void systemctl_print_restart(const char *unit);

#endif
