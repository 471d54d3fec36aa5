/* Names of the units of systemd. */
#ifndef KEEPALIVE_UNIT_NAME_H
#define KEEPALIVE_UNIT_NAME_H

#include "cli/base/failure.h"

enum { UNIT_NAME_SIZE = 256 };

/* Returns false for a pattern, and for other characters that names of units do not have. */
bool unit_name_is_plain(const char *name);

/*
 * Reads the name of a service, to which .service is appended if it has no suffix, or with `sockets`
 * that of a socket. Returns false if the word names neither.
 */
bool unit_name_read(const char *word, bool sockets, char name[UNIT_NAME_SIZE],
		    struct failure *failure);

/* Returns the quotation mark that a shell needs around the name: "'" for foo\x2dbar, else "". */
const char *unit_name_quote(const char *name);

bool unit_is_socket(const char *name);

/* Returns the section of its files that is read: "Service" or "Socket". */
const char *unit_section(const char *name);

/* Returns true if it is a template, foo@.service, which does not run itself. */
bool unit_is_template(const char *name);

/* Finds foo@.service of foo@bar.service. Returns false if the name is not one of an instance. */
bool unit_template_of(const char *name, char template[UNIT_NAME_SIZE]);

#endif
