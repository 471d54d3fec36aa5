/* What audit found, as metrics in Prometheus' text format. */
#ifndef KEEPALIVE_METRICS_H
#define KEEPALIVE_METRICS_H

#include <stdio.h>

#include "cli/ui/services.h"

/* Writes them, by what netlink reports alone. */
void metrics_write(const struct services *services, FILE *to);

/* Returns false if there is something that a file must not replace: a device, a link. */
bool metrics_may_replace(const char *path);

/*
 * Writes them into a file that everybody may read, in place of an older one: whoever reads it sees
 * the old one or the whole new one. Returns false and errno on failure; then the old one stays.
 */
bool metrics_replace(const struct services *services, const char *path);

#endif
