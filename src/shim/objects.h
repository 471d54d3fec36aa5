/* The shared objects of the process, looked through without dlsym. */
#ifndef KEEPALIVE_OBJECTS_H
#define KEEPALIVE_OBJECTS_H

#include <stdbool.h>

/*
 * The function of that name in the first object that was loaded behind ours, which is what
 * dlsym(RTLD_NEXT) gives; NULL if there is none, or no way to tell. For C libraries whose dlsym is
 * in a library of its own that the program did not load (glibc before 2.34), and for when dlsym
 * gives nothing of use. Takes the loader's lock, and is for start-up only.
 */
void *objects_next(const char *name);

/*
 * True unless the address lies in our own object or in one that was loaded before it: to call a
 * function there could lead back to us, and never end. For start-up only, too.
 */
bool objects_is_behind(const void *address);

#endif
