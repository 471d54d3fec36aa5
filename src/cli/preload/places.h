/* The directories in which loaders look for libraries. */
#ifndef KEEPALIVE_PLACES_H
#define KEEPALIVE_PLACES_H

enum { LIBRARY_PLACES = 20 };

/*
 * What $LIB of glibc stands for, by architecture and distribution, relative to / or a prefix; NULL
 * ends the list. That of the command's own architecture comes first.
 */
extern const char *const library_places[LIBRARY_PLACES + 1];

#endif
