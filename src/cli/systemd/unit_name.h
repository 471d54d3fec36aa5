/* Names of the units of systemd. */
#ifndef KEEPALIVE_UNIT_NAME_H
#define KEEPALIVE_UNIT_NAME_H

#include "cli/base/failure.h"

enum { UNIT_NAME_SIZE = 256 };

/*
 * Reads the name of a service, to which .service is appended if it has no suffix. Returns false if
 * the word names no service.
 */
bool unit_name_read(const char *word, char name[UNIT_NAME_SIZE], struct failure *failure);

/* Returns true if it is a template, foo@.service, which does not run itself. */
bool unit_is_template(const char *name);

/* Finds foo@.service of foo@bar.service. Returns false if the name is not one of an instance. */
bool unit_template_of(const char *name, char template[UNIT_NAME_SIZE]);

#endif
