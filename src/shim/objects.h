/* The shared objects of the process, looked through without dlsym. */
#ifndef KEEPALIVE_OBJECTS_H
#define KEEPALIVE_OBJECTS_H

#include <stdbool.h>

enum { OBJECT_NAMES = 32 };

/*
 * For each of the names, which are up to OBJECT_NAMES, the function in the first object that was
 * loaded after ours, which is what dlsym(RTLD_NEXT) gives, at less cost for all of them at once. An
 * object with a hash table of the old kind alone cannot be looked into, and where one has an
 * STT_GNU_IFUNC only the loader can say which function that is: what comes after these is in
 * guessed[] in place of found[]. NULL where there is none, or no way to tell. Takes the loader's
 * lock, and is for start-up only.
 */
void objects_next(const char *const *names, void **found, void **guessed, int count);

/*
 * True unless the address lies in our own object or in one that was loaded before it: to call a
 * function there could lead back to us, and never end. For start-up only, too.
 */
bool objects_is_after_us(const void *address);

#endif
