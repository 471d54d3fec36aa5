/* The systemd that runs on this machine, asked by systemctl. */
#ifndef KEEPALIVE_SYSTEMCTL_H
#define KEEPALIVE_SYSTEMCTL_H

#include <stdbool.h>

/* From now on the manager of the user who calls is asked, not the one of the system. */
void systemctl_ask_user_manager(void);

/* Returns true if that manager runs here. */
bool systemd_runs(void);

/*
 * Returns the properties (with commas between them) of a unit, a line NAME=VALUE each, to be freed;
 * NULL if systemd does not answer, or if the unit is a template.
 */
char *systemctl_show(const char *unit, const char *properties);

/* Returns the value of a property in what systemctl_show returned, to be freed; NULL if it is not
 * there. */
char *systemctl_property(const char *lines, const char *name);

/* Returns true if a property is there and has that value. */
bool systemctl_property_is(const char *lines, const char *name, const char *expected);

/* Makes systemd read its units again. Returns false, after a message, if that failed. */
bool systemctl_reload(void);

/* Restarts a unit, or starts it. Returns false, after a message, if that failed. */
bool systemctl_restart(const char *unit);

/* Prints the command by which a change of a unit, or of all instances of a template, takes effect.
 */
void systemctl_print_restart(const char *unit);

#endif
